"""Every route of the API by everybody: the list in tests/permissions/programs.py is whole, and holds (M3, R16)."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from api.acts import ActView
from tests.permissions.programs import PAGES, ROUTES
from tests.permissions.walking import routes, surprises
from tests.permissions.world import ANONYMOUS, CITY, OTHER_BUREAU, OTHER_DISTRICT, OTHER_INSTITUTION, OUTSIDE, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.clause("M3", "P3", "R16", "M34")]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
READ = {name: view for name, view in routes().items() if name not in PAGES and not issubclass(view, ActView)}
STEPS = [(name, method) for name, listed in ROUTES.items() for method in listed]


def test_no_route_is_missing_from_the_list_and_none_on_it_is_gone() -> None:
    there = {(name, method) for name, view in READ.items() for method in METHODS if hasattr(view, method.lower())}
    assert there == set(STEPS)


@pytest.mark.parametrize(("name", "method"), STEPS)
def test_a_route_answers_everybody_as_the_list_says(world: World, name: str, method: str) -> None:
    row = ROUTES[name][method]
    assert row.outside is not None
    address = reverse(name, kwargs=row.named(world))
    expected = row.get | dict(zip(OUTSIDE, row.outside, strict=True))
    assert surprises(world, method, address, expected, row.of, api=True) == {}


@pytest.mark.parametrize("name", ROUTES)
def test_a_method_that_is_not_described_is_refused_as_a_problem(world: World, name: str) -> None:
    row = next(iter(ROUTES[name].values()))
    address = reverse(name, kwargs=row.named(world))
    for method in METHODS:
        if method not in ROUTES[name]:
            answer = world.ask(CITY, method, address, row.of, api=True)
            assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json"), method


@pytest.mark.parametrize("name", [name for name, listed in ROUTES.items() if "404" in str([row.get for row in listed.values()])])
def test_what_lies_elsewhere_answers_like_what_does_not_exist(world: World, name: str) -> None:
    """The answer to a stranger says nothing that the answer about a row that never was does not say."""
    for method, row in ROUTES[name].items():
        named = row.named(world)
        there, nowhere = (
            reverse(name, kwargs=named),
            reverse(name, kwargs=named | ({"code": "NOBODY"} if "code" in named else {"pk": 10**12})),
        )
        for who in (OTHER_DISTRICT, OTHER_BUREAU, OTHER_INSTITUTION):
            told = [json.loads(world.ask(who, method, address, row.of, api=True).content) for address in (there, nowhere)]
            assert told[0] | {"instance": ""} == told[1] | {"instance": ""}


@pytest.mark.parametrize("address", ["/api/v1/", "/api/", "/api/v2/applications", "/api/v1/applications/x"])
def test_any_other_address_is_told_as_a_problem(world: World, address: str) -> None:
    for who in (ANONYMOUS, CITY):
        answer = world.ask(who, "GET", address, api=True)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
