"""What one act, or one page, has read and may use again: a case's facts are folded once, until a fact is written.

Outside nothing is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar, cast

from deadlines import loading as working_days
from offices import settings as office_settings

Answer = TypeVar("Answer")
_read: ContextVar[dict[Hashable, object] | None] = ContextVar("casework_read", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """One act on one locked case; one page that only reads."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)
        forget()  # of an act within an act


@contextmanager
def reading() -> Iterator[None]:
    """What only reads, a page or a question: settings, the calendar and each case's facts are asked for once."""
    with office_settings.remembered(), working_days.held(), remembered():
        yield


def once(name: Hashable, read: Callable[[], Answer]) -> Answer:
    """The answer read before, if no fact has been written since."""
    known = _read.get()
    if known is None:
        return read()
    if name not in known:
        known[name] = read()
    return cast("Answer", known[name])


def forget() -> None:
    """A fact has been written or voided."""
    known = _read.get()
    if known is not None:
        known.clear()
