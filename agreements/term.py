"""The life of an agreement as a pure fold over its facts (R5–R7, R9, R14): every day's state, what ended it, what is under way. No Django.

Facts (days in ``data`` are ISO text; ``of`` names the fact that opened what a later one is about):

- ``signed`` from, to, kind, taken_over; ``filed``
- ``suspension_requested`` from, to · ``suspension_decided`` of, granted, from, to · ``resumption_requested`` of · ``resumed`` of
  · ``lapse_prevented`` of, to
- ``suspended`` from, to, ground · ``suspension_amended`` of, to · ``rectification_recorded`` of, passed
- ``termination_requested`` effective · ``termination_decided`` of, granted, effective · ``terminated`` on = first day out, grounds, leading
- ``full_check_ordered``, ``full_check_closed``
- ``request_withdrawn`` of: what the institution asked for is gone
- ``renewal_requested`` late · ``non_renewal_requested`` · ``renewal_decided`` of, agreed, agreement
- ``change_reported`` field, value, approved_on, major, late · ``change_decided`` of, approved, opens
- ``part_suspended`` department or person, from, to, ended · ``hold_demanded``, ``held`` clause, ``hold_released``
- ``intended`` act, days, urgent · ``heard`` of · ``case_opened`` ground · ``case_closed`` of · ``reported`` of
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from agreements.matters import Change, Hold, Intention, Part, Renewal, TerminationCase, TerminationRequest
from agreements.suspensions import Suspension, cut
from casework.facts import PlainFact, day_of
from casework.refusals import Impossible

ONE_DAY = timedelta(days=1)
STATES = {
    "pending": "待生效",
    "active": "履行中",
    "suspended": "中止中",
    "expired": "已终止",
    "terminated": "已解除",
    "annulled": "已更正",
}
ALIVE = frozenset({"pending", "active", "suspended"})
IN_FORCE = frozenset({"active", "suspended"})


@dataclass(frozen=True)
class Span:
    """A stretch of days in one state; ``last_day`` None: to the end of the known future. The clause says why (hospital numbering).

    ``decided_on``: the day of the decision behind it; ``at_request``: the institution wanted it; ``since``: its first day of effect (R8).
    """

    first_day: date
    last_day: date | None
    state: str
    clause: str = ""
    decided_on: date | None = None
    at_request: bool = False
    since: date | None = None

    def covers(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True)
class End:
    """How an agreement ends: its last day in force, as far as it is known."""

    last_day: date
    state: str
    clause: str
    decided_on: date | None = None
    at_request: bool = False


@dataclass(frozen=True)
class Termination:
    """A decision to terminate; ``effective`` is the first day out (R5)."""

    id: int
    effective: date
    clause: str
    decided_on: date
    at_request: bool = False
    grounds: tuple[str, ...] = ()


@dataclass
class Term:
    """One agreement and everything its facts say. A supplementary one lives and dies with ``main`` (M5.2); ``previous`` was renewed."""

    first_day: date = date.max
    last_day: date = date.max
    signed_on: date = date.max
    filed_on: date | None = None
    annulled: bool = True
    taken_over_on: date | None = None  # recorded that day from the paper file; what was due before is nobody's matter here
    main: Term | None = None
    previous: Term | None = None
    successor: Term | None = None  # given where a suspension goes on into it (``goes_on``)
    suspensions: list[Suspension] = field(default_factory=list)
    decisions: list[Termination] = field(default_factory=list)
    requests: list[TerminationRequest] = field(default_factory=list)
    opened: list[TerminationCase] = field(default_factory=list)  # by facts; ``cases`` adds the second suspension's
    renewals: list[Renewal] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    hold_demanded_on: date | None = None
    intentions: list[Intention] = field(default_factory=list)
    checks: list[tuple[date, date | None]] = field(default_factory=list)  # full checks: ordered, closed (I12)
    reported: dict[int, date] = field(default_factory=dict)  # decision → the day it was reported to the bureau (M49.2)
    closings: dict[int, date] = field(default_factory=dict)  # case → the day it was closed without a termination

    # What goes on into the next term ------------------------------------------------------------------------------------

    @cached_property
    def going_on(self) -> set[int]:
        """Suspensions that run beyond the last day of a term that reached its end (R6)."""
        if self.annulled or self.end.last_day != self.last_day:
            return set()
        return {each.id for each in self.all_suspensions if each.covers(self.last_day)}

    def reach(self, suspension: int | None) -> date:
        """The last day on which a suspension, or the case of its failed rectification, can still go on."""
        if suspension not in self.going_on or self.successor is None or self.successor.annulled:
            return self.ended_on
        return self.successor.reach(suspension)

    @cached_property
    def all_cases(self) -> list[TerminationCase]:
        """Its own and the one that goes on from the term before with its suspension (R6)."""
        before = self.previous.all_cases if self.previous is not None else []
        carried = [each for each in before if each.suspension is not None and self.previous and each.suspension in self.previous.going_on]
        return [*carried, *self.cases]

    # Its end ----------------------------------------------------------------------------------------------------------

    @cached_property
    def terminations(self) -> list[Termination]:
        """Decisions in the order they take effect; one at request waits for the full check (R9)."""
        found = []
        for each in self.decisions:
            effective: date | None = each.effective
            for ordered, closed in self.checks if each.at_request else ():
                if effective is not None and ordered < effective:
                    effective = None if closed is None else max(effective, closed + ONE_DAY)
            if effective is not None:
                found.append(Termination(each.id, effective, each.clause, each.decided_on, each.at_request, each.grounds))
        return sorted(found, key=lambda each: (each.effective, each.id))

    @cached_property
    def all_suspensions(self) -> list[Suspension]:
        """Its own and those that go on from the term before (R6)."""
        carried = []
        if self.previous is not None and self.previous.end.last_day == self.previous.last_day:
            last = self.previous.last_day
            carried = [each for each in self.previous.all_suspensions if each.covers(last)]
        return [*carried, *self.suspensions]

    @cached_property
    def end(self) -> End:
        """The first of what ends it. On one day the end of the term wins (R14)."""
        while_suspended = any(each.covers(self.last_day) for each in self._suspensions_in_force())
        ends = [End(self.last_day, "expired", "M42.2" if while_suspended else "M41.3")]
        for decision in self.terminations:
            ends.append(End(decision.effective - ONE_DAY, "terminated", decision.clause, decision.decided_on, decision.at_request))
        lapses = [each.lapses_on for each in self.all_suspensions if each.stands and each.lapses_on is not None]
        ends += [End(day, "expired", "M42.5") for day in lapses]
        for other, whole in ((self.main, None), (self.previous, self.previous.last_day if self.previous else None)):
            # A renewed agreement does not begin if the one before did not reach its own end.
            if other is not None and not other.annulled and other.end.last_day != whole:
                last = other.end
                ends.append(End(last.last_day, last.state, last.clause, last.decided_on, last.at_request))
        order = {"M41.3": 0, "M42.2": 0, "M42.5": 1}
        return min(ends, key=lambda each: (each.last_day, order.get(each.clause, 2)))

    @property
    def ended_on(self) -> date:
        """The last day in force, as far as it is known."""
        return self.end.last_day

    def ended_by(self, day: date) -> str | None:
        """The clause that ended it, in the hospital numbering; None while it lives."""
        return self.end.clause if self.state(day) in ("expired", "terminated") else None

    # Its days ---------------------------------------------------------------------------------------------------------

    def _suspensions_in_force(self) -> list[Suspension]:
        found = [each for each in self.all_suspensions if each.stands]
        return [*found, *(self.main.all_suspensions if self.main else ())]

    @cached_property
    def spans(self) -> list[Span]:
        """Every day from the signing on, without gaps: the time line (R7)."""
        if self.annulled:
            return []
        end, over = self.end, self.end.last_day + ONE_DAY
        waiting = min(self.first_day, over)
        found = [Span(self.signed_on, waiting - ONE_DAY, "pending")] if self.signed_on < waiting else []
        if self.began():
            found += self._days_in_force()
        return [*found, Span(over, None, end.state, end.clause, end.decided_on, end.at_request, over)]

    def _days_in_force(self) -> list[Span]:
        ending = self.end.last_day
        running = [each for each in self._suspensions_in_force() if each.stands]
        borders = {self.first_day}
        for each in running:
            borders |= {each.first_day, (each.last_day or ending) + ONE_DAY}
        starts = sorted(day for day in borders if self.first_day <= day <= ending)
        found: list[Span] = []
        for number, start in enumerate(starts):
            last = starts[number + 1] - ONE_DAY if number + 1 < len(starts) else ending
            # Where two cover a day the imposed one speaks.
            over = sorted((each for each in running if each.covers(start)), key=lambda each: (not each.imposed, each.first_day))
            span = Span(start, last, "active", "M33")
            if over:
                span = Span(start, last, "suspended", "M42.1", over[0].decided_on, not over[0].imposed, over[0].first_day)
            if found and replace(found[-1], first_day=start, last_day=last) == span:
                span = replace(span, first_day=found.pop().first_day)
            found.append(span)
        return found

    def span(self, day: date) -> Span | None:
        return next((each for each in self.spans if each.covers(day)), None)

    def state(self, day: date) -> str:
        """The state on a day; the first day of a termination is already out (R5)."""
        span = self.span(day)
        return span.state if span is not None else "annulled" if self.annulled else "pending"

    def began(self) -> bool:
        """Whether it was ever in force."""
        return self.ended_on >= self.first_day

    def suspension(self, day: date, *, imposed: bool) -> Suspension | None:
        """The suspension that runs on a day."""
        return next((each for each in self.all_suspensions if each.imposed is imposed and each.covers(day)), None)

    # What is under way ------------------------------------------------------------------------------------------------

    @cached_property
    def cases(self) -> list[TerminationCase]:
        """Termination cases; the second imposed suspension of the term opens one on its first day (R6)."""
        imposed = sorted((each for each in self.suspensions if each.imposed), key=lambda each: (each.first_day, each.id))
        counted = [each for each in imposed if self.first_day <= each.first_day <= self.ended_on]
        found = list(self.opened)
        for each in counted[1:]:
            found.append(TerminationCase(each.id, "M43(1)", each.first_day, self.closings.get(each.id)))
        cases: list[TerminationCase] = []
        for case in sorted(found, key=lambda each: (each.opened_on, each.id)):
            last = self.reach(case.suspension)
            decided = self._decided(case.suspension)
            ends = [each for each in (case.closed_on, decided, last + ONE_DAY) if each is not None and each >= case.opened_on]
            closed = min(ends, default=case.opened_on)
            beside = any(other.ground == case.ground and other.opened_on <= case.opened_on < other.closes_on for other in cases)
            if not beside and case.opened_on <= last:
                cases.append(TerminationCase(case.id, case.ground, case.opened_on, closed, case.suspension))
        return cases

    def _decided(self, suspension: int | None) -> date | None:
        """The first day on which a termination was decided, in the next term too where the suspension goes on into it."""
        days = [each.decided_on for each in self.decisions if not each.at_request]
        if suspension in self.going_on and self.successor is not None:
            later = self.successor._decided(suspension)
            days += [later] if later is not None else []
        return min(days, default=None)

    def open_check(self, day: date) -> bool:
        """Whether a full check is open on a day (I12)."""
        return any(ordered <= day and (closed is None or day < closed) for ordered, closed in self.checks)

    @property
    def renewal(self) -> Renewal | None:
        """What was asked last about the time after the term and not taken back."""
        return next((each for each in reversed(self.renewals) if each.withdrawn_on is None), None)


def read(facts: Iterable[PlainFact], main: Term | None = None, previous: Term | None = None) -> Term:
    """Fold facts, in the order recorded. Raises Impossible for a fact whose ground is gone."""
    term = Term(main=main, previous=previous)
    for fact in facts:
        folding = _FOLDS.get(fact.kind)
        if folding is None:
            continue
        if term.annulled and fact.kind not in ("signed", "filed"):
            raise Impossible(fact.kind, "annulled")
        folding(term, fact)
        _use(term, fact)
    _release(term)
    cut(term.suspensions)
    return term


def _use(term: Term, fact: PlainFact) -> None:
    """A decision follows the intention that was told for it (M38.6)."""
    told = fact.data.get("intention")
    if told is None:
        return
    intention = next((each for each in term.intentions if each.id == told), None)
    if intention is None:
        raise Impossible(fact.kind, "none")
    intention.used = True


def _release(term: Term) -> None:
    """A failed rectification keeps the agreement suspended until the case it opened is closed (R6)."""
    for suspension in term.suspensions:
        if suspension.rectified is False and suspension.rectified_on is not None:
            failed_on = suspension.rectified_on
            closings = [day for day in term.closings.values() if day >= failed_on]
            suspension.released_on = min(closings, default=None)


def _day(fact: PlainFact) -> date:
    """The day a fact was recorded: the day of the act."""
    return fact.at.date() if fact.at else fact.on


def _find(rows: Iterable[Any], fact: PlainFact) -> Any:
    """What a fact is about, by the fact that opened it."""
    for row in rows:
        if row.id == fact.data.get("of"):
            return row
    raise Impossible(fact.kind, "none")


def _required(value: Any) -> date:
    day = day_of(value)
    assert day is not None
    return day


def _signed(term: Term, fact: PlainFact) -> None:
    term.first_day, term.last_day, term.annulled = _required(fact.data["from"]), _required(fact.data["to"]), False
    term.taken_over_on = _day(fact) if fact.data.get("taken_over") else None
    term.signed_on = _day(fact)


def _filed(term: Term, fact: PlainFact) -> None:
    term.filed_on = fact.on


def _suspension_requested(term: Term, fact: PlainFact) -> None:
    first, last = _required(fact.data["from"]), _required(fact.data["to"])
    term.suspensions.append(Suspension(fact.id, False, first, last, requested_on=_day(fact)))


def _suspension_decided(term: Term, fact: PlainFact) -> None:
    suspension = _find(term.suspensions, fact)
    suspension.granted, suspension.decided_on = bool(fact.data["granted"]), _day(fact)
    if suspension.granted:
        suspension.first_day, suspension.stated_last = _required(fact.data["from"]), _required(fact.data["to"])


def _granted(term: Term, fact: PlainFact) -> Suspension:
    """The suspension at request that a fact is about; one that was never granted cannot be resumed or prolonged."""
    suspension: Suspension = _find(term.suspensions, fact)
    if not suspension.granted:
        raise Impossible(fact.kind, "requested")
    return suspension


def _resumption_requested(term: Term, fact: PlainFact) -> None:
    _granted(term, fact).resumption_on = _day(fact)


def _resumed(term: Term, fact: PlainFact) -> None:
    suspension = _granted(term, fact)
    if suspension.resumption_on is None:
        raise Impossible(fact.kind, "none")
    suspension.resumed_on = _day(fact)


def _lapse_prevented(term: Term, fact: PlainFact) -> None:
    _granted(term, fact).prevented_to = _required(fact.data["to"])


def _suspended(term: Term, fact: PlainFact) -> None:
    first, last = _required(fact.data["from"]), _required(fact.data["to"])
    term.suspensions.append(Suspension(fact.id, True, first, last, fact.data.get("ground", ""), decided_on=_day(fact)))


def _suspension_amended(term: Term, fact: PlainFact) -> None:
    _find(term.suspensions, fact).stated_last = _required(fact.data["to"])


def _rectification_recorded(term: Term, fact: PlainFact) -> None:
    suspension = _find(term.suspensions, fact)
    passed, day = bool(fact.data["passed"]), _day(fact)
    # Recorded after the last day it opens the case, but the agreement has gone on (M42.2, R6).
    if day <= suspension.stated_last:
        suspension.rectified, suspension.rectified_on = passed, day
    if not passed:
        term.opened.append(TerminationCase(fact.id, "M43(1)", day, suspension=suspension.id))


def _termination_requested(term: Term, fact: PlainFact) -> None:
    term.requests.append(TerminationRequest(fact.id, _day(fact), _required(fact.data["effective"])))


def _termination_decided(term: Term, fact: PlainFact) -> None:
    request = _find(term.requests, fact)
    request.granted, request.decided_on = bool(fact.data["granted"]), _day(fact)
    if request.granted:
        effective = _required(fact.data["effective"])
        term.decisions.append(Termination(fact.id, effective, "M43(12)", _day(fact), at_request=True, grounds=("M43(12)",)))


def _terminated(term: Term, fact: PlainFact) -> None:
    grounds = tuple(fact.data.get("grounds", ())) or (str(fact.data.get("ground", "")),)
    decided = day_of(fact.data.get("decided_on")) or min(_day(fact), fact.on)
    named = str(fact.data.get("leading") or grounds[0])
    term.decisions.append(Termination(fact.id, fact.on, named, decided, grounds=grounds))


def _full_check_ordered(term: Term, fact: PlainFact) -> None:
    term.checks.append((_day(fact), None))


def _full_check_closed(term: Term, fact: PlainFact) -> None:
    if not term.checks or term.checks[-1][1] is not None:
        raise Impossible(fact.kind, "none")
    term.checks[-1] = (term.checks[-1][0], _day(fact))


def _renewal_requested(term: Term, fact: PlainFact) -> None:
    wanted = fact.kind == "renewal_requested"
    term.renewals.append(Renewal(fact.id, _day(fact), wanted, late=bool(fact.data.get("late"))))


def _renewal_decided(term: Term, fact: PlainFact) -> None:
    renewal = _find(term.renewals, fact)
    renewal.agreed, renewal.decided_on, renewal.agreement = bool(fact.data["agreed"]), _day(fact), fact.data.get("agreement")


def _request_withdrawn(term: Term, fact: PlainFact) -> None:
    """Only what was asked for and waits can be taken back."""
    asked = [*(each for each in term.suspensions if not each.imposed), *term.requests, *term.renewals]
    request = _find(asked, fact)
    if not request.waits:
        raise Impossible(fact.kind, "decided")
    request.withdrawn_on = _day(fact)


def _change_reported(term: Term, fact: PlainFact) -> None:
    data = fact.data
    approved = day_of(data.get("approved_on"))
    change = Change(fact.id, str(data["field"]), data.get("value"), bool(data.get("major")), _day(fact), approved)
    change.late = bool(data.get("late"))
    term.changes.append(change)


def _change_decided(term: Term, fact: PlainFact) -> None:
    change = _find(term.changes, fact)
    change.approved, change.decided_on = bool(fact.data["approved"]), _day(fact)
    if fact.data.get("opens"):
        term.opened.append(TerminationCase(fact.id, str(fact.data["opens"]), _day(fact)))


def _part_suspended(term: Term, fact: PlainFact) -> None:
    data = fact.data
    first, last = _required(data["from"]), day_of(data.get("to"))
    department, person = str(data.get("department") or ""), data.get("person")
    term.parts.append(Part(fact.id, first, last, bool(data.get("ended")), _day(fact), department, person))


def _hold_demanded(term: Term, fact: PlainFact) -> None:
    term.hold_demanded_on = _day(fact)


def _held(term: Term, fact: PlainFact) -> None:
    term.holds.append(Hold(fact.id, _day(fact), str(fact.data["clause"]), at=fact.at))


def _hold_released(term: Term, fact: PlainFact) -> None:
    hold = _find(term.holds, fact)
    hold.released_on, hold.released_at = _day(fact), fact.at
    term.hold_demanded_on = None


def _intended(term: Term, fact: PlainFact) -> None:
    last = _required(fact.data["last_day"])
    term.intentions.append(Intention(fact.id, str(fact.data["act"]), _day(fact), last, bool(fact.data.get("urgent"))))


def _heard(term: Term, fact: PlainFact) -> None:
    _find(term.intentions, fact).heard_on = _day(fact)


def _case_opened(term: Term, fact: PlainFact) -> None:
    term.opened.append(TerminationCase(fact.id, str(fact.data["ground"]), _day(fact)))


def _case_closed(term: Term, fact: PlainFact) -> None:
    """``of`` is a case opened by a fact, or the second suspension itself; closing it before it opens is impossible."""
    of = fact.data.get("of")
    known = {each.id for each in term.opened} | {each.id for each in term.suspensions if each.imposed}
    if of not in known:
        raise Impossible(fact.kind, "none")
    term.closings[int(str(of))] = _day(fact)
    term.opened = [each if each.id != of else replace(each, closed_on=_day(fact)) for each in term.opened]


def _reported(term: Term, fact: PlainFact) -> None:
    term.reported[int(str(fact.data["of"]))] = _day(fact)


_FOLDS: dict[str, Callable[[Term, PlainFact], None]] = {
    "signed": _signed,
    "filed": _filed,
    "suspension_requested": _suspension_requested,
    "suspension_decided": _suspension_decided,
    "resumption_requested": _resumption_requested,
    "resumed": _resumed,
    "lapse_prevented": _lapse_prevented,
    "suspended": _suspended,
    "suspension_amended": _suspension_amended,
    "rectification_recorded": _rectification_recorded,
    "termination_requested": _termination_requested,
    "termination_decided": _termination_decided,
    "terminated": _terminated,
    "full_check_ordered": _full_check_ordered,
    "full_check_closed": _full_check_closed,
    "renewal_requested": _renewal_requested,
    "non_renewal_requested": _renewal_requested,
    "renewal_decided": _renewal_decided,
    "request_withdrawn": _request_withdrawn,
    "change_reported": _change_reported,
    "change_decided": _change_decided,
    "part_suspended": _part_suspended,
    "hold_demanded": _hold_demanded,
    "held": _held,
    "hold_released": _hold_released,
    "intended": _intended,
    "heard": _heard,
    "case_opened": _case_opened,
    "case_closed": _case_closed,
    "reported": _reported,
}
