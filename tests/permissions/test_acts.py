"""Every act of the registry by everybody, on the page and in the API; what is asked follows from the registry alone (R16, M29).

An act of somebody else's case does not exist (404). Of a case that one may see, an act that one's office never does is not
on the desk (404), and in the API is told to be somebody else's (403). Whatever else is answered, the door answered it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import get_resolver, reverse

from agreements.models import Agreement
from api.acts import ActView, DoMany
from api.subjects import BY_MODEL
from applications.models import Application
from casework.acts import Act, registry
from casework.models import ActRecord
from disputes.models import Dispute
from documents.models import Document
from institutions.models import Institution, Person
from tests.permissions.expected import CASE_READERS, WHOLE_CITY, institution, person
from tests.permissions.walking import patterns, turned_away
from tests.permissions.world import ANONYMOUS, EVALUATOR, IN_OFFICE, LEFT, LOCKED, OWNER, SUPERVISOR, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.clause("M3", "P3", "R16", "M29")]

# Subject → the row that is tried, the state of its case, and who may see it.
SUBJECTS: dict[Any, tuple[Callable[[World], Any], str, tuple[str, ...]]] = {
    Application: (lambda world: world.drivers["evaluating"].application, "evaluating", (*CASE_READERS, OWNER, EVALUATOR)),
    Agreement: (lambda world: world.drivers["signed"].agreement, "signed", (*CASE_READERS, OWNER)),
    Dispute: (lambda world: world.dispute, "signed", (*CASE_READERS, OWNER)),
    Institution: (institution, "signed", (*CASE_READERS, OWNER)),
    Person: (person, "signed", WHOLE_CITY),
    Document: (lambda world: world.paper, "signed", (*CASE_READERS, OWNER)),
    ActRecord: (lambda world: world.record, "signed", (*CASE_READERS, OWNER)),
}
# Rows of the log are an act's subject for the office whose act it was, and for the city agency what the system did.
RECORD_ON_DESK = ("city agency",)
ON_DESK = {"city_agency", "district_agency", "city_bureau", "district_bureau", "third_party", "auditor"}


def sees(act: Act, who: str) -> bool:
    """A supervisor sees what a colleague sees."""
    return act.subject is None or (CASE_READERS[0] if who == SUPERVISOR else who) in SUBJECTS[act.subject][2]


def does(world: World, act: Act, who: str) -> bool:
    return role_of(world, who) in act.roles


def role_of(world: World, who: str) -> str:
    return "institution" if who == OWNER else world.actors[who].role


def test_every_kind_of_subject_is_walked() -> None:
    assert {act.subject for act in registry.values() if act.subject is not None} <= set(SUBJECTS)
    assert set(BY_MODEL) >= {act.subject for act in registry.values() if act.subject is not None}


def test_every_act_has_its_routes_and_no_other_route_does_one() -> None:
    assert act_routes() == {(word, many) for word, act in registry.items() for many in (False, True) if act.in_batches or not many}


def act_routes() -> set[tuple[str, bool]]:
    """Words of the acts that a route does, and whether for many rows."""
    found = [entry.callback for name, entry in patterns(get_resolver()) if name.startswith("api:")]
    acting = [each for each in found if issubclass(getattr(each, "cls", object), ActView)]
    return {(each.initkwargs["act"].word, issubclass(each.cls, DoMany)) for each in acting}


@pytest.mark.parametrize("word", registry)
def test_an_act_on_its_page(world: World, word: str) -> None:
    act = registry[word]
    address, state = page_of(world, act)
    for method in ("GET", "POST"):
        wrong = turned_away(world, method, address, state)
        for who in IN_OFFICE:
            there = does(world, act, who) and role_of(world, who) in ON_DESK and seen_on_desk(act, who)
            status = world.ask(who, method, address, state).status_code
            if (status in (200, 302, 409)) if there else (status == 404):
                continue
            wrong[who] = str(status)
        assert wrong == {}, method


def seen_on_desk(act: Act, who: str) -> bool:
    return who in RECORD_ON_DESK if act.subject is ActRecord else sees(act, who)


def page_of(world: World, act: Act) -> tuple[str, str]:
    if act.subject is None:
        return reverse("desk:act_alone", args=[act.word]), "signed"
    find, state, _ = SUBJECTS[act.subject]
    return reverse("desk:act", args=[act.subject._meta.model_name, find(world).pk, act.word]), state


@pytest.mark.parametrize("word", registry)
def test_an_act_in_the_api(world: World, word: str) -> None:
    act = registry[word]
    address, state = route_of(world, act)
    wrong = {}
    for who in (*IN_OFFICE, ANONYMOUS, LOCKED, LEFT):
        status = world.ask(who, "POST", address, state, api=True).status_code
        if status not in expected_in_api(world, act, who):
            wrong[who] = str(status)
    assert wrong == {}


DOOR = {200, 202, 400, 404, 409, 422}  # 404: what the act itself looks for


def expected_in_api(world: World, act: Act, who: str) -> set[int]:
    if who in (LOCKED, LEFT):
        return {401}
    if who == ANONYMOUS:
        return {404} if act.public else {401}  # the case that is tried is not on the public notice
    if act.subject is ActRecord:
        return DOOR | {403} if sees(act, who) else {404}
    if not sees(act, who):
        return {404}
    return DOOR - {404} if does(world, act, who) else {403}


def route_of(world: World, act: Act) -> tuple[str, str]:
    if act.subject is None:
        return f"/api/v1/acts/{act.word}", "signed"
    find, state, _ = SUBJECTS[act.subject]
    return f"/api/v1/{BY_MODEL[act.subject].name}/{find(world).pk}/acts/{act.word}", state


@pytest.mark.parametrize("word", [word for word, act in registry.items() if act.in_batches])
def test_an_act_for_many_rows(world: World, word: str) -> None:
    act = registry[word]
    row = SUBJECTS[act.subject][0](world).pk
    wrong = {}
    for who in IN_OFFICE:
        answer = world.ask(who, "POST", f"/api/v1/acts/{word}", api=True, data={"ids": [row], "dry_run": True})
        if not does(world, act, who):
            if answer.status_code != 403:
                wrong[who] = f"{answer.status_code} instead of 403"
        elif answer.status_code == 200 and not sees(act, who):
            told = answer.json()["rows"][0]["problem"]
            if not told or told["status"] != 404:
                wrong[who] = f"{told} for a row that does not exist here"
        elif answer.status_code not in (200, 400):
            wrong[who] = str(answer.status_code)
    assert wrong == {}
