"""Decisions voided, or annulled by a court (R4, R7, R11)."""

from __future__ import annotations

from tests.model.periods import plus_months
from tests.model.world import Open, Refused, World, step


@step
def void(world: World, who: str) -> Refused:
    if who not in world.before:
        raise Open
    _, kept = world.before.pop(who)
    house = world.institutions[who]
    if kept.living(world.today) != house.living(world.today) and house.filing:
        raise Open
    world.institutions[who] = kept
    world.undone = True
    return set()


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
