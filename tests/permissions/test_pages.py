"""Every page by everybody: the list in tests/permissions/pages.py is whole, and holds (M3, R16, M29)."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from tests.permissions.pages import ACTS, CASES, PAGES, PORTAL_CASES
from tests.permissions.walking import page_names, surprises, turned_away
from tests.permissions.world import EVALUATOR, OTHER_BUREAU, OTHER_DISTRICT, OTHER_EVALUATOR, OTHER_INSTITUTION, OUTSIDE, World
from tests.readonly import refuse

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.clause("M3", "P3", "R16")]


def test_no_page_is_missing_from_the_list_and_none_on_it_is_gone() -> None:
    assert page_names() == set(PAGES) | ACTS


def test_what_is_open_to_everybody_is_said_so_in_the_settings() -> None:
    assert {name for name, row in PAGES.items() if row.outside and row.outside[0] == 200} == settings.PUBLIC_URLS


@pytest.mark.parametrize("name", sorted({**CASES, **PORTAL_CASES}))
def test_the_list_gives_no_case_to_strangers(name: str) -> None:
    """The list itself is held to the rule: what lies elsewhere does not exist, and is not merely forbidden."""
    row = PAGES[name]
    strangers = {OTHER_DISTRICT, OTHER_BUREAU, OTHER_EVALUATOR, OTHER_INSTITUTION}
    for answers in filter(None, (row.get, row.post)):
        assert 403 not in answers.values()
        assert {answers[who] for who in strangers} <= {404, 405}
        assert answers[EVALUATOR] in {404, 405} or row.of == "evaluating"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_answers_everybody_as_the_list_says(world: World, name: str) -> None:
    row = PAGES[name]
    address = reverse(name, kwargs=row.named(world))
    assert surprises(world, "GET", address, row.get, row.of) == {}
    assert surprises(world, "POST", address, row.post or {}, row.of) == {}
    for method in ("GET", "POST"):
        if row.outside is None:
            assert turned_away(world, method, address, row.of) == {}
    if row.outside is not None:
        assert surprises(world, "GET", address, dict(zip(OUTSIDE, row.outside, strict=True)), row.of) == {}
        assert all(world.ask(who, "POST", address, row.of).status_code < 500 for who in OUTSIDE)


@pytest.mark.parametrize("name", [name for name, row in PAGES.items() if row.post is None])
def test_a_page_that_is_only_read_writes_nothing_when_a_form_is_sent(world: World, name: str) -> None:
    row = PAGES[name]
    address = reverse(name, kwargs=row.named(world))
    for statuses in ((200, 302), (403, 404)):
        who = next((who for who, status in row.get.items() if status in statuses), None)
        if who is not None:
            with connection.execute_wrapper(refuse):
                assert world.ask(who, "POST", address, row.of).status_code in (405, 403, 404, row.get[who])
