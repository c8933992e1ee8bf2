"""How the lists say what everybody is answered: in groups with a meaning, each a dictionary from a person to a status."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tests.permissions.world import (
    AUDITOR,
    CITY,
    CITY_BUREAU,
    EVALUATOR,
    IN_OFFICE,
    OTHER_BUREAU,
    OTHER_DISTRICT,
    OTHER_EVALUATOR,
    OTHER_INSTITUTION,
    OWN_BUREAU,
    OWN_DISTRICT,
    OWNER,
    SUPERVISOR,
    World,
)  # fmt: skip

Answers = dict[str, int]

DISTRICT_AGENCIES = (OWN_DISTRICT, OTHER_DISTRICT)
AGENCIES = (*DISTRICT_AGENCIES, CITY)
BUREAUS = (OWN_BUREAU, OTHER_BUREAU, CITY_BUREAU)
EVALUATORS = (EVALUATOR, OTHER_EVALUATOR)
INSTITUTIONS = (OWNER, OTHER_INSTITUTION)
READERS = (*AGENCIES, *BUREAUS, AUDITOR)
WHOLE_CITY = (CITY, CITY_BUREAU, AUDITOR)
# Who may read a case of the own district: its own offices and those of the whole city (M3, R16).
CASE_READERS = (OWN_DISTRICT, OWN_BUREAU, *WHOLE_CITY)


def only(*allowed: str, answer: int = 200, others: int = 404, **more: Iterable[str]) -> Answers:
    """``answer`` for those named, ``others`` for the rest; ``forbidden=[…]`` and ``method=[…]`` name those who get 403 and 405.

    A supervisor is answered like a colleague who is none, unless named.
    """
    found = dict.fromkeys(IN_OFFICE, others) | dict.fromkeys(allowed, answer)
    found |= dict.fromkeys(more.get("forbidden", ()), 403) | dict.fromkeys(more.get("method", ()), 405)
    named = {*allowed, *more.get("forbidden", ()), *more.get("method", ())}
    return found if SUPERVISOR in named else found | {SUPERVISOR: found[OWN_DISTRICT]}


def everybody(answer: int = 200) -> Answers:
    """The same for all who are signed in."""
    return dict.fromkeys(IN_OFFICE, answer)


Find = Callable[[World], Any]


@dataclass(frozen=True)
class Row:
    """One address: where it leads, and what everybody is answered. ``post`` left out: the page is only read.

    ``outside`` says what somebody is answered who is not signed in, or not let in any more: left out, it is the way to the sign-in.
    """

    get: Answers
    post: Answers | None = None
    of: str = "signed"  # the state of the case: says which institution is the own one
    named: Callable[[World], dict[str, Any]] = lambda world: {}
    outside: tuple[int, int, int] | None = None


def pk(find: Find) -> Callable[[World], dict[str, Any]]:
    """The address names a row."""
    return lambda world: {"pk": find(world).pk}


def case(state: str, **more: Any) -> dict[str, Any]:
    """The address names the application in that state, and its institution is the own one."""
    return {"of": state, "named": lambda world: {"pk": world.drivers[state].application.pk, **more}}


def given(**named: Any) -> Callable[[World], dict[str, Any]]:
    """The address names something that is in no table."""
    return lambda world: named


def institution(world: World) -> Any:
    return world.drivers["signed"].institution


def agreement(world: World) -> Any:
    return world.drivers["signed"].agreement


def person(world: World) -> Any:
    return institution(world).posts.first().person
