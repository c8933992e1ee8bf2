"""A suspension at request: asked for, granted, ended by resumption or by day 180 (M42.4, M42.5, M44, R6, R9, R14)."""

from __future__ import annotations

from datetime import date

from tests.model.clauses import own
from tests.model.facts import CAP, Suspension
from tests.model.periods import latest_notice, plus_days
from tests.model.world import Open, Refused, World, step


@step
def request_suspension(world: World, who: str, first: date, days: int) -> Refused:
    house, life = world.institutions[who], world.alive(who)
    if life is None or world.state(who) != "active":
        return {"state"}
    refused = set()
    if world.today > latest_notice(first):
        refused.add(own("M44.1", house))
    if days > CAP:
        refused.add(own("M42.4", house))
    ahead = [each for each in life.suspensions if each.first > world.today]
    for each in ahead:
        last = each.last if each.imposed else each.cap
        if each.first <= first <= last or (not each.imposed and first <= each.first <= plus_days(first, CAP - 1)):
            refused.add("state")
    if not refused:
        if house.asked_suspension or house.asked_termination or ahead or life.termination or len(life.terms) > 1 or first > life.last:
            raise Open
        house.asked_suspension = (first, days)
    return refused


@step
def decide_suspension(world: World, who: str, granted: bool = True, exception: bool = False) -> Refused:
    house, life = world.institutions[who], world.alive(who)
    if house.asked_suspension is None or life is None or world.state(who) != "active":
        return {"state"}
    first, days = house.asked_suspension
    if world.today >= first:
        raise Open
    if granted and house.public and not exception:
        return {"M44.2"}
    house.asked_suspension = None
    if granted:
        if len(life.terms) > 1 or life.renewal_asked:
            raise Open
        world.alone(who)
        last, cap = plus_days(first, days - 1), plus_days(first, CAP - 1)
        life.suspensions.append(Suspension(False, first, last, world.today, cap))
    return set()


@step
def request_resumption(world: World, who: str) -> Refused:
    suspended = world.running(who, imposed=False)
    if suspended is None:
        return {"state"}
    if suspended.asked_on:
        raise Open
    suspended.asked_on = world.today
    return set()


@step
def resume(world: World, who: str) -> Refused:
    suspended = world.running(who, imposed=False)
    if suspended is None or suspended.asked_on is None:
        return {"state"}
    if suspended.resumed_on:
        raise Open
    suspended.resumed_on = world.today
    return set()


@step
def prevent_lapse(world: World, who: str, to: date) -> Refused:
    suspended, life = world.running(who, imposed=False), world.institutions[who].life
    if suspended is None:
        raise Open
    assert life
    if (
        suspended.asked_on
        or suspended.cap != plus_days(suspended.first, CAP - 1)
        or not suspended.cap < to < life.last
        or world.today >= suspended.cap
    ):
        raise Open
    suspended.cap = to
    return set()
