"""Supplement before acceptance, further evidence during the evaluation (M8.2, M9.2)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.driving import PDF, on

pytestmark = pytest.mark.django_db
AJAX = {"HTTP_X_REQUESTED_WITH": "portal"}


@pytest.fixture
def asked(driver):
    """Two items were missing and have been asked for."""
    with on("2026-03-02"):
        driver.apply(missing=("M7(4)", "M7(5)"))
    with on("2026-03-04"):
        driver.do("request_supplement", items=[{"item": "M7(4)", "wrong": "缺联调记录", "required": "盖章的联调记录"}])
    return driver


def address(driver):
    return f"/portal/applications/{driver.application.pk}/supplement/"


def put(driver, browser, item, day="2026-03-10", content=PDF, **headers):
    with on(day):
        return browser.post(address(driver), {"item": item, "file": SimpleUploadedFile("补.pdf", content)}, **headers)


@pytest.mark.clause("M8.2")
def test_it_names_each_item_what_is_wrong_and_what_is_required(asked, browser):
    with on("2026-03-05"):
        page = browser.get(address(asked)).content.decode()
    assert "缺联调记录" in page
    assert "盖章的联调记录" in page
    assert "信息系统相关材料" in page
    assert "医保基金使用预测分析报告" in page
    assert "定点申请表" not in page, "what was in order is not asked for"


@pytest.mark.clause("M8.2", "R3")
def test_the_last_item_completes_the_supplement(asked, browser):
    put(asked, browser, "M7(4)")
    put(asked, browser, "M7(5)")
    with on("2026-03-10"):
        response = browser.post(address(asked), {}, follow=True)
    assert "补正材料已全部提交" in response.content.decode()
    assert asked.application.state == "submitted"
    assert str(asked.application.road().complete_on) == "2026-03-10"


@pytest.mark.clause("R3")
def test_a_part_can_be_handed_in_first(asked, browser):
    put(asked, browser, "M7(4)")
    with on("2026-03-10"):
        response = browser.post(address(asked), {}, follow=True)
    page = response.content.decode()
    assert "还没有补齐" in page
    assert "已补正" in page
    assert asked.application.state == "supplementing"
    assert asked.application.road().missing == ("M7(5)",)


def test_nothing_uploaded_is_told_and_changes_nothing(asked, browser):
    with on("2026-03-10"):
        page = browser.post(address(asked), {}).content.decode()
    assert "尚未上传补正材料" in page
    assert asked.application.state == "supplementing"


def test_a_file_that_lies_about_its_type_is_refused_beside_its_item(asked, browser):
    page = put(asked, browser, "M7(4)", content=b"not a pdf").content.decode()
    assert "只接受PDF、PNG和JPEG文件" in page
    assert put(asked, browser, "M7(4)", content=b"not a pdf", **AJAX).status_code == 400


def test_the_script_is_answered_in_json(asked, browser):
    assert put(asked, browser, "M7(4)", **AJAX).json()["file"]["name"] == "补.pdf"


def test_a_double_click_hands_in_once(asked, browser):
    put(asked, browser, "M7(4)")
    put(asked, browser, "M7(5)")
    with on("2026-03-10"):
        browser.post(address(asked), {})
        assert browser.post(address(asked), {}).status_code == 302
    assert asked.application.facts.filter(kind="supplied").count() == 1


def test_without_a_request_there_is_no_such_page(driver, browser):
    with on("2026-03-02"):
        driver.apply()
    assert browser.get(address(driver)).status_code == 302


@pytest.fixture
def stopped(driver):
    """The evaluation has asked for two things."""
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
        driver.form_team()
    with on("2026-03-20"):
        driver.do("request_evidence", items=["联调记录", "任命文件"])
    return driver


def hand_in(driver, browser, item, day="2026-03-27", **more):
    address = f"/portal/applications/{driver.application.pk}/evidence/"
    with on(day):
        return browser.post(address, {"item": item, "file": SimpleUploadedFile("证.pdf", PDF), **more}, follow=True)


@pytest.mark.clause("M9.2", "R2")
def test_the_clock_runs_again_when_the_last_item_is_in(stopped, browser):
    assert "还差 1 项" in hand_in(stopped, browser, "联调记录").content.decode()
    assert stopped.application.paused_since is not None
    assert "全部提交" in hand_in(stopped, browser, "任命文件", day="2026-03-30").content.decode()
    application = stopped.application
    assert application.paused_since is None
    assert application.road().clock("M9.2").days_stood_still == 10


@pytest.mark.clause("M9.2")
def test_each_file_handed_in_stays_on_file(stopped, browser):
    hand_in(stopped, browser, "联调记录")
    hand_in(stopped, browser, "任命文件")
    files = stopped.application.materials.filter(item__startswith="evidence", replaced_at__isnull=True)
    assert files.count() == 2


@pytest.mark.parametrize("item", ["别的材料", "", "<script>", "x" * 3000, "a\nb"])
def test_what_was_not_asked_for_is_refused(stopped, browser, item):
    page = hand_in(stopped, browser, item).content.decode()
    assert "请选择要提交的是哪一项" in page
    assert stopped.application.materials.filter(item__startswith="evidence").count() == 0


def test_evidence_without_a_file_is_asked_for(stopped, browser):
    with on("2026-03-27"):
        page = browser.post(f"/portal/applications/{stopped.application.pk}/evidence/", {"item": "联调记录"}).content.decode()
    assert "请先选择文件" in page


def test_evidence_from_a_stale_page_gets_409(stopped, browser):
    stale = stopped.application.version
    hand_in(stopped, browser, "联调记录")
    response = hand_in(stopped, browser, "任命文件", version=stale)
    assert response.status_code == 409
    assert "提交补充材料" in response.content.decode()
