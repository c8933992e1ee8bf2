"""axe-core looks at the pages of signing in, of accounts and of settings, on a desk and on a telephone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from offices import people, signup
from offices.models import Office, Role, SignUp
from offices.notifications import notify
from offices.seeding import seed_offices
from tests.factories import MembershipFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUBLIC = ["/", "/login/", "/account/sign-up/", "/account/sign-up/status/", "/account/forgotten/", "/nowhere/"]


def assert_accessible(context, addresses: list[str]) -> None:
    """Nothing serious by axe-core, no sideways scrolling of the whole page, nothing that the security policy refused."""
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security Policy" in message.text else None)
    found = []
    for address in addresses:
        page.goto(address)
        violations = Axe().run(page).response["violations"]
        found += [(address, v["id"], v["nodes"][0]["target"]) for v in violations if v["impact"] in ("serious", "critical")]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append((address, "wider than the window", page.viewport_size))
    assert found == []
    # axe itself is put into the page by the test, which the policy rightly does not know.
    assert [text for text in refused if "eval" not in text] == []


@pytest.fixture
def agency() -> Office:
    seed_offices()
    return Office.objects.get(role=Role.DISTRICT_AGENCY, district_id="110105")


@pytest.mark.parametrize("width", [1366, 390])
def test_pages_for_everybody(window, agency, width):
    assert_accessible(window(width=width), PUBLIC)


@pytest.mark.parametrize("width", [1366, 390])
def test_pages_of_a_supervisor(window, agency, width):
    boss = MembershipFactory(office=agency, supervisor=True)
    clerk = MembershipFactory(office=agency)
    MembershipFactory(user=boss.user, office__role=Role.CITY_AGENCY)
    people.invite(agency, "周敏", by=boss.user)
    notify(agency, "due", "明天到期", key="1")
    row = SignUp(
        kind="hospital",
        name="北京示例门诊部",
        uscc="91110105MA01EXAM11",
        licence_number="1",
        district_id="110105",
        contact="王芳",
        phone="13900000000",
        username="shili",
    )
    signup.ask(row, "a-long-enough-one-7")
    addresses = [
        "/account/",
        "/account/people/",
        f"/account/people/{clerk.pk}/",
        f"/account/people/{clerk.pk}/leave/",
        f"/account/people/{clerk.pk}/lock/",
        f"/account/people/invite/{agency.pk}/",
        "/account/notifications/",
        "/account/password/",
        "/account/second-factor/setup/",
        "/account/sign-ups/",
        f"/account/sign-ups/{row.pk}/",
        "/administration/offices/",
    ]
    assert_accessible(window(boss, width=width), addresses)


@pytest.mark.parametrize("width", [1366, 390])
def test_pages_of_the_administrator(window, agency, width):
    administrator = MembershipFactory(office=Office.objects.get(role=Role.ADMINISTRATOR))
    addresses = [
        "/administration/offices/",
        "/administration/offices/new/",
        "/administration/settings/",
        "/administration/settings/notice_days/",
    ]
    assert_accessible(window(administrator, width=width), addresses)


def test_a_refused_form_leads_the_keyboard_to_its_errors(window, agency):
    page = window().new_page()
    page.goto("/account/sign-up/")
    page.click("main button[type=submit]")
    assert page.evaluate("document.activeElement.className") == "dd-errors"
    page.click(".dd-errors a >> nth=1")
    assert page.evaluate("document.activeElement.id") == "id_name"


def test_menu_opens_by_keyboard_and_closes_with_escape(window, agency):
    page = window(MembershipFactory(office=agency)).new_page()
    page.goto("/account/")
    page.focus(".dd-menu summary")
    page.keyboard.press("Enter")
    assert page.is_visible("text=退出登录")
    page.keyboard.press("Escape")
    assert not page.is_visible("text=退出登录")
