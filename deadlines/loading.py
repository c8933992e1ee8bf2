"""The working calendar from the product's own table (R1)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from deadlines.calendar import WorkingCalendar, library_calendar
from deadlines.models import CalendarDay, CalendarEdition, PublishedYear

_copy: tuple[UUID, WorkingCalendar] | None = None
_held: ContextVar[_Held | None] = ContextVar("deadlines_calendar", default=None)
LOCK = 20260402
"""Advisory lock: shared by who writes dates counted by the calendar, exclusive for who changes it."""


@dataclass
class _Held:
    stable: bool
    calendar: WorkingCalendar | None = None


@contextmanager
def held(*, stable: bool = False) -> Iterator[None]:
    """Within it the table is asked once whether it has changed: for an act, a sweep or a page that computes many dates in one breath.

    With ``stable``, for who writes what is computed: nobody changes the table before the end of the transaction, so that
    whoever changes it finds every row that was written by the older one (R1).
    """
    token = _held.set(_Held(stable))
    try:
        yield
    finally:
        _held.reset(token)


def let_go() -> None:
    """The table has been changed within."""
    kept = _held.get()
    if kept is not None:
        kept.calendar = None


def wait_for_writers() -> None:
    """Before a change of the table, to its end: whoever still writes by the older one comes first; one change at a time."""
    _lock("pg_advisory_xact_lock")


def _lock(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"select {function}(%s)", [LOCK])


def working_calendar() -> WorkingCalendar:
    """The calendar as the table stands, cached in this process until its token changes: one small query each time.

    A database whose table was never filled (a new replay) has the library's calendar. Lists fetch the calendar once and hand it down.
    """
    kept = _held.get()
    if kept is None:
        return _as_the_table_stands()
    if kept.calendar is None:
        if kept.stable:
            _lock("pg_advisory_xact_lock_shared")
        kept.calendar = _as_the_table_stands()
    return kept.calendar


def _as_the_table_stands() -> WorkingCalendar:
    global _copy
    token = CalendarEdition.objects.values_list("token", flat=True).first()
    if token is None:
        return library_calendar()
    if _copy is None or _copy[0] != token:
        _copy = (token, read_calendar())
    return _copy[1]


def read_calendar() -> WorkingCalendar:
    """The calendar read afresh: the last statement about each day, a person's overruling before any arrangement."""
    stated = CalendarDay.objects.order_by("id").values_list("day", "working", "source")
    overruled = {day: working for day, working, source in stated if source == CalendarDay.Source.OVERRIDE}
    arranged = {day: working for day, working, source in stated if source != CalendarDay.Source.OVERRIDE}
    return WorkingCalendar({**arranged, **overruled}, PublishedYear.objects.values_list("year", flat=True))
