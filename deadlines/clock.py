"""The legal clock. Nobody asks the machine for a business date: all ask here, so that a case can be replayed on its own days."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[datetime | None] = ContextVar("deadlines_frozen_moment", default=None)


def now() -> datetime:
    """This moment in Asia/Shanghai (the head of readings.md: days are days of Asia/Shanghai), or the frozen one."""
    return _frozen.get() or datetime.now(SHANGHAI)


def today() -> date:
    """The business date: the day of Asia/Shanghai, which ends at 24:00 there."""
    return now().date()


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """The moment of that hour and minute of a business date, in Asia/Shanghai."""
    return datetime.combine(day, time(hour, minute), SHANGHAI)


@contextmanager
def frozen(moment: datetime) -> Iterator[datetime]:
    """Hold the clock at one moment; nests. It holds in this thread of control only: a new thread runs on real time."""
    if moment.tzinfo is None:
        raise ValueError("frozen() needs a moment with a time zone; clock.at(day, hour, minute) makes one")
    token = _frozen.set(moment.astimezone(SHANGHAI))
    try:
        yield now()
    finally:
        _frozen.reset(token)
