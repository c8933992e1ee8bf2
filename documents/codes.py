"""Verification codes: short enough to type from paper, too many to guess (12 places of 32 letters and digits, 60 bits)."""

import secrets

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 12


def new_code() -> str:
    """A fresh random code."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def readable_code(code: str) -> str:
    """The code in groups of four, as printed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def normalised(typed: str) -> str:
    """What somebody typed, as the code is stored: no spaces or hyphens, capital letters."""
    return "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())
