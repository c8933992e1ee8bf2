"""The road of an application as a pure fold over its facts (R2, R3, R7, R12): state, dates, clock. No Django.

``STEPS`` says from which states each kind of fact is possible and where it leads; the model's named transitions, the generated
diagrams and this fold all read it. Days in ``data`` are ISO text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from casework.facts import PlainFact, as_served, service_day
from casework.refusals import Impossible
from deadlines.calendar import WorkingCalendar
from deadlines.periods import Clock, Computed, evaluation_clock, months_after, working_days_after

GATE_MONTHS = 3

NONE = "none"
STATES = {
    "draft": "草稿",
    "submitted": "待核对",
    "supplementing": "补正中",
    "accepted": "已受理",
    "evaluating": "评估中",
    "passed": "评估合格",
    "failed": "评估不合格",
    "rectifying": "整改中",
    "public_notice": "公示中",
    "negotiating": "待签约",
    "signed": "已签约",
    "refused": "不予受理",
    "withdrawn": "已撤回",
    "closed": "已结束",
    "declined": "未签约",
}
FINAL = frozenset({"signed", "refused", "withdrawn", "closed", "declined"})
OPEN = frozenset(STATES) - FINAL
BEFORE_ACCEPTANCE = frozenset({"submitted", "supplementing"})
AFTER_ACCEPTANCE = frozenset({"accepted", "evaluating", "passed", "failed", "rectifying", "public_notice", "negotiating"})


class Step(NamedTuple):
    """Where a fact is possible and where it leads; an empty target stays, ``*`` depends on the fact's data."""

    sources: frozenset[str]
    target: str


def _step(sources: Iterable[str] | str, target: str = "") -> Step:
    return Step(frozenset([sources] if isinstance(sources, str) else sources), target)


STEPS: dict[str, Step] = {
    "drafted": _step(NONE, "draft"),
    "filed": _step("draft", "submitted"),
    "supplement_requested": _step("submitted", "supplementing"),
    "supplied": _step("supplementing", "*"),
    "accepted": _step("submitted", "accepted"),
    "refused": _step(BEFORE_ACCEPTANCE | AFTER_ACCEPTANCE, "refused"),
    "withdrawn": _step(OPEN, "withdrawn"),
    "closed": _step(OPEN - {"draft"}, "closed"),
    "declined": _step(OPEN - {"draft"}, "declined"),
    "team_formed": _step({"accepted", "rectifying"}, "evaluating"),
    "evidence_requested": _step("evaluating"),
    "evidence_supplied": _step("evaluating"),
    "result_recorded": _step("evaluating", "*"),
    # A failed result is served even where the application ended before its service: who withdraws evades neither gate nor count.
    "result_served": _step({"passed", "failed", "public_notice", "negotiating", "refused", "withdrawn", "closed", "declined"}),
    "re_evaluation_started": _step("rectifying"),
    "result_filed": _step({"passed", "failed", "rectifying"}),
    "notice_opened": _step("passed", "public_notice"),
    "objected": _step("public_notice"),
    "objection_resolved": _step({"public_notice", "negotiating"}, "*"),
    "signed": _step("negotiating", "signed"),
}


def sources_of(kind: str) -> list[str]:
    """Source states of a step in the order of the road, for transitions and diagrams."""
    return [state for state in STATES if state in STEPS[kind].sources]


@dataclass(frozen=True)
class Round:
    """One evaluation: its start, its pauses, its end; ``evaluation`` is the row that keeps team and findings."""

    started_on: date
    first: bool
    evaluation: int | None = None
    pauses: tuple[tuple[date, date | None], ...] = ()
    open_items: tuple[str, ...] = ()
    result: str = ""
    result_on: date | None = None
    sent_on: date | None = None  # the paper went out; by post it is served only when the receipt says so
    served_on: date | None = None


@dataclass(frozen=True)
class Objection:
    """An objection to the public notice: open until resolved."""

    id: int
    on: date
    resolved_on: date | None = None
    upheld: bool = False


@dataclass
class Road:
    """Everything that follows from an application's facts; ask it about a day."""

    calendar: WorkingCalendar
    failures_before: int = 0
    steps: list[tuple[date, str]] = field(default_factory=list)  # (first day, state)
    filed_on: date | None = None
    complete_on: date | None = None  # the day the last missing material arrived
    missing: tuple[str, ...] = ()
    insisted: bool = False
    unmet: tuple[str, ...] = ()  # conditions not met on the filing day
    supplement_on: date | None = None
    answered_on: list[tuple[date, str]] = field(default_factory=list)
    accepted_on: date | None = None
    rounds: list[Round] = field(default_factory=list)
    re_evaluation_on: date | None = None  # started, team not yet formed
    result_filed_on: date | None = None
    notice_on: date | None = None
    notice_last_day: date | None = None
    objections: dict[int, Objection] = field(default_factory=dict)
    ended_on: date | None = None
    refusal_served_on: date | None = None

    @property
    def now(self) -> str:
        """The state after the last fact, without what the calendar alone does."""
        return self.steps[-1][1] if self.steps else NONE

    def state(self, day: date) -> str:
        """The state on a day (R7): negotiating begins by itself, rectifying when a service by announcement is complete."""
        state = NONE
        for first, reached in self.steps:
            if first <= day:
                state = reached
        if state == "public_notice" and self.notice_over(day) and not self.open_objections:
            return "negotiating"
        if state == "failed" and not self.second_failure and self.served_by(day):
            return "rectifying"
        return state

    @property
    def open_objections(self) -> list[Objection]:
        return [objection for objection in self.objections.values() if objection.resolved_on is None]

    def notice_over(self, day: date) -> bool:
        """Whether the notice period is over: signing is possible from the day after its last day (R12)."""
        return self.notice_last_day is not None and day > self.notice_last_day

    @property
    def round(self) -> Round | None:
        """The evaluation now running or last ended."""
        return self.rounds[-1] if self.rounds else None

    @property
    def failures(self) -> int:
        """Failed results so far, those of an earlier application included (R3)."""
        return self.failures_before + sum(1 for each in self.rounds if each.result == "fail")

    @property
    def second_failure(self) -> bool:
        """Whether the last result is the second failed one (M9.8)."""
        return self.round is not None and self.round.result == "fail" and self.failures >= 2

    @property
    def unserved_failure(self) -> bool:
        """A failed result the institution has not been told: gate, ban and count wait for its service (M9.7, M9.8)."""
        return self.round is not None and self.round.result == "fail" and self.round.served_on is None

    def served_by(self, day: date) -> bool:
        """Whether the last result has been served by a day; service by announcement is complete after 30 days."""
        return self.round is not None and self.round.served_on is not None and self.round.served_on <= day

    def is_open(self, day: date) -> bool:
        """Whether it still occupies the institution: a second failure that has been served is at its end."""
        state = self.state(day)
        return state in OPEN and not (state == "failed" and self.second_failure and self.served_by(day))

    # Dates ------------------------------------------------------------------------------------------------------------

    def supplement_due(self, clause: str, days: int) -> Computed | None:
        """The agency's last day to answer: working days from the arrival, after a supplement from its completion (R3)."""
        if self.filed_on is None:
            return None
        if self.supplement_on is not None and self.complete_on is not None and self.complete_on >= self.supplement_on:
            return working_days_after(self.complete_on, days, self.calendar, clause, "补正材料到齐")
        return working_days_after(self.filed_on, days, self.calendar, clause, "材料收到")

    def first_answer_due(self, clause: str, days: int) -> Computed | None:
        """The last day of the first of these periods, whatever came later."""
        return working_days_after(self.filed_on, days, self.calendar, clause, "材料收到") if self.filed_on else None

    def clock(self, clause: str) -> Clock | None:
        """The evaluation clock (R2); None before acceptance. A re-evaluation has its own from its start."""
        if self.accepted_on is None:
            return None
        if self.re_evaluation_on is not None:
            return evaluation_clock(self.re_evaluation_on, (), self.calendar, self.ended_on, clause=clause, label="再次评估开始")
        if self.round is None:
            return evaluation_clock(self.accepted_on, (), self.calendar, self.ended_on, clause=clause, label="受理")
        return self.clock_of(self.round, clause)

    def clock_of(self, each: Round, clause: str) -> Clock:
        """The clock of one evaluation round."""
        label = "受理" if each.first else "再次评估开始"
        ended = each.result_on or (self.ended_on if each is self.round else None)
        return evaluation_clock(each.started_on, each.pauses, self.calendar, ended, clause=clause, label=label)

    def gate(self, clause: str) -> Computed | None:
        """The last day of the 3 months before a re-evaluation; it is possible from the next day (M9.7, R1)."""
        served = self.first_failure_served_on
        return months_after(served, GATE_MONTHS, self.calendar, clause, "结果送达", act_by=False) if served else None

    @property
    def first_failure_served_on(self) -> date | None:
        """The day the failed result was served whose rectification is running or was run."""
        for each in reversed(self.rounds):
            if each.result == "fail" and each.served_on is not None:
                return each.served_on
        return None

    def re_evaluation_from(self, clause: str, day: date) -> date | None:
        """The first day a re-evaluation may start while rectifying."""
        gate = self.gate(clause)
        return gate.day + timedelta(days=1) if gate and self.state(day) == "rectifying" else None


def read(facts: Iterable[PlainFact], calendar: WorkingCalendar, failures_before: int = 0) -> Road:
    """Fold facts, in the order recorded, into the road. Raises Impossible for a fact whose ground is gone."""
    road = Road(calendar, failures_before)
    for fact in as_served(facts):
        step = STEPS.get(fact.kind)
        if step is None:
            continue
        happened = fact.at.date() if fact.at else fact.on
        state = road.state(happened)
        if state not in step.sources:
            raise Impossible(fact.kind, state)
        target = _FOLDS[fact.kind](road, fact, happened) if fact.kind in _FOLDS else None
        target = target or step.target
        if target and target != "*":
            road.steps.append((happened, target))
        if target in FINAL:
            road.ended_on = happened
    return road


def _filed(road: Road, fact: PlainFact, day: date) -> None:
    road.filed_on = fact.on
    road.missing = tuple(fact.data.get("missing", ()))
    road.complete_on = None if road.missing else fact.on
    road.insisted = bool(fact.data.get("insisted"))
    road.unmet = tuple(fact.data.get("unmet", ()))


def _supplement_requested(road: Road, fact: PlainFact, day: date) -> None:
    road.supplement_on = day
    road.answered_on.append((day, fact.kind))
    road.missing = tuple(dict.fromkeys([*road.missing, *fact.data.get("items", ())]))
    road.complete_on = None


def _supplied(road: Road, fact: PlainFact, day: date) -> str:
    arrived = set(fact.data.get("items", ()))
    road.missing = tuple(item for item in road.missing if item not in arrived)
    if road.missing:
        return ""
    road.complete_on = fact.on
    return "submitted"


def _accepted(road: Road, fact: PlainFact, day: date) -> None:
    # Dated by the arrival of the complete materials, even if the clerk presses the button later (R3).
    road.accepted_on = road.complete_on or fact.on
    road.answered_on.append((day, fact.kind))


def _ended(road: Road, fact: PlainFact, day: date) -> None:
    road.answered_on.append((day, fact.kind))
    if fact.kind == "refused":
        road.refusal_served_on = service_day(fact)


def _team_formed(road: Road, fact: PlainFact, day: date) -> None:
    if road.re_evaluation_on is not None:
        road.rounds.append(Round(road.re_evaluation_on, first=False, evaluation=fact.data.get("evaluation")))
        road.re_evaluation_on = None
    else:
        assert road.accepted_on is not None
        road.rounds.append(Round(road.accepted_on, first=not road.rounds, evaluation=fact.data.get("evaluation")))


def _change(road: Road, **changes: Any) -> None:
    last = road.rounds[-1]
    road.rounds[-1] = Round(**{**last.__dict__, **changes})


def _evidence_requested(road: Road, fact: PlainFact, day: date) -> None:
    last = road.rounds[-1]
    served = service_day(fact) or fact.on
    _change(road, pauses=(*last.pauses, (served, None)), open_items=tuple(fact.data.get("items", ())))


def _evidence_supplied(road: Road, fact: PlainFact, day: date) -> None:
    last = road.rounds[-1]
    if not last.pauses or last.pauses[-1][1] is not None:
        raise Impossible(fact.kind, "evaluating")
    arrived = set(fact.data.get("items", ()))
    left = tuple(item for item in last.open_items if item not in arrived)
    if left:
        _change(road, open_items=left)  # partial supply leaves the clock stopped (R2)
    else:
        served, _ = last.pauses[-1]
        # What arrived before the request was served stopped no clock.
        _change(road, open_items=(), pauses=(*last.pauses[:-1], (min(served, fact.on), fact.on)))


def _result_recorded(road: Road, fact: PlainFact, day: date) -> str:
    if road.rounds[-1].pauses and road.rounds[-1].pauses[-1][1] is None:
        raise Impossible(fact.kind, "paused")
    _change(road, result=fact.data["result"], result_on=day)
    road.result_filed_on = None  # each result is filed by itself (M9.4)
    return "passed" if fact.data["result"] == "pass" else "failed"


def _result_served(road: Road, fact: PlainFact, day: date) -> None:
    if road.round is None or not road.round.result:
        raise Impossible(fact.kind, road.now)
    _change(road, sent_on=day, served_on=service_day(fact))


def _re_evaluation_started(road: Road, fact: PlainFact, day: date) -> None:
    if road.re_evaluation_on is not None:
        raise Impossible(fact.kind, "rectifying")
    road.re_evaluation_on = fact.on


def _result_filed(road: Road, fact: PlainFact, day: date) -> None:
    road.result_filed_on = day


def _notice_opened(road: Road, fact: PlainFact, day: date) -> None:
    road.notice_on = fact.on
    road.notice_last_day = notice_last_day(fact.on, int(fact.data["days"]), road.calendar, "M9.5").day


def _objected(road: Road, fact: PlainFact, day: date) -> None:
    road.objections[fact.id] = Objection(fact.id, day)


def _objection_resolved(road: Road, fact: PlainFact, day: date) -> str:
    objection = road.objections.get(int(fact.data["objection"]))
    if objection is None or objection.resolved_on is not None:
        raise Impossible(fact.kind, "public_notice")
    upheld = bool(fact.data.get("upheld"))
    road.objections[objection.id] = Objection(objection.id, objection.on, day, upheld)
    return "closed" if upheld else ""


def notice_last_day(opened_on: date, days: int, calendar: WorkingCalendar, clause: str) -> Computed:
    """The last day of the public notice: working days, the opening day not counted (R12)."""
    return working_days_after(opened_on, days, calendar, clause, "公示开始")


_FOLDS: dict[str, Any] = {
    "filed": _filed,
    "supplement_requested": _supplement_requested,
    "supplied": _supplied,
    "accepted": _accepted,
    "refused": _ended,
    "withdrawn": _ended,
    "closed": _ended,
    "declined": _ended,
    "team_formed": _team_formed,
    "evidence_requested": _evidence_requested,
    "evidence_supplied": _evidence_supplied,
    "result_recorded": _result_recorded,
    "result_served": _result_served,
    "re_evaluation_started": _re_evaluation_started,
    "result_filed": _result_filed,
    "notice_opened": _notice_opened,
    "objected": _objected,
    "objection_resolved": _objection_resolved,
}
