"""Period law as pure functions: R1 (Civil Code 200–204), R2 the evaluation clock, R13 conditions of "at least N months".

Dates are business dates of Asia/Shanghai; a day ends at 24:00. Clauses are ids of clauses.csv and are given by the caller,
who knows whether a hospital (M9.2) or a pharmacy (P8.2) asks.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from deadlines.calendar import ONE_DAY, WorkingCalendar

EVALUATION_MONTHS = 3


def add_months(day: date, n: int) -> date:
    """The corresponding day n months later (earlier if n < 0), or that month's last day where there is none (R1; Civil Code 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    month += 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def add_years(day: date, n: int) -> date:
    """The corresponding day n years later; Feb 29 becomes Feb 28 where there is none (R1; Civil Code 202)."""
    return add_months(day, 12 * n)


def act_by(day: date, calendar: WorkingCalendar) -> date:
    """The last day of an act-by deadline: a day that is not a working day moves to the next working day (R1; Civil Code 203)."""
    return calendar.next_working(day)


def term_last_day(first: date, years: int) -> date:
    """The last day of a term of N years from its first day: the day before the corresponding day; nothing moves.

    Where a term from Feb 29 finds no corresponding day it ends on the last day of February (R1, status periods).
    """
    corresponding = add_years(first, years)
    return corresponding if corresponding.day != first.day else corresponding - ONE_DAY


def status_last_day(first: date, days: int) -> date:
    """The last day of a status period of N days, first and last both counted; nothing moves (R1; 180 days of M42.4)."""
    return first + timedelta(days=days - 1)


def gate_opens(event: date, months: int) -> date:
    """The first day on which something is allowed N months after an event: the day after the period's last day (R1).

    Served on 2026-03-10, 3 months end on 2026-06-10: allowed from 2026-06-11.
    """
    return add_months(event, months) + ONE_DAY


def advance_notice_last_day(effect: date, months: int = 3) -> date:
    """The last day on which something may still be announced N months ahead of its effect; nothing moves (R1; M44.1, M41.1).

    `effect` is the first day of effect; for a renewal the last day of the term.
    """
    return add_months(effect, -months)


def months_met(event: date, months: int, day: date) -> bool:
    """Whether "at least N months since the event" is met on a day: the event's day plus N months is that day or earlier (R13)."""
    return add_months(event, months) <= day


def contract_met(first: date, last: date, years: int = 1) -> bool:
    """Whether a contract is of at least N years: its first day plus N years minus 1 day is its last day or earlier (R13)."""
    return add_years(first, years) - ONE_DAY <= last


@dataclass(frozen=True)
class Computed:
    """A date that explains itself: the clause it rests on, each step of its making, and whether a working day may still change it."""

    day: date
    clause: str
    steps: tuple[str, ...]
    provisional: bool

    @property
    def explanation(self) -> str:
        """The steps as one Chinese sentence, saying so if the date is provisional (R1)."""
        return "；".join(self.steps) + (PROVISIONAL_NOTE if self.provisional else "")


PROVISIONAL_NOTE = "（暂定：国务院尚未公布该年度放假安排，公布后重新计算）"


def working_days_after(start: date, n: int, calendar: WorkingCalendar, clause: str, label: str = "") -> Computed:
    """The nth working day after `start`, the day of the event not counted (R1; Civil Code 201). `label` names the event."""
    day = calendar.add_working_days(start, n)
    steps = [f"{_named(label, start)} + {n}个工作日 = {day}"]
    span = [start + timedelta(days=i) for i in range(1, (day - start).days + 1)]
    left_out = len(span) - n
    if left_out:
        steps.append(f"其间非工作日{left_out}天不计")
    return Computed(day, clause, tuple(steps), any(calendar.is_provisional(each) for each in span))


def months_after(
    start: date,
    n: int,
    calendar: WorkingCalendar,
    clause: str,
    label: str = "",
    act_by: bool = True,
) -> Computed:
    """N months after `start` (R1; Civil Code 201–203); an act-by deadline moves to a working day, a status period does not."""
    day = add_months(start, n)
    return _ending(day, [f"{_named(label, start)} + {n}个月 = {day}"], calendar, clause, act_by)


def days_after(
    start: date,
    n: int,
    calendar: WorkingCalendar,
    clause: str,
    label: str = "",
    act_by: bool = True,
) -> Computed:
    """N calendar days after `start`, which is not counted (R1; Civil Code 201–203); an act-by deadline moves to a working day."""
    day = start + timedelta(days=n)
    return _ending(day, [f"{_named(label, start)} + {n}天 = {day}"], calendar, clause, act_by)


@dataclass(frozen=True)
class Clock:
    """The evaluation clock (R2). `due` is None while paused; an ended clock keeps its last due date."""

    state: Literal["running", "paused", "ended"]
    due: Computed | None
    paused_since: date | None
    days_stood_still: int
    missed: Computed | None = None
    """The due day that had already passed when a late request was served: such a request does not heal the miss (R2)."""


def evaluation_clock(
    start: date,
    pauses: Sequence[tuple[date, date | None]],
    calendar: WorkingCalendar,
    ended_on: date | None = None,
    *,
    clause: str = "M9.2",
    label: str = "受理",
    months: int = EVALUATION_MONTHS,
) -> Clock:
    """The clock of an evaluation or re-evaluation (R2, M9.2/P8.2).

    `pauses` are (day the request was served, day everything asked for was in, or None while open). Due = start + 3 months
    + days stood still (months first), then moved to a working day. A request served after the due day stops nothing any
    more: the due day stays the missed one.
    """
    stood_still = 0
    due = _evaluation_due(start, months, 0, calendar, clause, label)
    missed = paused_since = None
    for served, arrived in sorted(pauses, key=lambda pause: pause[0]):
        if arrived is not None and arrived < served:
            raise ValueError(f"补正材料到齐日{arrived}早于通知送达日{served}")
        if missed is None and served > due.day:
            missed = due
        if arrived is None:
            paused_since = served
        elif missed is None:
            stood_still += (arrived - served).days
            due = _evaluation_due(start, months, stood_still, calendar, clause, label)
    if ended_on is not None:
        return Clock("ended", due, None, stood_still, missed)
    if paused_since is not None:
        return Clock("paused", None, paused_since, stood_still, missed)
    return Clock("running", due, None, stood_still, missed)


def _evaluation_due(start: date, months: int, stood_still: int, calendar: WorkingCalendar, clause: str, label: str) -> Computed:
    day = add_months(start, months)
    steps = [f"{_named(label, start)} + {months}个月 = {day}"]
    if stood_still:
        day += timedelta(days=stood_still)
        steps.append(f"停钟{stood_still}天 → {day}")
    return _ending(day, steps, calendar, clause, move=True)


def _ending(day: date, steps: list[str], calendar: WorkingCalendar, clause: str, move: bool) -> Computed:
    if not move:
        return Computed(day, clause, tuple(steps), provisional=False)
    last = act_by(day, calendar)
    if last != day:
        steps.append(f"{day} 非工作日 → 顺延至 {last}")
    return Computed(last, clause, tuple(steps), calendar.is_provisional(day) or calendar.is_provisional(last))


def _named(label: str, start: date) -> str:
    return f"{label} {start}" if label else f"{start}"
