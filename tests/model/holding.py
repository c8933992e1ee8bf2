"""Payment held, persons suspended or ended for settlement (I17, M45, I5)."""

from __future__ import annotations

from datetime import date

from tests.model.facts import Part
from tests.model.world import Open, Refused, World, step


@step
def hold_settlement(world: World, who: str) -> Refused:
    house = world.institutions[who]
    if world.alive(who) is None or world.state(who) == "pending" or any(released is None for _, released in house.holds):
        raise Open
    house.holds.append([world.today, None])
    return set()


@step
def release_hold(world: World, who: str) -> Refused:
    running = [each for each in world.institutions[who].holds if each[1] is None]
    if not running:
        return {"state"}
    running[0][1] = world.today
    return set()


@step
def suspend_part(world: World, who: str, person: str, first: date, last: date | None) -> Refused:
    house = world.institutions[who]
    if world.alive(who) is None or world.state(who) == "pending" or first < world.today or (last and last < first):
        raise Open
    if any(each.name == person for each in house.parts):
        raise Open
    house.parts.append(Part(person, True, first, last, world.today))
    return set()
