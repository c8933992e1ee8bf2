"""Bans as pure functions of dated facts and a day (R4, M9.8, M12.3–M12.8). No Django, no flag that a job must clear.

Facts of an institution (``PlainFact.kind``; days in ``data`` are ISO text):

- ``second_fail``        on = the day the second result was served
- ``application_fraud``  on = the day of discovery; ``application``: the application concerned, so that the first one recorded counts
- ``termination``        on = the effective day; ``natures``: values of R5; ``decided_on``; ``application``;
  ``penalty_open``, ``liability_open``: whether something is still owed
- ``penalty``            on = the day it was recorded; ``by``: its last day, or null
- ``penalty_fulfilled``, ``liability_fulfilled``  on = the day

A termination and what it bars begin on the day the decision was served where that is later (``casework.facts.in_effect``, R5).

Facts of a person:

- ``barred_person``      on = the effective day; ``institution_kind``; ``where``: the institution, for the sentence
- ``dishonest_listed``, ``dishonest_unlisted``  on = the day of entry or removal
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from casework.facts import PlainFact, day_of
from deadlines.periods import add_years
from law.clauses import numbered

VIOLATIONS = frozenset({"violation", "serious_violation"})
FRAUD_YEARS = VIOLATION_YEARS = 3
BREACH_YEARS = FAILED_YEARS = 1
PERSON_YEARS = 5


@dataclass(frozen=True)
class Ban:
    """One reason why no application is possible. ``until``: last barred day, None while it depends on an act."""

    clause: str
    starts_on: date
    until: date | None
    sentence: str
    remains: str = ""  # what must still be done, in words
    person: str = ""

    @property
    def opens_on(self) -> date | None:
        """The first day on which this ban bars no more (R1: the day after its last day)."""
        return self.until + timedelta(days=1) if self.until else None

    def bars(self, day: date) -> bool:
        return self.starts_on <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class PersonFacts:
    """One of the three post holders, with the facts recorded about that person."""

    name: str
    facts: tuple[PlainFact, ...]


def bans_on(
    day: date,
    kind: str,
    institution: Iterable[PlainFact],
    people: Iterable[PersonFacts] = (),
    *,
    across_kinds: bool = False,
) -> list[Ban]:
    """Every ban that bars an institution of this kind on a day, clauses in its numbering, one per clause and last day."""
    recorded = list(institution)
    facts = [fact for fact in recorded if fact.on <= day]
    # A fraud bars from its discovery, else from the day of the decision, though the termination take effect later (R4).
    found = [*_failed(facts), *_fraud(recorded), *_terminated(facts, day), *_penalties(facts, day)]
    for person in people:
        found += _person(person, kind, day, across_kinds)
    unique: dict[tuple[str, date | None], Ban] = {}
    for ban in found:
        if ban.bars(day):
            clause = numbered(ban.clause, kind)
            unique.setdefault((clause, ban.until), Ban(clause, ban.starts_on, ban.until, ban.sentence, ban.remains, ban.person))
    return sorted(unique.values(), key=lambda ban: (ban.clause, ban.until or date.max))


def bans_through(day: date, kind: str, institution: Iterable[PlainFact], people: Iterable[PersonFacts] = ()) -> list[Ban]:
    """Every ban there was or is up to a day, each once; one that an act ended has the day before that act as its last."""
    facts, persons = list(institution), list(people)
    every = [*facts, *(fact for person in persons for fact in person.facts)]
    starts = {fact.on for fact in every} | {day_of(fact.data["decided_on"]) or fact.on for fact in facts if fact.data.get("decided_on")}
    days = sorted({each for each in starts if each <= day} | {day})
    found: dict[tuple[str, date, str], Ban] = {}
    for number, each in enumerate(days):
        now = {(ban.clause, ban.starts_on, ban.person): ban for ban in bans_on(each, kind, facts, persons)}
        for key, ban in found.items():
            if ban.until is None and key not in now and number:
                found[key] = replace(ban, until=each - timedelta(days=1), remains="")
        found |= now
    return sorted(found.values(), key=lambda ban: (ban.starts_on, ban.clause))


def warnings_on(day: date, kind: str, people: Iterable[PersonFacts]) -> list[str]:
    """Persons barred through the other kind of institution: a warning, not a bar (R4)."""
    sentences = []
    for person in people:
        for fact in person.facts:
            if fact.kind == "barred_person" and fact.data.get("institution_kind") != kind:
                until = add_years(fact.on, PERSON_YEARS)
                if fact.on <= day <= until:
                    sentences.append(f"{person.name}曾致另一类定点机构因严重违法违规被解除协议(至{until}),请留意。")
    return sentences


def _failed(facts: list[PlainFact]) -> list[Ban]:
    return [
        Ban("M9.8", fact.on, add_years(fact.on, FAILED_YEARS), f"再次评估仍不合格,结果于{fact.on}送达,1年内不得再次申请。")
        for fact in facts
        if fact.kind == "second_fail"
    ]


def _fraud(facts: list[PlainFact]) -> list[Ban]:
    first: dict[object, date] = {}
    for fact in facts:
        if fact.kind == "application_fraud":
            key = fact.data.get("application")
            first[key] = min(first.get(key, fact.on), fact.on)
    for fact in facts:
        if fact.kind == "termination" and "fraud_in_applying" in fact.data.get("natures", ()):
            key = fact.data.get("application")
            first.setdefault(key, day_of(fact.data.get("decided_on")) or fact.on)
    return [Ban("M12.4", day, add_years(day, FRAUD_YEARS), f"以不正当手段申请定点,{day}发现,3年内不予受理。") for day in first.values()]


def _terminated(facts: list[PlainFact], day: date) -> list[Ban]:
    found = []
    for fact in facts:
        if fact.kind != "termination":
            continue
        natures = set(fact.data.get("natures", ()))
        if natures & VIOLATIONS:
            found += _dated_and_owed(fact, facts, day, "M12.5", VIOLATION_YEARS, "penalty", "因违法违规被解除协议", "行政处罚")
        if "serious_breach" in natures:
            found += _dated_and_owed(fact, facts, day, "M12.6", BREACH_YEARS, "liability", "因严重违约被解除协议", "违约责任")
    return found


def _dated_and_owed(
    fact: PlainFact, facts: list[PlainFact], day: date, clause: str, years: int, owed: str, why: str, what: str
) -> list[Ban]:
    """Fixed years from the effective day, and on until what is owed is carried out; gone from the act that ends it on, the same day."""
    end = add_years(fact.on, years)
    open_still = bool(fact.data.get(f"{owed}_open")) and not carried_out(fact, facts, owed)
    sentence = f"{why}({fact.on}起),未满{years}年"
    if open_still:
        remains = f"须先履行完{what}"
        ends = f"{sentence},至{end}止,且" if day <= end else f"{why}({fact.on}起)已满{years}年,但"
        return [Ban(clause, fact.on, None, f"{ends}{what}尚未履行完毕。", remains)]
    return [Ban(clause, fact.on, end, f"{sentence},至{end}止。")]


def _penalties(facts: list[PlainFact], day: date) -> list[Ban]:
    found = []
    for fact in facts:
        if fact.kind != "penalty":
            continue
        last = day_of(fact.data.get("by"))
        starts = last + timedelta(days=1) if last and last >= fact.on else fact.on
        if not carried_out(fact, facts, "penalty") and starts <= day:
            found.append(Ban("M12.3", starts, None, f"行政处罚自{starts}起逾期未履行。", "须先履行行政处罚"))
    return found


def _person(person: PersonFacts, kind: str, day: date, across_kinds: bool) -> list[Ban]:
    found = []
    for fact in person.facts:
        if fact.kind == "barred_person" and (across_kinds or fact.data.get("institution_kind") == kind):
            until = add_years(fact.on, PERSON_YEARS)
            where = fact.data.get("where") or "原定点机构"
            sentence = f"{person.name}曾致{where}因严重违法违规被解除协议({fact.on}起),未满5年,至{until}止。"
            found.append(Ban("M12.7", fact.on, until, sentence, person=person.name))
    listed = _listed_since(person.facts, day)
    if listed is not None:
        found.append(
            Ban("M12.8", listed, None, f"{person.name}自{listed}起被列入失信人名单。", "须移出失信人名单,或更换该人员", person.name)
        )
    return found


def _listed_since(facts: Iterable[PlainFact], day: date) -> date | None:
    since = None
    for fact in sorted(facts, key=lambda fact: (fact.on, fact.id)):
        if fact.on > day:
            break
        if fact.kind == "dishonest_listed":
            since = since or fact.on
        elif fact.kind == "dishonest_unlisted":
            since = None
    return since


def carried_out(fact: PlainFact, facts: Iterable[PlainFact], what: str) -> bool:
    """Whether the ``penalty`` or ``liability`` of a fact was fulfilled: named by a later fact, or meant by one that names none."""
    return any(each.kind == f"{what}_fulfilled" and each.id > fact.id and each.data.get("of") in (None, fact.id) for each in facts)


def owed(facts: Iterable[PlainFact], what: str) -> list[PlainFact]:
    """Each ``penalty`` or ``liability`` still to be carried out: one recorded, or left open by a termination (R4)."""
    rows = list(facts)
    concerned = [each for each in rows if each.kind == what or bool(each.data.get(f"{what}_open"))]
    return [each for each in concerned if not carried_out(each, rows, what)]


def summary(bans: Iterable[Ban]) -> list[Mapping[str, object]]:
    """Bans as rows for API, replay and pages."""
    return [{"clause": ban.clause, "until": ban.until, "sentence": ban.sentence, "remains": ban.remains} for ban in bans]
