"""The scene of every random history, for the model and for the product.

Three hospitals, an internet hospital of one of them, and three pharmacies, with people in common.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.model.changes import PERSONS
from tests.model.facts import Institution, Life
from tests.model.model import World
from tests.model.periods import Working, term_of_years

FILED, SIGNED, READY = date(2026, 1, 5), date(2026, 1, 13), date(2026, 1, 21)
PEOPLE = ("sun", "tang", "wu", "zheng", "he", "a", "b", "c")
POSTS: dict[str, tuple[str, str, str]] = {
    "h1": ("sun", "a", "wu"),
    "h2": ("wu", "b", "b"),
    "h3": ("sun", "zheng", "zheng"),
    "n1": ("a", "b", "a"),
    "p1": ("tang", "sun", "sun"),
    "p2": ("c", "c", "tang"),
    "p3": ("zheng", "tang", "zheng"),
}
DESIGNATED = ("h1", "h2", "p1", "p2")
PARENTS = {"n1": "h1"}  # an internet hospital: with a supplementary agreement from the last day of the scene on (M5.2)
PUBLIC = ("h2",)
CHAIN = "c1"
HEAD = "tang"
STAFF = "he"
ROAD = ("apply", "accept", "form_team", "record_result", "file", "open_notice")


def is_hospital(name: str) -> bool:
    return name.startswith(("h", "n"))


def document() -> dict[str, Any]:
    """The scene and the road of the designated ones as a written case."""
    institutions = {}
    for name, (representative, principal, controller) in POSTS.items():
        data = {"legal_representative": representative, "principal": principal, "controller": controller}
        if is_hospital(name):
            data["ownership"] = "public" if name in PUBLIC else "private"
            data |= {"category": "internet", "parent": PARENTS[name]} if name in PARENTS else {}
        else:
            data |= {"kind": "pharmacy", "chain": CHAIN}
        institutions[name] = data
    steps: list[dict[str, Any]] = []
    for name in DESIGNATED:
        steps += _road(name, FILED)
    steps += [{"on": str(SIGNED), "do": "sign", "who": name} for name in DESIGNATED]
    for name in PARENTS:
        steps += _road(name, SIGNED)
    steps += [{"on": str(READY), "do": "sign", "who": name, "kind": "supplementary"} for name in PARENTS]
    head = {"legal_representative": HEAD, "principal": HEAD, "controller": HEAD}
    return {"people": {name: {} for name in PEOPLE}, "chains": {CHAIN: head}, "institutions": institutions, "steps": steps}


def _road(name: str, day: date) -> list[dict[str, Any]]:
    return [{"on": str(day), "do": word, "who": name} | ({"what": "result"} if word == "file" else {}) for word in ROAD]


def world(working: Working) -> World:
    """The same for the model, on the last day of the scene."""
    houses = {}
    for name, posts in POSTS.items():
        kind = "hospital" if is_hospital(name) else "pharmacy"
        lives = [Life([(SIGNED, term_of_years(SIGNED, 1))])] if name in DESIGNATED else []
        if name in PARENTS:
            lives = [Life([(READY, term_of_years(SIGNED, 1))], under=(PARENTS[name], 0))]
        chain = "" if is_hospital(name) else CHAIN
        held = dict(zip(PERSONS, posts, strict=True))
        houses[name] = Institution(kind, held, name in PUBLIC, chain, PARENTS.get(name, ""), lives)
    made = World(houses, {CHAIN: {HEAD}}, working)
    made.today = READY
    made.tie()
    made.remember()
    return made
