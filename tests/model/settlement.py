"""The settlement answer straight from R8."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.model.clauses import ended_by, own
from tests.model.facts import Institution

NATIONAL_RULES = date(2026, 4, 1)  # I46


def settlement(
    house: Institution,
    today: date,
    service_on: date,
    *,
    admitted_on: date | None = None,
    person: str | None = None,
    emergency: bool = False,
    through: Institution | None = None,
) -> dict[str, Any] | None:
    """R8, first that applies. None: the texts leave it open. ``through``: the physical institution of an internet hospital (M5.2)."""
    if through and len(through.lives) > 1 and (through.holds or through.parts):
        return None
    holds, parts = house.holds + (through.holds if through else []), house.parts + (through.parts if through else [])
    life = next((each for each in house.lives if each.first <= service_on <= each.end()[0]), None)
    state = life.state(service_on) if life else "out"
    if emergency and house.kind == "hospital" and state != "active":
        return {"answer": "by_hand", "clause": "M33"}
    for began, released in holds:
        if began and began <= service_on and released is None:
            return {"answer": "hold", "clause": "I17"}
    stopped = [each for each in parts if each.name == person and each.first <= service_on]
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
    decisions = len(life.all_suspensions) + len(life.terminations)
    if life.state(admitted_on) != "active" or decisions > 1 or admitted_on > service_on:
        return None
    if state == "active":
        return {"answer": "settle"}
    settled = {"answer": "settle", "clause": "I20"}
    how = life.end()[1]
    if state == "out":
        if how != "terminated":
            return None if life.all_suspensions else False
        ended = life.ending
        before = ended.effective if ended.by_request else ended.decided_on
        if ended.decided_on < NATIONAL_RULES and not ended.by_request:
            return False
        return settled if admitted_on < before else False
    suspended = life.all_suspensions[0]
    if suspended.decided_on < NATIONAL_RULES and suspended.imposed:
        return False
    before = suspended.decided_on if suspended.imposed else suspended.first
    return settled if admitted_on < before else False
