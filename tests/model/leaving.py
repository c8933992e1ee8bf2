"""Termination at request and the full check it waits for (M44, I12, R9)."""

from __future__ import annotations

from datetime import date

from tests.model.clauses import own
from tests.model.facts import DAY, Termination
from tests.model.periods import latest_notice
from tests.model.world import Open, Refused, World, step


@step
def request_termination(world: World, who: str, effective: date) -> Refused:
    house, life = world.institutions[who], world.alive(who)
    if life is None or world.state(who) == "pending":
        return {"state"}
    if world.today > latest_notice(effective):
        return {own("M44.1", house)}
    if house.asked_termination or house.asked_suspension or life.termination or effective > life.end()[0] or life.renewal_asked:
        raise Open
    if len(life.terms) > 1 or [each for each in life.suspensions if each.first > world.today]:
        raise Open
    house.asked_termination = effective
    return set()


@step
def decide_termination(world: World, who: str, granted: bool = True, exception: bool = False) -> Refused:
    house, life = world.institutions[who], world.alive(who)
    if house.asked_termination is None:
        return {"state"}
    if life is None or world.today >= house.asked_termination or house.asked_termination > life.end()[0]:
        raise Open
    if granted and house.public and not exception:
        return {"M44.2"}
    effective, house.asked_termination = house.asked_termination, None
    if granted:
        world.alone(who)
        life.termination = Termination((12 if house.kind == "hospital" else 15,), frozenset(), world.today, effective, by_request=True)
    return set()


@step
def order_full_check(world: World, who: str) -> Refused:
    house, life = world.institutions[who], world.alive(who)
    if house.full_check or life is None or not life.termination or world.today >= life.termination.effective:
        raise Open
    house.full_check, life.termination.released = True, False
    return set()


@step
def close_full_check(world: World, who: str) -> Refused:
    house = world.institutions[who]
    if not house.full_check:
        return {"state"}
    house.full_check = False
    life = house.life
    assert life
    assert life.termination
    if life.end()[0] >= world.today:
        life.termination.released = True
        if life.termination.effective <= world.today:
            # It takes effect now that nothing stands in its way; whether today or tomorrow is left open.
            life.termination.effective, house.unclear_on = world.today + DAY, world.today
    return set()
