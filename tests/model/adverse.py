"""Adverse facts from outside, and what ends them (M12.3–M12.8, R4)."""

from __future__ import annotations

from datetime import date

from tests.model.facts import Penalty
from tests.model.natures import SERIOUS, VIOLATION
from tests.model.world import Open, Refused, World, step


@step
def impose_penalty(world: World, who: str, by: date | None) -> Refused:
    house = world.institutions[who]
    ended = [life.termination for life in house.lives if life.termination and life.termination.natures & {VIOLATION, SERIOUS}]
    if any(not each.done for each in house.penalties) or ended or (by and by < world.today):
        raise Open
    house.penalties.append(Penalty(world.today, by))
    return set()


@step
def fulfil_penalty(world: World, who: str) -> Refused:
    house = world.institutions[who]
    owed = [each for each in house.penalties if not each.done]
    ended = [life.termination for life in house.lives if life.termination and life.termination.owes("penalty")]
    if not owed and not ended:
        raise Open
    if any(each.effective > world.today for each in ended):
        raise Open
    for penalty in owed:
        penalty.done = world.today
    for each in ended:
        each.penalty_done = world.today
    return set()


@step
def fulfil_liability(world: World, who: str) -> Refused:
    ended = [life.termination for life in world.institutions[who].lives if life.termination and life.termination.owes("liability")]
    if not ended or any(each.effective > world.today for each in ended):
        raise Open
    for each in ended:
        each.liability_done = world.today
    return set()


@step
def discover_fraud(world: World, who: str) -> Refused:
    house = world.institutions[who]
    if any(life.termination and "fraud_in_applying" in life.termination.natures for life in house.lives):
        raise Open
    house.frauds.append(world.today)
    return set()


@step
def record_second_fail(world: World, who: str) -> Refused:
    house = world.institutions[who]
    if house.second_fails or house.filing or house.living(world.today):
        raise Open
    house.second_fails.append(world.today)
    return set()


@step
def list_dishonest(world: World, who: str, person: str) -> Refused:
    if person in world.dishonest:
        return {"state"}
    world.dishonest.add(person)
    return set()


@step
def unlist_dishonest(world: World, who: str, person: str) -> Refused:
    if person not in world.dishonest:
        return {"state"}
    world.dishonest.discard(person)
    return set()
