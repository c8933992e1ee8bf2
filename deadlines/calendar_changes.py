"""Changing the working-day table: seeding, a year's arrangement, one overruled day; open deadlines follow (R1)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Protocol
from uuid import uuid4

from django.db import transaction

from deadlines import clock, loading
from deadlines.calendar import library_calendar
from deadlines.models import CalendarDay, CalendarEdition, PublishedYear

logger = logging.getLogger(__name__)

Source = CalendarDay.Source


class Person(Protocol):
    """Who changes a day: an offices.actors.Actor."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def user_name(self) -> str: ...


_listeners: list[Callable[[], None]] = []


def on_calendar_change(recompute: Callable[[], None]) -> Callable[[], None]:
    """Register what must be computed again, or marked to be, after any change of the calendar; called after the commit, at least once.

    The deadlines themselves need no listener: the sweep derives every open case anew.
    """
    if recompute not in _listeners:
        _listeners.append(recompute)
    return recompute


def overrule(day: date, working: bool, by: Person, reason: str) -> CalendarDay:
    """A person states whether one day is a working day; it stands against any arrangement, before or after it."""
    if not reason.strip():
        raise ValueError("改定工作日必须说明理由。")
    if not by.user_name:
        raise ValueError("改定工作日必须有改定人。")
    with _changing():
        return CalendarDay.objects.create(
            day=day,
            working=working,
            source=Source.OVERRIDE,
            by_id=by.user_id,
            by_name=by.user_name,
            reason=reason.strip(),
            recorded_at=clock.now(),
        )


def seed() -> list[int]:
    """Take the library's years into the table, and what the library has since learnt about a year it gave; the years that changed.

    An imported year is the office's own and stays as it is.
    """
    with _changing() as filled:
        return filled or _seed()


def publish(days: Mapping[date, bool], source: str = Source.IMPORT) -> tuple[list[int], list[CalendarDay]]:
    """Take in the State Council's arrangement: the years that it publishes, and the overrulings it disagrees with (they stand).

    A year is published when the days state its New Year, 1 May and 1 October as off; what was stated of it before and is not
    stated now falls back to Monday-to-Friday. Days of any other year (the make-up Sunday before New Year) only add to that year.
    """
    with _changing():
        years = sorted(year for year in {day.year for day in days} if _is_arrangement(year, days))
        for year in years:
            _publish_year(year, {day: working for day, working in days.items() if day.year == year}, source)
        _state({day: working for day, working in days.items() if day.year not in years}, _arranged(), source)
        overruled = CalendarDay.objects.filter(source=Source.OVERRIDE, day__in=days).order_by("day", "-id").distinct("day")
        return years, [row for row in overruled if row.working != days[row.day]]


def recompute_pending() -> bool:
    """Run what was registered if the calendar changed since it last ran; the tick calls this too, so a lost process loses nothing."""
    edition = CalendarEdition.objects.first()
    if edition is None or edition.token == edition.recomputed:
        return False
    for recompute in _listeners:
        recompute()
    # Compare and swap: a change made meanwhile keeps its own claim to be recomputed.
    return bool(CalendarEdition.objects.filter(token=edition.token).update(recomputed=edition.token))


@contextmanager
def _changing() -> Iterator[list[int]]:
    """One writer at a time; an empty table is filled from the library first (yielded: those years).

    If anything changed, every process's copy becomes old, and deadlines follow after the commit.
    """
    with transaction.atomic():
        loading.wait_for_writers()
        CalendarEdition.objects.get_or_create(id=1, defaults={"token": uuid4()})
        before = _extent()
        yield [] if PublishedYear.objects.exists() else _seed()
        if _extent() != before:
            CalendarEdition.objects.filter(id=1).update(token=uuid4())
            loading.let_go()
            transaction.on_commit(_recompute_logged)


def _extent() -> tuple[int, int]:
    """Both tables only ever grow."""
    return CalendarDay.objects.count(), PublishedYear.objects.count()


def _recompute_logged() -> None:
    """After a commit there is nothing left to refuse: a failure is logged and the next tick tries again."""
    try:
        recompute_pending()
    except Exception:
        logger.exception("recomputing deadlines after a change of the calendar failed; the next tick tries again")


def _seed() -> list[int]:
    library = library_calendar()
    imported = set(PublishedYear.objects.filter(source=Source.IMPORT).values_list("year", flat=True))
    changed = []
    for year in sorted(library.published_years - imported):
        if _publish_year(year, {day: working for day, working in library.days.items() if day.year == year}, Source.LIBRARY):
            changed.append(year)
    return changed


def _publish_year(year: int, days: Mapping[date, bool], source: str) -> bool:
    """State a year's arrangement; False if it was stated just so already."""
    before = {day: working for day, working in _arranged().items() if day.year == year}
    fallen_back = {day: day.weekday() < 5 for day in before if day not in days}
    stated = _state({**days, **fallen_back}, before, source)
    published, new = PublishedYear.objects.get_or_create(year=year, defaults={"source": source, "recorded_at": clock.now()})
    if published.source != source:
        PublishedYear.objects.filter(pk=published.pk).update(source=source, recorded_at=clock.now())
    return stated or new


def _state(days: Mapping[date, bool], before: Mapping[date, bool], source: str) -> bool:
    """Append a row for each day that is not already arranged so."""
    rows = [
        CalendarDay(day=day, working=working, source=source, recorded_at=clock.now())
        for day, working in sorted(days.items())
        if before.get(day) != working
    ]
    CalendarDay.objects.bulk_create(rows)
    return bool(rows)


def _arranged() -> dict[date, bool]:
    """The last arrangement of each day, overrulings left aside."""
    rows = CalendarDay.objects.exclude(source=Source.OVERRIDE).order_by("id").values_list("day", "working")
    return dict(rows)


def _is_arrangement(year: int, days: Mapping[date, bool]) -> bool:
    return all(days.get(date(year, month, 1)) is False for month in (1, 5, 10))
