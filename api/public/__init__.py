"""What everybody may ask without a token (M34)."""
