"""When a timer looks at a row: warnings, the end of the due day, nothing any more."""

from datetime import date

import pytest

from deadlines import clock
from deadlines.wakes import collapsed_mark, next_wake

DUE = date(2026, 3, 20)
ROW: dict[str, object] = {
    "nature": "duty",
    "state": "open",
    "due_on": DUE,
    "starts_on": None,
    "fired": False,
    "warned": [],
    "warn_days": (15, 7, 3, 1),
}


def wake(**changes: object) -> object:
    return next_wake(**{**ROW, **changes})  # type: ignore[arg-type]


@pytest.mark.clause("M9.2")
def test_warnings_come_first_then_the_end_of_the_due_day() -> None:
    assert wake() == clock.at(date(2026, 3, 5))
    assert wake(warned=[15]) == clock.at(date(2026, 3, 13))
    assert wake(warned=[15, 7, 3]) == clock.at(date(2026, 3, 19))
    assert wake(warned=[15, 7, 3, 1]) == clock.at(date(2026, 3, 21))


@pytest.mark.parametrize(
    "changes",
    [
        {"fired": True},
        {"state": "cancelled"},
        {"state": "paused", "due_on": None},
        {"state": "met"},
    ],
    ids=["fired", "cancelled", "paused", "met in time"],
)
def test_nothing_is_waited_for_any_more(changes: dict[str, object]) -> None:
    assert wake(**changes) is None


def test_a_missed_duty_and_a_period_that_is_over_still_fire() -> None:
    assert wake(state="missed", warn_days=()) == clock.at(date(2026, 3, 21))
    assert wake(state="met", nature="period", warn_days=()) == clock.at(date(2026, 3, 21))


def test_a_mark_before_the_deadline_began_is_never_sent() -> None:
    assert wake(starts_on=date(2026, 3, 13)) == clock.at(date(2026, 3, 17))


def test_late_warnings_collapse_into_the_latest_that_applies() -> None:
    def mark(today: date, warned: tuple[int, ...] = ()) -> int | None:
        return collapsed_mark(DUE, None, (15, 7, 3, 1), warned, today)

    assert mark(date(2026, 3, 4)) is None
    assert mark(date(2026, 3, 5)) == 15
    assert mark(date(2026, 3, 14)) == 7
    assert mark(date(2026, 3, 18)) == 3
    assert mark(date(2026, 3, 20)) == 1
    assert mark(date(2026, 3, 20), (1,)) == 3 or mark(date(2026, 3, 20), (15, 7, 3, 1)) is None
    assert mark(date(2026, 3, 21)) is None
