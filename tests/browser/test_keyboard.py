"""Without a mouse: every act of a clerk can be reached and done by keyboard, and one sees where one is."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.person import Person
from tests.browser.town import CLERKS, PASSWORD
from tests.driving import Driver, on


def tab_to(person: Person, target: Locator, most: int = 90) -> None:
    """Press Tab until the target has the focus, which must be visible there."""
    for _ in range(most):
        person.page.keyboard.press("Tab")
        if target.evaluate("each => each === document.activeElement"):
            seen = target.evaluate("each => getComputedStyle(each).outlineStyle !== 'none' || getComputedStyle(each).boxShadow !== 'none'")
            assert seen, "the focus cannot be seen"
            return
    raise AssertionError(f"not reached by {most} tabs")


@pytest.fixture
def driver(town) -> Driver:
    with on("2026-03-02"):
        driver = Driver()
        driver.apply()
    return driver


def enter(person: Person, target: Locator) -> None:
    tab_to(person, target)
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")


def test_signing_in_and_out_by_keyboard_alone(town):
    person = town.arrive("district")
    username, _, _ = CLERKS["district"]
    page = person.open("/login/").page
    tab_to(person, person.field("用户名"))
    page.keyboard.type(username)
    tab_to(person, page.get_by_label("密码", exact=True))
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    person.sees("待办")
    tab_to(person, page.locator(".dd-menu summary"))
    page.keyboard.press("Enter")
    enter(person, page.get_by_role("button", name="退出登录"))
    expect(page.get_by_role("link", name="登录")).to_be_visible()


def test_the_first_tab_leads_past_the_navigation(town):
    page = town.arrive("public").open("/public/institutions/").page
    page.keyboard.press("Tab")
    skip = page.locator(".dd-skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_clerk_accepts_by_keyboard_alone(town, driver):
    clerk = town.seat(driver.district, "district")
    clerk.open("/desk/")
    page = clerk.page
    enter(clerk, page.locator("tbody th a").first)
    clerk.standing("待核对")
    enter(clerk, page.locator(".dd-actlist").get_by_role("link", name="受理", exact=True))
    for answer in page.locator("input[value=yes]").all():
        tab_to(clerk, answer)
        page.keyboard.press("Space")
    enter(clerk, page.get_by_role("button", name="受理", exact=True))
    clerk.sees("已办理“受理”").standing("已受理")
    town.looker.report()
    driver.application.refresh_from_db()
    assert driver.application.state == "accepted"


def test_a_clerk_asks_for_evidence_by_keyboard_alone(town, driver):
    with on("2026-03-03"):
        driver.do("accept")
        driver.form_team()
    town.move_to("2026-03-04")
    clerk = town.seat(driver.city, "city")
    clerk.open("/desk/")
    page = clerk.page
    enter(clerk, page.locator("tbody th a").first)
    enter(clerk, page.locator(".dd-actlist").get_by_role("link", name="要求补充材料"))
    tab_to(clerk, clerk.field("需补充的材料(每行一项)"))
    page.keyboard.type("信息系统测试报告")
    enter(clerk, page.get_by_role("button", name="要求补充材料"))
    clerk.standing("停钟")
    town.looker.report()
    assert driver.application.road().round.open_items == ("信息系统测试报告",)


def test_a_list_is_walked_with_letters(town, driver):
    clerk = town.seat(driver.district, "district")
    clerk.open("/desk/")
    page = clerk.page
    tab_to(clerk, page.locator("tbody th a").first)
    page.keyboard.press("x")
    assert page.locator("tbody input[type=checkbox]").first.is_checked()
    page.keyboard.press("x")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    clerk.standing("待核对")
