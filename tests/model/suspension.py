"""A suspension that is imposed: decided, rectified, shortened (M42.6, R6)."""

from __future__ import annotations

from datetime import date

from tests.model.clauses import own
from tests.model.facts import Suspension
from tests.model.world import Open, Refused, World, step


@step
def suspend(world: World, who: str, first: date, last: date) -> Refused:
    house, life = world.institutions[who], world.alive(who)
    running = life.suspended_on(world.today) if life else None
    if life is None or world.state(who) == "pending" or (running and running.imposed):
        return {"state"}
    if first < world.today or (last - first).days + 1 > 180:
        return {own("M42.6", house)}
    ahead = [each for each in life.suspensions if each.first > world.today]
    if last < first or ahead or first > life.end()[0] or house.asked_suspension or life.termination or len(life.terms) > 1:
        raise Open
    if running and not running.imposed and (first > running.cap or running.resumed_on or first == running.first):
        raise Open
    if house.kind == "hospital" and life.renewal_asked:
        raise Open
    world.alone(who)
    life.suspensions.append(Suspension(True, first, last, world.today, date.max))
    return set()


@step
def record_rectification(world: World, who: str, passed: bool) -> Refused:
    suspended = world.running(who, imposed=True)
    if suspended is None:
        return {"state"}
    if suspended.passed is not None:
        raise Open
    suspended.passed = passed
    return set()


@step
def amend_suspension(world: World, who: str, to: date) -> Refused:
    suspended = world.running(who, imposed=True)
    if suspended is None:
        if world.running(who, imposed=False):
            raise Open
        return {"state"}
    if not world.today < to < suspended.last or suspended.passed is False:
        raise Open
    suspended.last = to
    return set()
