"""Every row of hand_checked.csv was worked out on paper from the State Council's yearly arrangements, not by running the code."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from deadlines.calendar import WorkingCalendar, library_calendar
from deadlines.periods import (
    add_months,
    advance_notice_last_day,
    contract_met,
    days_after,
    evaluation_clock,
    gate_opens,
    months_after,
    months_met,
    status_last_day,
    term_last_day,
    working_days_after,
)

ROWS = list(csv.DictReader((Path(__file__).parent / "hand_checked.csv").read_text(encoding="utf-8").splitlines()))
YES_NO = {True: "是", False: "否"}
on = date.fromisoformat


@pytest.fixture(scope="module")
def calendar() -> WorkingCalendar:
    """The library's years through 2026 only, so that the rows of 2027 stay provisional when the library learns that year."""
    library = library_calendar()
    known = {day: working for day, working in library.days.items() if day.year <= 2026}
    return WorkingCalendar(known, range(2004, 2027))


def clock_answer(calendar: WorkingCalendar, start: str, *pauses: str) -> str:
    parts = [pause.split("/") for pause in pauses]
    days = [(on(served), on(arrived) if arrived else None) for served, arrived in parts]
    clock = evaluation_clock(on(start), days, calendar, clause="M9.2")
    return str(clock.due.day) if clock.due else f"停钟 {clock.paused_since}"


OPERATIONS: dict[str, Callable[..., object]] = {
    "working": lambda calendar, day: YES_NO[calendar.is_working(on(day))],
    "workdays": lambda calendar, day, n: working_days_after(on(day), int(n), calendar, "M8.2", "收到").day,
    "provisional": lambda calendar, day, n: YES_NO[working_days_after(on(day), int(n), calendar, "M8.2", "收到").provisional],
    "between": lambda calendar, a, b: calendar.working_days_between(on(a), on(b)),
    "act_months": lambda calendar, day, n: months_after(on(day), int(n), calendar, "M9.2", "受理").day,
    "act_days": lambda calendar, day, n: days_after(on(day), int(n), calendar, "M46", "送达").day,
    "months": lambda calendar, day, n: add_months(on(day), int(n)),
    "gate": lambda calendar, day, n: gate_opens(on(day), int(n)),
    "notice": lambda calendar, day, n: advance_notice_last_day(on(day), int(n)),
    "term": lambda calendar, day, n: term_last_day(on(day), int(n)),
    "status": lambda calendar, day, n: status_last_day(on(day), int(n)),
    "met": lambda calendar, event, n, day: YES_NO[months_met(on(event), int(n), on(day))],
    "contract": lambda calendar, first, last, n: YES_NO[contract_met(on(first), on(last), int(n))],
    "clock": clock_answer,
}


@pytest.mark.clause("R1", "R2", "R11", "R12", "R13")
@pytest.mark.parametrize("row", ROWS, ids=[f"{row['reading']} {row['operation']} {row['given']}" for row in ROWS])
def test_hand_checked_date(row: dict[str, str], calendar: WorkingCalendar) -> None:
    answer = OPERATIONS[row["operation"]](calendar, *row["given"].split())
    assert str(answer) == row["expected"], row["why"]


def test_the_table_is_large_and_every_row_names_its_reading() -> None:
    assert len(ROWS) >= 120
    assert all(row["reading"] in {"R1", "R2", "R11", "R12", "R13"} and row["why"] for row in ROWS)
