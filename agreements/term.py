"""The life of an agreement: every day's state, what ended it, what is under way (R5–R7, R9, R14). Pure; ``agreements.folding`` makes it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from agreements.matters import Change, Hold, Intention, Part, Renewal, TerminationCase, TerminationRequest
from agreements.suspensions import Suspension, cut

ONE_DAY = timedelta(days=1)
STATES = {
    "pending": "待生效",
    "active": "履行中",
    "suspended": "中止中",
    "expired": "已终止",
    "terminated": "已解除",
    "annulled": "已更正",
}


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
    replaced_from: date = date.max  # by an agreement signed while this one was believed ended
    main: Term | None = None
    previous: Term | None = None
    successor: Term | None = None  # given where something goes on into it (``going_on``)
    suspensions: list[Suspension] = field(default_factory=list)
    decisions: list[Termination] = field(default_factory=list)
    requests: list[TerminationRequest] = field(default_factory=list)
    opened: list[TerminationCase] = field(default_factory=list)  # by facts; ``cases`` adds the second suspension's
    called_on: date | None = None  # the call to renew went out (M41.1)
    renewals: list[Renewal] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    hold_demanded_on: date | None = None
    intentions: list[Intention] = field(default_factory=list)
    checks: list[tuple[date, date | None]] = field(default_factory=list)  # full checks: ordered, closed (I12)
    reported: dict[int, date] = field(default_factory=dict)  # decision → the day it was reported to the bureau (M49.2)
    served: dict[int, date] = field(default_factory=dict)  # decision → the day its paper was served, where proved (R11)
    closings: dict[int, date] = field(default_factory=dict)  # case → the day it was closed without a termination

    # What goes on into the next term ------------------------------------------------------------------------------------

    @cached_property
    def going_on(self) -> set[int]:
        """What is beyond the last day of a term that reached its end: suspensions that run on, and what was asked or decided ahead (R6)."""
        if self.annulled or self.end.last_day != self.last_day:
            return set()
        ahead = [each.id for each in self.all_requests if each.waits and each.effective > self.last_day]
        return {*ahead, *(each.id for each in self.all_suspensions if each.goes_beyond(self.last_day))}

    def reach(self, suspension: int | None) -> date:
        """The last day on which a suspension, the case of its failed rectification, or a request can still go on."""
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
        if self.previous is not None and not self.previous.annulled:
            # Decided in the term before for a day in this one.
            found += [each for each in self.previous.terminations if each.effective > self.previous.last_day]
        return sorted(found, key=lambda each: (each.effective, each.id))

    @cached_property
    def all_suspensions(self) -> list[Suspension]:
        """Its own and those that go on from the term before, or were decided there for days in this one (R6)."""
        before = self.previous
        if before is None or before.annulled or before.end.last_day != before.last_day:
            return list(self.suspensions)
        # Copies: one imposed in this term ends here one at request from the term before.
        found = [replace(each) for each in before.all_suspensions if each.goes_beyond(before.last_day)]
        found += [replace(each) for each in self.suspensions]
        cut(found)
        return found

    @cached_property
    def all_requests(self) -> list[TerminationRequest]:
        """To leave: its own, and those that wait from the term before for a day in this one."""
        before = self.previous.all_requests if self.previous is not None and not self.previous.annulled else []
        last = self.previous.last_day if self.previous is not None else date.max
        return [*(each for each in before if each.waits and each.effective > last), *self.requests]

    @cached_property
    def end(self) -> End:
        """The first of what ends it. On one day the end of the term wins (R14)."""
        while_suspended = any(each.covers(self.last_day) for each in self._suspensions_in_force())
        ends = [End(self.last_day, "expired", "M42.2" if while_suspended else "M41.3")]
        for decision in self.terminations:
            ends.append(End(decision.effective - ONE_DAY, "terminated", decision.clause, decision.decided_on, decision.at_request))
        if self.replaced_from <= self.last_day:
            ends.append(End(self.replaced_from - ONE_DAY, "expired", "M10.1"))
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
        imposed = sorted((each for each in self.all_suspensions if each.imposed), key=lambda each: (each.first_day, each.id))
        counted = [each for each in imposed if self.first_day <= each.first_day <= self.ended_on]
        found = list(self.opened)
        for each in counted[1:]:
            found.append(TerminationCase(each.id, "M43(1)", each.first_day, self._closing(each.id)))
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

    def _closing(self, case: int) -> date | None:
        """The day a case was closed without a termination, by the facts of the term that opened it."""
        closed = self.closings.get(case)
        return closed if closed is not None or self.previous is None else self.previous._closing(case)

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
    def waiting(self) -> dict[str, date | None]:
        """Since when the city agency has to decide, to close a full check, to hold payment; by the column that keeps it for lists."""
        # What another store's termination is to reach is decided there.
        ready = [each.ready_on for each in self.intentions if each.waits and each.origin is None]
        checks = [ordered for ordered, closed in self.checks if closed is None]
        held = any(each.released_on is None for each in self.holds)
        return {
            "decision_from": min(ready, default=None),
            "check_since": min(checks, default=None),
            "hold_demanded_on": None if held else self.hold_demanded_on,
        }

    @property
    def renewal(self) -> Renewal | None:
        """What was asked last about the time after the term and not taken back."""
        return next((each for each in reversed(self.renewals) if each.withdrawn_on is None), None)

    @property
    def renewal_stage(self) -> str:
        """How far the renewal has come: quiet, called, asked, agreed or declined (M41)."""
        if self.renewal is None:
            return "quiet" if self.called_on is None else "called"
        return "asked" if self.renewal.agreed is None else "agreed" if self.renewal.agreed else "declined"
