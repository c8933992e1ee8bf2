"""A page asks the same statements whatever sorts of rows it happens to show, so that it costs the same for any number of them."""

from collections.abc import Iterable

NOBODY = 0  # an id that no row has


def asked(ids: Iterable[int | None]) -> list[int]:
    """The ids to ask for; for none one that no row has, because the ORM would leave the statement out."""
    return [pk for pk in ids if pk is not None] or [NOBODY]
