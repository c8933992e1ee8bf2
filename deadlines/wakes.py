"""When a timer must look at a deadline row next. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from deadlines import clock


def due_moment(due_on: date) -> datetime:
    """The moment a due day is over: 00:00 of the next day (R1: a day ends at 24:00)."""
    return clock.at(due_on + timedelta(days=1))


def marks(due_on: date, starts_on: date | None, warn_days: Iterable[int]) -> list[int]:
    """The days-before at which a warning is sent, largest first: only those that fall after the deadline began to run."""
    return sorted((n for n in warn_days if starts_on is None or due_on - timedelta(days=n) > starts_on), reverse=True)


def next_wake(
    *,
    nature: str,
    state: str,
    due_on: date | None,
    starts_on: date | None,
    fired: bool,
    warned: Iterable[int],
    warn_days: Iterable[int],
) -> datetime | None:
    """The next warning, else the moment the due day is over; None when nothing will happen any more."""
    if fired or due_on is None or state in ("cancelled", "paused") or (nature == "duty" and state == "met"):
        return None
    waiting = [n for n in marks(due_on, starts_on, warn_days) if n not in set(warned)]
    return clock.at(due_on - timedelta(days=waiting[0])) if waiting else due_moment(due_on)


def collapsed_mark(due_on: date, starts_on: date | None, warn_days: Iterable[int], warned: Iterable[int], today: date) -> int | None:
    """Of the warnings that have come due and were not sent, the latest one that still applies; the others are not caught up."""
    days_left = (due_on - today).days
    unsent = [n for n in marks(due_on, starts_on, warn_days) if n >= days_left and n not in set(warned)]
    return unsent[-1] if unsent and days_left >= 0 else None
