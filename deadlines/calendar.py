"""Working days (R1): Monday to Friday without the State Council's holidays, plus its make-up working days (调休). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""Month and day of the holidays whose date does not hang on the moon: all that is known of a year before its arrangement (R1)."""

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingCalendar:
    """The working days of every year.

    `days` holds the days that differ from Monday-to-Friday (or any others that were stated); `published_years` are the years
    whose arrangement is known. In any other year only weekends and the fixed-date holidays are off, and its days are provisional (R1).
    """

    days: Mapping[date, bool]
    published_years: frozenset[int]

    def __init__(self, days: Mapping[date, bool], published_years: Iterable[int]) -> None:
        object.__setattr__(self, "days", dict(days))
        object.__setattr__(self, "published_years", frozenset(published_years))

    def is_working(self, day: date) -> bool:
        """Whether the day is a working day (R1)."""
        stated = self.days.get(day)
        if stated is not None:
            return stated
        if day.weekday() >= 5:
            return False
        return day.year in self.published_years or (day.month, day.day) not in FIXED_HOLIDAYS

    def is_provisional(self, day: date) -> bool:
        """Whether the arrangement of the day's year is not yet published, so that the answer may still change (R1)."""
        return day.year not in self.published_years

    def next_working(self, day: date) -> date:
        """The day itself if it is a working day, else the first working day after it (R1; Civil Code 203)."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def add_working_days(self, day: date, n: int) -> date:
        """The nth working day after `day`, which is not counted (R1; Civil Code 201). 0 gives the day itself."""
        if n < 0:
            raise ValueError("a number of working days cannot be negative")
        for _ in range(n):
            day = self.next_working(day + ONE_DAY)
        return day

    def working_days_between(self, a: date, b: date) -> int:
        """How many working days there are after `a` through `b` (0 if b is not later): the opposite of add_working_days (R1)."""
        return sum(self.is_working(a + timedelta(days=n)) for n in range(1, (b - a).days + 1))


@lru_cache(maxsize=1)
def library_calendar() -> WorkingCalendar:
    """The calendar of the maintained library alone, without a database: the seed of the product's own table, and for tests (R1)."""
    from chinese_calendar.constants import holidays, workdays

    days = {**dict.fromkeys(holidays, False), **dict.fromkeys(workdays, True)}
    return WorkingCalendar(days, library_years())


@lru_cache(maxsize=1)
def library_years() -> frozenset[int]:
    """The years whose arrangement the library knows."""
    from chinese_calendar.constants import holidays

    return frozenset(day.year for day in holidays)
