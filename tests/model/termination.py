"""Termination by decision, alone or through a chain (M43, P40, R5, R10)."""

from __future__ import annotations

from datetime import date

from tests.model.clauses import ground
from tests.model.facts import DAY, Termination
from tests.model.natures import BREACH, SERIOUS, VIOLATION, by_ground
from tests.model.world import Open, Refused, World, step


@step
def terminate(
    world: World,
    who: str,
    grounds: tuple[int, ...],
    nature: str | None = None,
    reason: bool = False,
    effective: date | None = None,
    persons: frozenset[str] | None = None,
    head: str | None = None,
    penalty_open: bool = True,
    liability_open: bool = True,
) -> Refused:
    house, life = world.institutions[who], world.alive(who)
    if life is None:
        return {"state"}
    default = {number: by_ground(house.kind)[number] for number in grounds}
    unstated = {number for number, usual in default.items() if usual is None and nature is None}
    deviating = {number for number, usual in default.items() if usual and nature not in (None, usual)}
    wrong = unstated | (set() if reason else deviating)
    if wrong:
        return {ground(number, house) for number in wrong}
    if len(grounds) > 1 and nature:
        raise Open
    natures = frozenset(nature or usual for usual in default.values() if nature or usual)
    starts = effective or world.today
    if starts < world.today or starts > life.end()[0] or (life.termination is not None):
        raise Open
    if any(not each.imposed and each.lapses_on(life.suspensions) == starts - DAY for each in life.suspensions):
        raise Open
    others = _cascade(world, who, head, natures) if head else []
    if head and not natures & {VIOLATION, SERIOUS}:
        if natures == {BREACH} or natures == {"none"}:
            return {"P40.14"}
        raise Open
    behind_it = persons if persons is not None else frozenset(house.people)
    # P40(14) alone bars the institution, and of people only the head office's (R4, R5).
    by_chain = house.kind == "pharmacy" and grounds == (14,)
    named = (frozenset() if by_chain else behind_it) | ({head} if head else frozenset())
    behind = named if SERIOUS in natures else frozenset()
    if head and (starts != world.today or penalty_open or persons is not None or len(grounds) > 1):
        raise Open
    world.alone(who)
    life.termination = Termination(grounds, natures, world.today, starts, behind, penalty_open, liability_open)
    house.asked_suspension = house.asked_termination = None
    for other in others:
        branch = world.institutions[other]
        branch.filing = None
        if branch.living(world.today):
            assert branch.life
            assert head
            at_fault = frozenset({head}) if SERIOUS in natures else frozenset()
            branch.life.termination = Termination((14,), natures, world.today, starts, at_fault, penalty_open, liability_open)
            world.before.pop(other, None)
    return set()


def _cascade(world: World, who: str, head: str, natures: frozenset[str]) -> list[str]:
    origin = world.institutions[who]
    if not origin.chain or head not in world.chains.get(origin.chain, set()):
        raise Open
    found = []
    for name, house in world.institutions.items():
        if name != who and house.chain == origin.chain and head in house.people:
            if house.life and house.living(world.today) and house.life.termination:
                raise Open
            found.append(name)
    return found
