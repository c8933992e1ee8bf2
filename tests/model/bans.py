"""Bans straight from R4, and when an application is possible again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.model.clauses import own
from tests.model.facts import DAY, Institution
from tests.model.periods import plus_years

People = Mapping[str, Institution]


def bans(world: People, dishonest: set[str], house: Institution, day: date) -> set[tuple[str, date | None]]:
    """R4: every open ban as (clause, last barred day; None while open-ended)."""
    found: set[tuple[str, date | None]] = set()

    def bars(clause: str, first: date, years: int, held_open: bool = False) -> None:
        until = plus_years(first, years)
        if first <= day and (held_open or day <= until):
            found.add((own(clause, house), None if held_open else until))

    for served in house.second_fails:
        bars("M9.8", served, 1)
    if house.frauds:
        bars("M12.4", min(house.frauds), 3)
    for penalty in house.penalties:
        if penalty.barring_from() <= day and not (penalty.done and penalty.done <= day):
            found.add((own("M12.3", house), None))
    for life in house.lives:
        ended = life.termination
        if ended is None or not ended.released or life.end()[1] != "terminated":
            continue
        if "fraud_in_applying" in ended.natures and not house.frauds:
            bars("M12.4", ended.decided_on, 3)
        if ended.natures & {"violation", "serious_violation"}:
            bars("M12.5", ended.effective, 3, ended.penalty_open and not (ended.penalty_done and ended.penalty_done <= day))
        if "serious_breach" in ended.natures:
            bars("M12.6", ended.effective, 1, ended.liability_open and not (ended.liability_done and ended.liability_done <= day))
    for other in world.values():
        for life in other.lives:
            ended = life.termination
            if ended and other.kind == house.kind and ended.persons & house.people and life.end()[1] == "terminated":
                bars("M12.7", ended.effective, 5)
    if dishonest & house.people:
        found.add((own("M12.8", house), None))
    return found


def barred(world: People, dishonest: set[str], person: str, kind: str, day: date) -> bool:
    """Whether a person bars institutions of a kind (M12.7, M12.8)."""
    ended = [life for house in world.values() if house.kind == kind for life in house.lives if life.end()[1] == "terminated"]
    behind = [life.termination.effective for life in ended if life.termination and person in life.termination.persons]
    return person in dishonest or any(first <= day <= plus_years(first, 5) for first in behind)


def may_apply(world: People, dishonest: set[str], house: Institution, day: date) -> dict[str, Any]:
    if house.living(day) or house.filing:
        return {"yes": False, "earliest_on": None}
    open_bans = bans(world, dishonest, house, day)
    clauses = {clause for clause, _ in open_bans}
    depends = {"I12"} if house.full_check else set()  # R9
    if house.parent and not world[house.parent].living(day):
        depends.add("M5.2")
    if depends:
        return {"yes": False, "clauses": clauses | depends, "earliest_on": None}
    if not open_bans:
        return {"yes": True, "clauses": set(), "earliest_on": day}
    answer: dict[str, Any] = {"yes": False, "clauses": clauses}
    if any(until is None for _, until in open_bans):
        answer["earliest_on"] = None
    elif not _more_to_come(world, dishonest, house, day):
        earliest = max(until for _, until in open_bans if until) + DAY
        if not house.parent or world[house.parent].living(earliest):  # else it depends on the main agreement's renewal
            answer["earliest_on"] = earliest
    return answer


def _more_to_come(world: People, dishonest: set[str], house: Institution, day: date) -> bool:
    """Whether a ban is known already that opens on a later day: the texts do not say what the earliest day is then."""
    later = [each.barring_from() for each in house.penalties if not each.done]
    later += [life.termination.effective for other in world.values() for life in other.lives if life.termination]
    return any(each > day for each in later)
