"""From the application to the signature (M8–M10, R3, R4, R12)."""

from __future__ import annotations

from tests.model.clauses import own
from tests.model.facts import Filing, Life
from tests.model.periods import plus_working_days, term_of_years
from tests.model.world import Open, Refused, World, step

NOTICE_DAYS = 5  # R12


@step
def apply(world: World, who: str) -> Refused:
    house = world.institutions[who]
    refused = {clause for clause, _ in world.bans(who)}
    if house.full_check:
        refused.add("I12")
    if house.living(world.today) or house.filing:
        return {"state"}
    if not refused:
        house.filing = Filing()
        house.asked_suspension = house.asked_termination = None
    return refused


@step
def accept(world: World, who: str) -> Refused:
    house = world.institutions[who]
    if house.filing is None or house.filing.accepted:
        return {"state"}
    refused = {clause for clause, _ in world.bans(who)}
    house.filing.accepted = not refused
    return refused


@step
def withdraw(world: World, who: str) -> Refused:
    house = world.institutions[who]
    if house.filing is None:
        return {"state"}
    house.filing = None
    return set()


@step
def evaluate(world: World, who: str) -> Refused:
    """From the team to the public notice in one day."""
    house = world.institutions[who]
    if house.filing is None or not house.filing.accepted or house.filing.notice_last:
        raise Open
    house.filing.notice_last = plus_working_days(world.today, NOTICE_DAYS, world.working)
    return set()


@step
def sign(world: World, who: str) -> Refused:
    house = world.institutions[who]
    if house.filing is None or house.filing.notice_last is None:
        raise Open
    refused = {clause for clause, _ in world.bans(who)}
    if world.today <= house.filing.notice_last:
        refused.add(own("M9.5", house))
    if not refused:
        house.lives.append(Life([(world.today, term_of_years(world.today, 1))]))
        house.filing = None
    return refused
