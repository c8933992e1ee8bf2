"""Days of what an institution asks for of its own will (M42.4, M44.1, R1, R9). Pure."""

from __future__ import annotations

from datetime import date, timedelta

from deadlines.periods import add_months, advance_notice_last_day

NOTICE_MONTHS = 3


def in_time(asked_on: date, effect: date) -> bool:
    """Whether an effect is asked for at least 3 months ahead."""
    return asked_on <= advance_notice_last_day(effect, NOTICE_MONTHS)


def earliest_effect(asked_on: date) -> date:
    """The first day that can still be asked for: 3 months ahead, and a little more where the month has no such day."""
    day = add_months(asked_on, NOTICE_MONTHS)
    while not in_time(asked_on, day):
        day += timedelta(days=1)
    return day
