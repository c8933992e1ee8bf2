"""The working calendar from the product's own table (R1)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from deadlines.calendar import WorkingCalendar, library_calendar
from deadlines.models import CalendarDay, CalendarEdition, PublishedYear

_copy: tuple[UUID, WorkingCalendar] | None = None
_held: ContextVar[list[WorkingCalendar] | None] = ContextVar("deadlines_calendar", default=None)


@contextmanager
def held() -> Iterator[None]:
    """Within it the table is asked once whether it has changed: for an act or a sweep that computes many dates in one breath."""
    token = _held.set([])
    try:
        yield
    finally:
        _held.reset(token)


def let_go() -> None:
    """The table has been changed within."""
    kept = _held.get()
    if kept is not None:
        kept.clear()


def working_calendar() -> WorkingCalendar:
    """The calendar as the table stands, cached in this process until its token changes: one small query each time.

    A database whose table was never filled (a new replay) has the library's calendar. Lists fetch the calendar once and hand it down.
    """
    kept = _held.get()
    if kept:
        return kept[0]
    calendar = _as_the_table_stands()
    if kept is not None:
        kept.append(calendar)
    return calendar


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
