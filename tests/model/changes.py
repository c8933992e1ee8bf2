"""Changes of an institution's data under its agreement (M40, P37)."""

from __future__ import annotations

from datetime import date

from tests.model.bans import barred
from tests.model.clauses import own
from tests.model.facts import Change, Institution
from tests.model.periods import plus_working_days
from tests.model.world import Open, Refused, World, step

FILING_DAYS = 30
PERSONS = ("legal_representative", "principal", "controller")
MAJOR = {"hospital": {*PERSONS, "name", "bank_account"}, "pharmacy": {*PERSONS, "name"}}


def is_major(kind: str, data: str) -> bool:
    return data in MAJOR[kind]


@step
def report_change(world: World, who: str, data: str, value: str, approved_on: date) -> Refused:
    """A late one is taken all the same."""
    house, life = world.institutions[who], world.alive(who)
    if life is None:
        return {"state"}
    major = is_major(house.kind, data)
    if approved_on > world.today:
        return {own("M40.1", house)}
    if any(each.data == data and not each.approved for each in life.changes):
        raise Open
    due = plus_working_days(approved_on, FILING_DAYS, world.working) if major else None
    life.changes.append(Change(data, value, world.today, due))
    return set()


@step
def approve_change(world: World, who: str) -> Refused:
    """The oldest that waits: by the city if major, else by the district. A barred person is recorded and opens a case (M43(10))."""
    house, life = world.institutions[who], world.alive(who)
    if life is None:
        return {"state"}
    waiting = [each for each in life.changes if not each.approved]
    if not waiting:
        return {"state"}
    change = waiting[0]
    if life.term_on(change.reported_on) != life.term_on(world.today):
        raise Open
    change.approved = True
    if change.data in PERSONS:
        newcomer = change.value not in house.people
        house.posts[change.data] = change.value
        if newcomer and barred(world.institutions, world.dishonest, change.value, house.kind, world.today):
            life.barred_person_on = life.barred_person_on or world.today
    return set()


def filings(house: Institution) -> list[tuple[date, str]]:
    """Every duty to report a major change: its last day, and whether it was met."""
    reported = [each for life in house.lives for each in life.changes if each.due]
    return sorted((each.due, "met" if each.reported_on <= each.due else "missed") for each in reported if each.due)
