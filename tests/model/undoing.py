"""Decisions voided, or annulled by a court (R4, R7, R11)."""

from __future__ import annotations

from tests.model.facts import Institution
from tests.model.periods import plus_days, plus_months
from tests.model.world import Open, Refused, World, step


@step
def void(world: World, who: str) -> Refused:
    if who not in world.before:
        raise Open
    _, kept = world.before.pop(who)
    house = world.institutions[who]
    if kept.living(world.today) != house.living(world.today) and house.filing:
        raise Open
    _nothing_revived(world, house, kept)
    world.institutions[who] = kept
    world.undone = True
    return set()


def _nothing_revived(world: World, house: Institution, kept: Institution) -> None:
    """How a suspension at request goes on that was believed cut is left open, unless day 180 is far enough ahead (R6, R14)."""
    for undone in house.life.suspensions if house.life else []:
        for each in kept.life.suspensions if kept.life else []:
            cut = not each.imposed and not each.resumed_on and each.first <= undone.first <= world.today
            gone_on_since, near = undone.last < world.today, each.cap < plus_days(world.today, 30)
            if undone.imposed and undone not in kept.life.suspensions and cut and (gone_on_since or near):
                raise Open


@step
def annul(world: World, who: str) -> Refused:
    """Filed in time and annulled the same day; the day itself is left open."""
    word, life = world.undoable(who), world.institutions[who].life
    if life is None or word not in ("terminate", "suspend"):
        raise Open
    decided_on = life.termination.decided_on if life.termination else life.suspensions[-1].decided_on
    if world.today > plus_months(decided_on, 6):
        raise Open
    void(world, who)
    world.institutions[who].unclear_on = world.today
    return set()
