"""Renewal and no renewal (M41, M42.3, M44.1, R1, R6)."""

from __future__ import annotations

from datetime import date

from tests.model.clauses import own
from tests.model.facts import DAY
from tests.model.periods import latest_notice, plus_months, term_of_years
from tests.model.world import Open, Refused, World, step


@step
def request_renewal(world: World, who: str) -> Refused:
    house, life = world.institutions[who], world.alive(who)
    if life is None or world.state(who) == "pending":
        return {"state"}
    if house.parent:
        return {"M5.2"}
    refused = set()
    if house.kind == "hospital" and world.state(who) == "suspended":
        refused.add("M42.3")
    if world.today < plus_months(life.last, -6):
        refused.add(own("M41.1", house))
    if refused:
        return refused
    if life.renewal_asked:
        return {"state"}
    if life.termination or life.not_renewed or house.asked_termination or house.asked_suspension:
        raise Open
    life.renewal_asked = True
    return set()


@step
def decide_renewal(world: World, who: str, agreed: bool = True) -> Refused:
    house, life = world.institutions[who], world.alive(who)
    if life is None or not (life.renewal_asked or life.leaving_waits):
        return {"state"}
    if house.kind == "hospital" and world.state(who) == "suspended":
        return {"M42.3"}
    if life.leaving_waits:
        if agreed and house.public:
            return {"M44.2"}
        life.leaving_waits = False
        return set()
    if life.termination or house.asked_termination or house.asked_suspension:
        raise Open
    for each in life.suspensions:
        through = each.runs_through(life.suspensions)
        if through is None or (through > life.last and (house.kind == "hospital" or not each.imposed)):
            raise Open
    life.renewal_asked = False
    if agreed:
        first, before = life.last + DAY, life.last
        life.terms.append((first, term_of_years(first, 1)))
        _with_it(world, who, before)
    else:
        life.not_renewed = True
    return set()


def _with_it(world: World, who: str, before: date) -> None:
    """Supplementary agreements go on with the main one, and fill what they left of its old term (M5.2)."""
    world.alone(who)
    for name, life in world.followers(who):
        if life.last < before:
            life.terms.append((life.last + DAY, before))
        life.terms.append(life.main.terms[-1])
        world.before.pop(name, None)


@step
def request_non_renewal(world: World, who: str) -> Refused:
    house, life = world.institutions[who], world.alive(who)
    if life is None or world.state(who) == "pending":
        return {"state"}
    if house.parent:
        raise Open
    if (
        life.renewal_asked
        or life.not_renewed
        or life.termination
        or len(life.terms) > 1
        or house.asked_termination
        or house.asked_suspension
    ):
        raise Open
    refused = set()
    if house.kind == "hospital" and world.state(who) == "suspended":
        refused.add("M42.3")
    if world.today < plus_months(life.last, -6):
        refused.add(own("M41.1", house))
    if world.today > latest_notice(life.last):
        refused.add(own("M44.1", house))
    if refused:
        return refused
    life.not_renewed = life.leaving_waits = True
    return set()
