"""Acts that record adverse facts; bans follow from them by themselves (R4)."""

from standing.acts import dishonest, paper, penalties  # noqa: F401
