"""Shared by all tests; the hostile settings are in tests/settings.py, the pytest options in pyproject.toml."""
