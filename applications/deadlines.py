"""The deadlines of an application, derived from its road: the same rows for desk, timers, API and replay."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from applications.road import FINAL, Road, notice_last_day
from deadlines.periods import Clock, Computed, days_after, months_after
from deadlines.wanted import State, WantedDeadline
from law.clauses import numbered
from offices import settings as office_settings

if TYPE_CHECKING:
    from applications.models import Application

AGENCY, CITY, INSTITUTION = "district_agency", "city_agency", "institution"


def wanted(application: Application, road: Road, day: date) -> list[WantedDeadline]:
    """Every deadline this application has or had, with its state on a day."""
    rows = [*_supplement(application, road, day), *_evaluations(application, road, day), *_gate(application, road, day)]
    return [*rows, *_notice(application, road, day), *_remedies(application, road, day)]


def duty(due: Computed, done_on: date | None, day: date, *, over_on: date | None = None) -> State:
    """A duty is open through its day, met if done by then, else missed; cancelled when its case ended first."""
    if done_on is not None and done_on <= due.day:
        return "met"
    if over_on is not None and over_on <= due.day and done_on is None:
        return "cancelled"
    return "missed" if day > due.day else "open"


def period(due: Computed, day: date, *, over_on: date | None = None) -> State:
    """A period is open through its last day, then met; cancelled when its case ended first."""
    if over_on is not None and over_on <= due.day:
        return "cancelled"
    return "met" if day > due.day else "open"


def _clause(application: Application, clause: str) -> str:
    return numbered(clause, application.institution.kind)


def answer_days(road: Road) -> int:
    """Working days in which the agency answers a filing: the setting of the filing day (M8.2, R3)."""
    return int(office_settings.value("supplement_days", road.filed_on)) if road.filed_on else 0


def _supplement(application: Application, road: Road, day: date) -> list[WantedDeadline]:
    clause = _clause(application, "M8.2")
    days = answer_days(road)
    first = road.first_answer_due(clause, days)
    if first is None:
        return []
    answers = [on for on, kind in road.answered_on if kind in ("supplement_requested", "accepted", "refused", "closed")]
    over = road.ended_on if not answers else None
    rows = [_duty("supplement", "first", first, answers[0] if answers else None, day, over, clause, AGENCY, road.filed_on)]
    if road.supplement_on is not None and road.complete_on is not None:
        second = road.supplement_due(clause, days)
        assert second is not None
        answered = answers[1] if len(answers) > 1 else None
        over = road.ended_on if answered is None else None
        rows.append(_duty("supplement", "after_supply", second, answered, day, over, clause, AGENCY, road.complete_on))
    return rows


def _evaluations(application: Application, road: Road, day: date) -> list[WantedDeadline]:
    clause = _clause(application, "M9.2")
    rows = []
    for number, each in enumerate(road.rounds):
        clock = road.clock_of(each, clause)
        over = road.ended_on if each is road.round and each.result_on is None else None
        rows.append(_clock_row(f"round-{number}", clock, each.result_on, day, over, clause, each.started_on))
    started = road.re_evaluation_on is not None or (road.accepted_on is not None and not road.rounds)
    if started:
        clock_now = road.clock(clause)
        assert clock_now is not None
        began = road.re_evaluation_on or road.accepted_on
        rows.append(_clock_row(f"round-{len(road.rounds)}", clock_now, None, day, road.ended_on, clause, began))
    return rows


def _clock_row(
    key: str, clock: Clock, done_on: date | None, day: date, over_on: date | None, clause: str, began: date | None
) -> WantedDeadline:
    if clock.state == "paused" and clock.missed is None:
        return WantedDeadline("evaluation", key, None, "paused", "duty", clause, CITY)
    due = clock.missed or clock.due
    assert due is not None
    return _duty("evaluation", key, due, done_on, day, over_on, clause, CITY, began)


def _gate(application: Application, road: Road, day: date) -> list[WantedDeadline]:
    clause = _clause(application, "M9.7")
    gate = road.gate(clause)
    if gate is None or road.failures_before or road.rounds[0].result != "fail":
        return []
    return [WantedDeadline("re_evaluation_gate", "first", gate, period(gate, day), "period", clause, INSTITUTION)]


def _notice(application: Application, road: Road, day: date) -> list[WantedDeadline]:
    if road.notice_on is None or road.notice_last_day is None:
        return []
    clause = _clause(application, "M9.5")
    days = road.calendar.working_days_between(road.notice_on, road.notice_last_day)
    last = notice_last_day(road.notice_on, days, road.calendar, clause)
    over = road.ended_on if road.now in FINAL - {"signed"} else None
    return [WantedDeadline("notice_period", "first", last, period(last, day, over_on=over), "period", clause, CITY)]


def _remedies(application: Application, road: Road, day: date) -> list[WantedDeadline]:
    """Reconsideration within 60 days, lawsuit within 6 months of service of an adverse decision (R11)."""
    served = []
    if road.refusal_served_on is not None:
        served.append(("refusal", road.refusal_served_on))
    if road.second_failure and road.round and road.round.served_on:
        served.append(("second_fail", road.round.served_on))
    rows = []
    for key, on in served:
        rows += remedies(key, on, road, day)
    return rows


def remedies(key: str, served_on: date, road: Road, day: date) -> list[WantedDeadline]:
    """Both remedy periods of one adverse decision."""
    reconsideration = days_after(served_on, 60, road.calendar, "R11", "决定送达")
    lawsuit = months_after(served_on, 6, road.calendar, "R11", "决定送达")
    return [
        WantedDeadline("reconsideration", key, reconsideration, period(reconsideration, day), "period", "R11", INSTITUTION),
        WantedDeadline("lawsuit", key, lawsuit, period(lawsuit, day), "period", "R11", INSTITUTION),
    ]


def _duty(
    kind: str,
    key: str,
    due: Computed,
    done_on: date | None,
    day: date,
    over_on: date | None,
    clause: str,
    responsible: str,
    starts_on: date | None = None,
) -> WantedDeadline:
    return WantedDeadline(kind, key, due, duty(due, done_on, day, over_on=over_on), "duty", clause, responsible, starts_on)


WAITS_FOR = {
    "draft": INSTITUTION,
    "submitted": AGENCY,
    "supplementing": INSTITUTION,
    "accepted": CITY,
    "evaluating": CITY,
    "passed": CITY,
    "failed": CITY,
    "rectifying": INSTITUTION,
    "public_notice": CITY,
    "negotiating": CITY,
}


def waits_for(road: Road, rows: list[WantedDeadline], day: date) -> tuple[str, date | None, date | None]:
    """Who must act next, by when, or since when the clock stands still: the projection behind every desk."""
    state = road.state(day)
    who = WAITS_FOR.get(state, "")
    if not road.is_open(day):
        return CITY if road.unserved_failure else "", None, None
    gate = road.gate("M9.7") if state == "rectifying" else None
    if road.re_evaluation_on is not None or (gate and day > gate.day):
        who = CITY  # the gate is over or the re-evaluation begun: the city agency goes on
    if state == "evaluating" and road.round and road.round.open_items:
        return INSTITUTION, None, road.round.pauses[-1][0]
    running = [row for row in rows if row.due and row.nature == "duty" and row.state in ("open", "missed") and row.responsible == who]
    pending = [row.due.day for row in running if row.due and not _done(row, road)]
    if state in ("public_notice",) and road.notice_last_day:
        return who, road.notice_last_day, None
    return who, min(pending, default=None), None


def _done(row: WantedDeadline, road: Road) -> bool:
    """A missed duty that was done late waits for nobody any more."""
    if row.kind == "evaluation":
        index = int(row.key.split("-")[1])
        return index < len(road.rounds) and road.rounds[index].result_on is not None
    if row.kind == "supplement":
        needed = 1 if row.key == "first" else 2
        return len(road.answered_on) >= needed
    return False
