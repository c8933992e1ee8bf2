"""A case file that cannot be used: the message names file, step and field (exit status 2)."""

from __future__ import annotations


class Unusable(Exception):
    """What is wrong, and where in the file; the reader of the file adds its name."""

    def __init__(self, message: str, where: str = ""):
        self.message, self.where = message, where
        super().__init__(f"{where}:{message}" if where else message)

    def inside(self, where: str) -> Unusable:
        """The same complaint, one level further out."""
        return Unusable(self.message, f"{where},{self.where}" if self.where else where)
