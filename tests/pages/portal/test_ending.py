"""Withdrawing and declining: first what would happen, then the deed (M10.1)."""

import pytest

from documents.models import Document
from tests.driving import Driver, on

pytestmark = pytest.mark.django_db
DAY = "2026-03-02"


@pytest.fixture
def filed(driver):
    with on(DAY):
        driver.apply()
    return driver


def post(browser, driver, what="withdraw", **data):
    with on(DAY):
        return browser.post(f"/portal/applications/{driver.application.pk}/{what}/", data)


def test_the_consequences_are_shown_and_nothing_is_done_yet(filed, browser):
    page = post(browser, filed, reason="场所调整").content.decode()
    assert "撤回医保定点申请确认书" in page
    assert "正在计算的期限停止" in page
    assert "场所调整" in page
    assert filed.application.state == "submitted"
    assert not Document.objects.filter(catalogue=5).exists()


def test_confirming_withdraws_and_issues_the_paper(filed, browser):
    response = post(browser, filed, reason="场所调整", step="confirm", version=filed.application.version)
    assert response.status_code == 302
    assert filed.application.state == "withdrawn"
    assert Document.objects.get(catalogue=5).data["reason"] == "场所调整"


def test_a_draft_is_withdrawn_without_a_paper(driver, browser):
    with on(DAY):
        driver.do("start_application")
    assert "草稿和已上传的文件留存" in post(browser, driver, reason="").content.decode()
    assert post(browser, driver, reason="", step="confirm")["Location"] == "/portal/"
    assert driver.application.state == "withdrawn"
    assert not Document.objects.filter(catalogue=5).exists()


def test_a_stale_confirmation_gets_409_naming_who_changed_what(filed, browser):
    stale = filed.application.version
    with on(DAY):
        filed.do("accept")
    response = post(browser, filed, reason="", step="confirm", version=stale)
    assert response.status_code == 409
    page = response.content.decode()
    assert filed.district.user_name in page
    assert "受理" in page
    assert filed.application.state == "accepted"


def test_a_second_click_finds_it_done(filed, browser):
    sent = {"reason": "", "step": "confirm", "version": filed.application.version}
    post(browser, filed, **sent)
    response = post(browser, filed, **sent)
    assert response["Location"] == f"/portal/applications/{filed.application.pk}/"


def test_a_reason_that_is_too_long_is_told_and_kept(filed, browser):
    page = post(browser, filed, reason="长" * 1001, step="confirm").content.decode()
    assert "长" * 1001 in page
    assert filed.application.state == "submitted"


@pytest.fixture
def invited(driver):
    with on("2026-02-10"):
        driver.apply()
        driver.do("accept")
        driver.form_team()
        driver.record_result()
        driver.do("serve_result")
        driver.open_notice()
    with on(DAY):
        driver.do("invite_to_sign")
    return driver


@pytest.mark.clause("M10.1")
def test_declining_needs_a_reason_and_ends_the_application(invited, browser):
    page = post(browser, invited, "decline", reason="").content.decode()
    assert "确认以后会发生什么" not in page
    page = post(browser, invited, "decline", reason="暂不具备条件").content.decode()
    assert "确认以后会发生什么" in page
    post(browser, invited, "decline", reason="暂不具备条件", step="confirm")
    assert invited.application.state == "declined"


def test_nothing_can_be_declined_before_the_notice(filed, browser):
    assert post(browser, filed, "decline", reason="否")["Location"] == f"/portal/applications/{filed.application.pk}/"
    assert filed.application.state == "submitted"


@pytest.mark.clause("M3")
def test_nobody_ends_another_institutions_application(filed, signed_in):
    other = Driver()
    browser = signed_in(other.owner)
    assert post(browser, filed, reason="", step="confirm").status_code == 404
    assert filed.application.state == "submitted"
