"""Working days of published and of provisional years."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadlines.calendar import WorkingCalendar, library_calendar

# The State Council's arrangements, written down from its notices: days off (besides plain weekends) and make-up working days.
OFF = """
2022-01-03 2022-01-31 2022-02-01 2022-02-02 2022-02-03 2022-02-04 2022-04-04 2022-04-05 2022-05-02 2022-05-03 2022-05-04 2022-06-03
2022-09-12 2022-10-03 2022-10-04 2022-10-05 2022-10-06 2022-10-07
2023-01-02 2023-01-23 2023-01-24 2023-01-25 2023-01-26 2023-01-27 2023-04-05 2023-05-01 2023-05-02 2023-05-03 2023-06-22 2023-06-23
2023-09-29 2023-10-02 2023-10-03 2023-10-04 2023-10-05 2023-10-06
2024-01-01 2024-02-12 2024-02-13 2024-02-14 2024-02-15 2024-02-16 2024-04-04 2024-04-05 2024-05-01 2024-05-02 2024-05-03 2024-06-10
2024-09-16 2024-09-17 2024-10-01 2024-10-02 2024-10-03 2024-10-04 2024-10-07
2025-01-01 2025-01-28 2025-01-29 2025-01-30 2025-01-31 2025-02-03 2025-02-04 2025-04-04 2025-05-01 2025-05-02 2025-05-05 2025-06-02
2025-10-01 2025-10-02 2025-10-03 2025-10-06 2025-10-07 2025-10-08
2026-01-01 2026-01-02 2026-02-16 2026-02-17 2026-02-18 2026-02-19 2026-02-20 2026-02-23 2026-04-06 2026-05-01 2026-05-04 2026-05-05
2026-06-19 2026-09-25 2026-10-01 2026-10-02 2026-10-05 2026-10-06 2026-10-07
"""
MAKE_UP = """
2022-01-29 2022-01-30 2022-04-02 2022-04-24 2022-05-07 2022-10-08 2022-10-09
2023-01-28 2023-01-29 2023-04-23 2023-05-06 2023-06-25 2023-10-07 2023-10-08
2024-02-04 2024-02-18 2024-04-07 2024-04-28 2024-05-11 2024-09-14 2024-09-29 2024-10-12
2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11
2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10
"""


@pytest.mark.clause("R1")
def test_the_seed_agrees_with_the_notices_of_five_years_on_every_day() -> None:
    off, make_up = set(OFF.split()), set(MAKE_UP.split())
    calendar = library_calendar()
    day, wrong = date(2022, 1, 1), []
    while day <= date(2026, 12, 31):
        expected = str(day) in make_up or (day.weekday() < 5 and str(day) not in off)
        if calendar.is_working(day) != expected:
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


@pytest.mark.clause("R1")
@given(st.dates(date(2030, 1, 1), date(2060, 12, 31)))
def test_an_unpublished_year_counts_weekends_and_fixed_holidays_only(day: date) -> None:
    calendar = WorkingCalendar({}, [])
    fixed = day.strftime("%m-%d") in {"01-01", "05-01", "05-02", "10-01", "10-02", "10-03"}
    assert calendar.is_working(day) == (day.isoweekday() <= 5 and not fixed)
    assert calendar.is_provisional(day)


@pytest.mark.clause("R1")
def test_a_stated_day_counts_in_any_year() -> None:
    sunday, monday = date(2031, 1, 5), date(2031, 1, 6)
    calendar = WorkingCalendar({sunday: True, monday: False}, [])
    assert calendar.is_working(sunday)
    assert not calendar.is_working(monday)
    assert calendar.is_provisional(sunday)


@pytest.mark.clause("R1")
def test_a_published_year_is_not_provisional() -> None:
    assert not library_calendar().is_provisional(date(2026, 12, 31))


def test_a_negative_number_of_working_days_is_an_error() -> None:
    with pytest.raises(ValueError, match="negative"):
        library_calendar().add_working_days(date(2026, 3, 2), -1)
