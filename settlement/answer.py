"""May this service be settled? The answer for an institution and a day from its time line (R8, M33, P31, M42.1, M45, I17, I20). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from agreements.grounds import own_ground
from agreements.term import Span

INPATIENTS_FROM = date(2026, 4, 1)
"""The implementing rules are in force from this day (I46): what was imposed or terminated before leaves inpatients no way (I20).

A suspension or an end at request does, whenever it was granted: R8 limits what the agency itself decides."""


@dataclass(frozen=True)
class Part:
    """A department or person suspended (through ``last_day``) or ended.

    A person is known by insurance code, by ``person_id`` (somebody registered with an identity number), or by name alone.
    """

    name: str
    is_person: bool
    first_day: date
    last_day: date | None
    ended: bool
    decided_on: date
    code: str = ""
    person_id: int | None = None

    def concerns(self, query: Query) -> bool:
        """Whether a service is by it: by what identifies both people, by the name only where nothing does."""
        if not self.is_person:
            return bool(query.department) and query.department == self.name
        for own, asked in ((self.code, query.person_code), (self.person_id, query.person_id)):
            if own and asked:
                return own == asked
        return bool(query.person) and query.person == self.name

    def covers(self, day: date) -> bool:
        return self.first_day <= day and (self.ended or self.last_day is None or day <= self.last_day)


@dataclass(frozen=True)
class Hold:
    """A hold of payment that is open now: services since its first day wait."""

    since: date
    clause: str


@dataclass(frozen=True)
class Line:
    """Everything the answer needs to know of one institution: its agreements' days, its parts, its open holds."""

    kind: str
    spans: tuple[Span, ...] = ()
    parts: tuple[Part, ...] = ()
    holds: tuple[Hold, ...] = ()


@dataclass(frozen=True)
class Query:
    """One service; ``admitted_on`` for an inpatient stay."""

    service_on: date
    admitted_on: date | None = None
    department: str = ""
    person: str = ""
    emergency: bool = False
    person_code: str = ""
    person_id: int | None = None


@dataclass(frozen=True)
class Answer:
    """settle, hold, refuse or by_hand, with the clause in the institution's numbering and a sentence."""

    answer: str
    clause: str
    sentence: str


@dataclass(frozen=True)
class _Obstacle:
    """What stands in the way on the day, and the day before which a stay must have begun to be settled all the same."""

    clause: str
    sentence: str
    admitted_before: date | None = field(default=None)

    def excused(self, query: Query) -> bool:
        return self.admitted_before is not None and query.admitted_on is not None and query.admitted_on < self.admitted_before


RANK = {"active": 0, "suspended": 1, "terminated": 2, "expired": 2, "pending": 3}


def span_on(spans: Iterable[Span], day: date) -> Span | None:
    """What holds on a day: in force before suspended before ended, of two that have ended the later."""
    covering = [each for each in spans if each.covers(day)]
    return min(covering, key=lambda each: (RANK.get(each.state, 4), -each.first_day.toordinal()), default=None)


def settle(line: Line, query: Query) -> Answer:
    """The first that applies (R8)."""
    day, hospital = query.service_on, line.kind == "hospital"
    span = span_on(line.spans, day)
    in_force = span is not None and span.state == "active"
    if query.emergency and hospital and not in_force:
        return _answer(line, "by_hand", "M33", "当日协议未在履行;急诊、抢救费用由参保人按规定手工报销。")
    hold = min((each for each in line.holds if each.since <= day), key=lambda each: each.since, default=None)
    if hold is not None:
        return _answer(line, "hold", hold.clause, f"自{hold.since}起暂停结算拨付,解除后按原规定结算。")
    obstacles = [*_of_agreement(line.kind, span), *_of_parts(line, query)]
    if hospital and obstacles and all(each.excused(query) for each in obstacles):
        return _answer(line, "settle", "I20", f"{query.admitted_on}入院,在决定作出(或生效)之前,出院时可以结算。")
    for obstacle in obstacles:
        if not (hospital and obstacle.excused(query)):
            return _answer(line, "refuse", obstacle.clause, obstacle.sentence)
    return _answer(line, "settle", "M33", "协议履行中,可以结算。")


def _answer(line: Line, word: str, clause: str, sentence: str) -> Answer:
    return Answer(word, own_ground(clause, line.kind), sentence)


def _of_agreement(kind: str, span: Span | None) -> Iterable[_Obstacle]:
    if span is None or span.state == "pending":
        yield _Obstacle("M33", "当日没有生效的医保协议。")
    elif span.state == "suspended":
        yield _Obstacle("M42.1", f"协议自{span.since or span.first_day}起中止,中止期间发生的费用不予结算。", _admission_limit(span))
    elif span.state in ("expired", "terminated"):
        clause = own_ground(span.clause, kind)
        yield _Obstacle(span.clause, f"协议已于{span.first_day}前终止或自该日起解除({clause})。", _admission_limit(span))


def _admission_limit(span: Span) -> date | None:
    """A stay that began before this day is still settled: before the decision, at request before the first day of effect (I20)."""
    if span.at_request:
        return span.since or span.first_day
    return span.decided_on if span.decided_on is not None and span.decided_on >= INPATIENTS_FROM else None


def _of_parts(line: Line, query: Query) -> Iterable[_Obstacle]:
    clause = "M45" if line.kind == "hospital" else "I5"
    for part in line.parts:
        if part.concerns(query) and part.covers(query.service_on):
            word = "终止" if part.ended else "中止"
            limit = part.decided_on if part.decided_on >= INPATIENTS_FROM else None
            yield _Obstacle(clause, f"{part.name}自{part.first_day}起{word}医保结算。", limit)
