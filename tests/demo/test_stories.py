"""The stories are told in days before today: they must make sense whatever day is today."""

from datetime import date, timedelta

import pytest

from deadlines.calendar import library_calendar
from demo.days import Days
from demo.stories import stories
from demo.telling import in_order

DAYS = [date(2025, 12, 20) + timedelta(days=9 * n) for n in range(60)]
ODD = [date(2024, 2, 29), date(2025, 2, 5), date(2025, 10, 8), date(2026, 1, 1), date(2026, 8, 31), date(2026, 12, 31), date(2027, 10, 3)]


@pytest.mark.parametrize("today", [*DAYS, *ODD], ids=str)
def test_everything_happens_in_order_on_working_days_before_today(today: date) -> None:
    calendar = library_calendar()
    days = Days(today, calendar)
    told = stories(days)
    events = [event for story in told for event in in_order(story.events)]
    assert all(event.on < today and calendar.is_working(event.on) for event in events)
    assert min(event.on for event in events) >= date(2022, 1, 1)


def test_days_going_back_are_an_error() -> None:
    days = Days(date(2026, 3, 2), library_calendar())
    story = next(story for story in stories(days) if len(story.events) > 2)
    with pytest.raises(ValueError, match="days go back"):
        in_order(reversed(story.events))


@pytest.mark.clause("R1")
def test_days_are_counted_as_working_days() -> None:
    after_national_day = Days(date(2025, 10, 9), library_calendar())
    assert after_national_day.ago(1) == date(2025, 9, 30)
    assert after_national_day.after(date(2025, 9, 30), 1) == date(2025, 10, 9)
    assert after_national_day.back(days=5) == date(2025, 9, 30)  # the next working day would be today
    assert after_national_day.back(months=1) == date(2025, 9, 9)
