"""Periods as readings R1 and R13 word them, written anew: nothing here comes from the product."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

Working = Callable[[date], bool]


def plus_days(day: date, days: int) -> date:
    return day + timedelta(days=days)


def plus_months(day: date, months: int) -> date:
    """The corresponding day so many months on (back, if negative), or that month's last day where there is none."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def plus_years(day: date, years: int) -> date:
    return plus_months(day, 12 * years)


def plus_working_days(day: date, count: int, working: Working) -> date:
    """The count-th working day after a day; the day itself is not counted."""
    while count:
        day += timedelta(days=1)
        count -= working(day)
    return day


def act_by(day: date, working: Working) -> date:
    """A last day that is not a working day moves to the next one."""
    while not working(day):
        day += timedelta(days=1)
    return day


def term_of_years(first: date, years: int) -> date:
    """Last day of a term: the day before the corresponding one; from Feb 29, the last day of February."""
    there = plus_years(first, years)
    return there if there.day != first.day else there - timedelta(days=1)


def latest_notice(effect: date) -> date:
    """Last day to ask for something with effect on a day: three months ahead of it; nothing moves."""
    return plus_months(effect, -3)
