"""The model's answers: agreement, bans, may_apply and settlement, straight from R4–R8.

An answer holds only the fields that the texts decide; what is left out is left open by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.model.facts import DAY, Institution, Life
from tests.model.periods import plus_years

NATIONAL_RULES = date(2026, 4, 1)  # I46
# Hospital's number → pharmacy's, of the clauses that the answers name.
TWINS = {
    "M9.5": "P8.5", "M9.8": "P8.8", "M12.3": "P11.1", "M12.4": "P11.2", "M12.5": "P11.3", "M12.6": "P11.4", "M12.7": "P11.5",
    "M12.8": "P11.6", "M33": "P31", "M41.1": "P38.1", "M41.3": "P38.3", "M42.1": "P39.1", "M42.2": "P39.2", "M42.4": "P39.3",
    "M42.5": "P39.4", "M42.6": "P39.5", "M44.1": "P41", "M45": "I5",
}  # fmt: skip
People = Mapping[str, Institution]


def own(clause: str, house: Institution) -> str:
    """The clause in the numbering of the institution's kind."""
    return clause if house.kind == "hospital" else TWINS.get(clause, clause)


def ground(number: int, house: Institution) -> str:
    return f"M43({number})" if house.kind == "hospital" else f"P40({number})"


def ended_by(life: Life, house: Institution) -> str | None:
    """The clause that ended it; None where several grounds leave open which one is named."""
    how = life.end()[1]
    if how == "terminated":
        assert life.termination
        return ground(life.termination.grounds[0], house) if len(life.termination.grounds) == 1 else None
    return own({"term": "M41.3", "suspended": "M42.2", "lapse": "M42.5"}[how], house)


def agreement(house: Institution, day: date) -> dict[str, Any]:
    life = next((each for each in house.lives if each.first <= day <= each.end()[0]), house.life)
    if life is None:
        return {"state": "none"}
    state, (last, how) = life.state(day), life.end()
    answer: dict[str, Any] = {"state": state}
    if not (how == "terminated" and len(life.terms) > 1):
        answer["from"], answer["to"] = life.term_on(min(day, max(last, life.first)))
    if state in ("expired", "terminated"):
        if last >= life.first:  # ended before it began: no day in force
            answer["ended_on"] = last
        clause = ended_by(life, house)
        if clause:
            answer["ended_by"] = clause
    else:
        answer |= {"ended_on": None, "ended_by": None}
    return answer


def bans(world: People, dishonest: set[str], house: Institution, day: date) -> set[tuple[str, date | None]]:
    """R4: every open ban as (clause, last barred day; None while open-ended)."""
    found: set[tuple[str, date | None]] = set()

    def barred(clause: str, first: date, years: int, held_open: bool = False) -> None:
        until = plus_years(first, years)
        if first <= day and (held_open or day <= until):
            found.add((own(clause, house), None if held_open else until))

    for served in house.second_fails:
        barred("M9.8", served, 1)
    if house.frauds:
        barred("M12.4", min(house.frauds), 3)
    for penalty in house.penalties:
        if penalty.barring_from() <= day and not (penalty.done and penalty.done <= day):
            found.add((own("M12.3", house), None))
    for life in house.lives:
        ended = life.termination
        if ended is None or not ended.released or life.end()[1] != "terminated":
            continue
        if "fraud_in_applying" in ended.natures and not house.frauds:
            barred("M12.4", ended.decided_on, 3)
        if ended.natures & {"violation", "serious_violation"}:
            barred("M12.5", ended.effective, 3, ended.penalty_open and not (ended.penalty_done and ended.penalty_done <= day))
        if "serious_breach" in ended.natures:
            barred("M12.6", ended.effective, 1, ended.liability_open and not (ended.liability_done and ended.liability_done <= day))
    for other in world.values():
        for life in other.lives:
            ended = life.termination
            if ended and other.kind == house.kind and ended.persons & house.posts and life.end()[1] == "terminated":
                barred("M12.7", ended.effective, 5)
    if dishonest & house.posts:
        found.add((own("M12.8", house), None))
    return found


def may_apply(world: People, dishonest: set[str], house: Institution, day: date) -> dict[str, Any]:
    if house.living(day) or house.filing:
        return {"yes": False, "earliest_on": None}
    open_bans = bans(world, dishonest, house, day)
    clauses = {clause for clause, _ in open_bans}
    if house.full_check:  # R9
        return {"yes": False, "clauses": clauses | {"I12"}, "earliest_on": None}
    if not open_bans:
        return {"yes": True, "clauses": set(), "earliest_on": day}
    answer: dict[str, Any] = {"yes": False, "clauses": clauses}
    if any(until is None for _, until in open_bans):
        answer["earliest_on"] = None
    elif not _more_to_come(world, dishonest, house, day):
        answer["earliest_on"] = max(until for _, until in open_bans if until) + DAY
    return answer


def _more_to_come(world: People, dishonest: set[str], house: Institution, day: date) -> bool:
    """Whether a ban is known already that opens on a later day: the texts do not say what the earliest day is then."""
    later = [each.barring_from() for each in house.penalties if not each.done]
    later += [life.termination.effective for other in world.values() for life in other.lives if life.termination]
    return any(each > day for each in later)


def settlement(
    house: Institution,
    today: date,
    service_on: date,
    *,
    admitted_on: date | None = None,
    person: str | None = None,
    emergency: bool = False,
) -> dict[str, Any] | None:
    """R8, first that applies. None: the texts leave it open."""
    life = next((each for each in house.lives if each.first <= service_on <= each.end()[0]), None)
    state = life.state(service_on) if life else "out"
    if emergency and house.kind == "hospital" and state != "active":
        return {"answer": "by_hand", "clause": "M33"}
    for began, released in house.holds:
        if began and began <= service_on and released is None:
            return {"answer": "hold", "clause": "I17"}
    stopped = [each for each in house.parts if each.name == person and each.first <= service_on]
    part = any(each.last is None or service_on <= each.last for each in stopped)
    if admitted_on:
        stay = _stay(house, service_on, admitted_on, state, part)
        if stay is not False:
            return stay
    if state == "out":
        before = [each for each in house.lives if each.end()[0] < service_on and each.end()[0] >= each.first]
        never = [each for each in house.lives if each.end()[0] < each.first]
        if never:
            return {"answer": "refuse"}
        if not before:
            return {"answer": "refuse", "clause": own("M33", house)}
        if any(each.first > service_on for each in house.lives):
            return {"answer": "refuse"}
        clause = ended_by(before[-1], house)
        return {"answer": "refuse"} | ({"clause": clause} if clause else {})
    if state == "suspended":
        return {"answer": "refuse", "clause": own("M42.1", house)}
    if part:
        return {"answer": "refuse", "clause": own("M45", house)}
    return {"answer": "settle", "clause": own("M33", house)}


def _stay(house: Institution, service_on: date, admitted_on: date, state: str, part: bool) -> Any:
    """R8(3) for a stay: the answer, False where it does not apply, None where the texts leave it open."""
    life = house.life
    if house.kind != "hospital" or part or len(house.lives) != 1 or life is None:
        return None
    decisions = len(life.suspensions) + bool(life.termination)
    if life.state(admitted_on) != "active" or decisions > 1 or admitted_on > service_on:
        return None
    if state == "active":
        return {"answer": "settle"}
    settled = {"answer": "settle", "clause": "I20"}
    how = life.end()[1]
    if state == "out":
        if how != "terminated" or life.termination is None:
            return None if life.suspensions else False
        ended = life.termination
        before = ended.effective if ended.by_request else ended.decided_on
        if ended.decided_on < NATIONAL_RULES:
            return None if ended.by_request else False
        return settled if admitted_on < before else False
    suspended = life.suspensions[0]
    if suspended.decided_on < NATIONAL_RULES:
        return None if not suspended.imposed else False
    before = suspended.decided_on if suspended.imposed else suspended.first
    return settled if admitted_on < before else False
