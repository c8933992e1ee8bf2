"""Deadlines of an agreement, derived from its term: end of term, last day to ask for renewal (R1, R14)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from agreements.term import Term
from deadlines.calendar import WorkingCalendar
from deadlines.periods import Computed, advance_notice_last_day
from deadlines.wanted import State, WantedDeadline
from law.clauses import numbered

if TYPE_CHECKING:
    from agreements.models import Agreement


def wanted(agreement: Agreement, term: Term, calendar: WorkingCalendar, day: date) -> list[WantedDeadline]:
    """Every deadline the agreement has, with its state on a day."""
    if term.annulled:
        return []
    end = Computed(term.last_day, _clause(agreement, "M41.3"), (f"协议有效期至 {term.last_day}",), provisional=False)
    ended_early = term.ended_on < term.last_day
    rows = [_period("term_end", end, day, ended_early and day > term.ended_on, term)]
    if agreement.kind == "annual":
        last = advance_notice_last_day(term.last_day)
        steps = (f"协议期满 {term.last_day} − 3个月 = {last}",)
        ask = Computed(last, _clause(agreement, "M41.1"), steps, provisional=False)
        state: State = "cancelled" if ended_early and term.ended_on < last else "missed" if day > last else "open"
        rows.append(WantedDeadline("renewal_application", "first", ask, state, "duty", ask.clause, "institution", term.first_day))
    since = term.taken_over_on
    return [row for row in rows if since is None or (row.due is not None and row.due.day >= since)]


def _clause(agreement: Agreement, clause: str) -> str:
    return numbered(clause, agreement.institution.kind)


def _period(kind: str, due: Computed, day: date, cancelled: bool, term: Term) -> WantedDeadline:
    state: State = "cancelled" if cancelled else "met" if day > due.day else "open"
    return WantedDeadline(kind, "first", due, state, "period", due.clause, "city_agency", term.first_day)
