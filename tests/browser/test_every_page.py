"""Every page that a role's navigation leads to, and every page linked from there: whole, accessible, not wider than the window."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from tests.browser.looking import shape
from tests.browser.person import Person
from tests.driving import Driver, on

FILES = ("/documents/", "/materials/", ".xlsx", ".csv", ".ics", "/file/", "/feed/", "download")
# Everybody reads them without signing in, and that is how they are looked at.
PUBLIC = ("/public/", "/verify/", "/api/")
TODAY = "2026-03-10"


@pytest.fixture
def world(town) -> Iterator[SimpleNamespace]:
    """One institution that has signed, another in the notice with an objection, a third with a draft, a fourth under evaluation."""
    with on("2026-03-02"):
        signed, noticed, drafting, evaluating = Driver(), Driver(), Driver(), Driver()
        drafting.do("start_application")
        for each in (signed, noticed, evaluating):
            each.apply()
            each.do("accept")
            each.form_team()
        for each in (signed, noticed):
            each.record_result()
        signed.open_notice()
        signed.do("serve_result", method="online")
    with on("2026-03-09"):
        noticed.open_notice()
        noticed.do("serve_result", method="online")
        noticed.do("object", text="营业时间不符。")
        evaluating.do("request_evidence", items=["财务报表"])
    with on(TODAY):
        signed.sign()
        signed.do("file_agreement")
    town.move_to(TODAY)
    yield SimpleNamespace(signed=signed, noticed=noticed, drafting=drafting, evaluating=evaluating)
    town.looker.report()


def wander(person: Person, known: frozenset[str] = frozenset(), but: tuple[str, ...] = PUBLIC, most: int = 70) -> set[str]:
    """Follow every link to a page of a shape not seen yet, from where one starts; the shapes seen.

    Of the ``known`` shapes, forms and accounts are left out: they are the same for whoever comes second.
    """
    seen: set[str] = {each for each in known if each.startswith(("desk/act/", "account/"))}
    waiting = ["/"]
    while address := next((each for each in waiting if shape(f"x://y{each}") not in seen), None):
        assert len(seen) < most + len(known), "more pages than were thought of"
        seen.add(shape(f"x://y{address}"))
        person.open(address)
        assert "找不到" not in person.page.title(), f"{address} is linked and does not exist"
        assert person.page.locator("h1").count() == 1, address
        person.looker.look_on_telephone(person.page, person.who)
        links = person.page.locator("a[href^='/']").evaluate_all("all => all.map(each => each.getAttribute('href'))")
        waiting += [link for link in links if link.startswith("/portal/documents/") or not any(part in link for part in (*FILES, *but))]
    return seen


# The desks' pages are looked at on the roads and in the life of an agreement, too; all of them, by everybody, in the long run.
# In what follows one name stands for several people: a page that they share is looked at once, and visited by each.


@pytest.mark.long
def test_pages_of_the_desks(town, world):
    known: frozenset[str] = frozenset()
    for who in ("district", "city", "bureau"):
        seen = wander(town.seat(getattr(world.signed, who), "desk"), known)
        assert {"desk/applications/N/", "desk/agreements/N/", "desk/institutions/N/", "desk/calendar/", "desk/settings/"} <= seen
        known |= seen


@pytest.mark.long
def test_pages_of_those_who_watch_and_keep(town, world):
    for who in ("auditor", "evaluator", "administrator"):
        assert len(wander(town[who])) >= 8, who


@pytest.mark.long
def test_pages_of_institutions(town, world):
    seen: frozenset[str] = frozenset()
    for each in vars(world).values():
        seen |= wander(town.seat(each.owner, "institution"), seen)
    assert {"portal/", "portal/record/", "portal/documents/N/", "portal/applications/N/", "portal/applications/N/draft/"} <= seen


def test_pages_for_everybody(town, world):
    seen = wander(town.arrive("public"), but=())
    assert {"public/institutions/", "public/notices/", "public/notices/N/object/", "public/calculator/", "verify/", "login/"} <= seen
