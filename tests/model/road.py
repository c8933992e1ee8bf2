"""From the application to the signature (M8–M10, R3, R4, R12)."""

from __future__ import annotations

from datetime import date

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
    if house.parent and not world.institutions[house.parent].living(world.today):
        refused.add("M5.2")
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
def sign(world: World, who: str, to: date | None = None, reason: bool = False) -> Refused:
    house = world.institutions[who]
    if house.filing is None or house.filing.notice_last is None:
        raise Open
    refused = {clause for clause, _ in world.bans(who)}
    if world.today <= house.filing.notice_last:
        refused.add(own("M9.5", house))
    year = term_of_years(world.today, 1)
    if to and to != year and not reason:
        refused.add(own("M10.4", house))
    under, last = None, to or year
    if house.parent:
        main = _main(world, house.parent)
        under = (house.parent, len(world.institutions[house.parent].lives) - 1)
        refused |= set() if main else {"M5.2"}
        last = min(last, main.last) if main else last
    if not refused:
        house.lives.append(Life([(world.today, last)], under=under))
        house.filing = None
    return refused


def _main(world: World, parent: str) -> Life | None:
    """The main agreement that a supplementary one is added to; Open where its end, or its state, is not that of a plain term."""
    main = world.institutions[parent].life
    if main is None or not world.institutions[parent].living(world.today):
        return None
    if main.end()[0] != main.last or len(main.terms) > 1 or main.state(world.today) != "active" or main.suspensions or main.termination:
        raise Open
    return main
