"""The invitation: terms and text, then the institution's own signature (M10)."""

import pytest

from agreements.acts.signing import accepted_by_institution
from tests.driving import on

pytestmark = pytest.mark.django_db
DAY = "2026-03-10"


@pytest.fixture
def invited(driver):
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
        driver.form_team()
        driver.record_result()
        driver.do("serve_result")
        driver.open_notice()
    with on(DAY):
        driver.do("invite_to_sign", from_on="2026-04-01")
    return driver


def address(driver):
    return f"/portal/applications/{driver.application.pk}/agreement/"


def sign(driver, browser, day=DAY, **data):
    with on(day):
        return browser.post(address(driver), {"signer": "赵一", "read": "on", "version": driver.application.version, **data})


@pytest.mark.clause("M10.3")
def test_the_whole_text_and_the_terms_are_shown(invited, browser):
    with on(DAY):
        page = browser.get(address(invited)).content.decode()
    assert "自2026-04-01起1年" in page
    assert "违约责任" in page
    assert "定点医疗机构服务协议第1版" in page


@pytest.mark.clause("M10.1")
def test_signing_is_recorded_with_the_signer(invited, browser):
    assert sign(invited, browser)["Location"] == f"/portal/applications/{invited.application.pk}/"
    assert accepted_by_institution(invited.application)
    with on(DAY):
        page = browser.get(address(invited)).content.decode()
    assert "本机构已签署" in page
    assert 'name="signer"' not in page


def test_the_box_must_be_ticked_and_nothing_typed_is_lost(invited, browser):
    page = sign(invited, browser, signer="赵一二", read="").content.decode()
    assert "请先阅读协议全文" in page
    assert "赵一二" in page
    assert not accepted_by_institution(invited.application)


@pytest.mark.parametrize("signer", ["", "长" * 81, "\x00"])
def test_an_unfit_signer_is_told(invited, browser, signer):
    response = sign(invited, browser, signer=signer)
    assert response.status_code == 200
    assert not accepted_by_institution(invited.application)


@pytest.mark.clause("M10.1")
def test_terms_changed_meanwhile_are_not_signed_unseen(invited, browser):
    stale = invited.application.version
    with on(DAY):
        invited.do("invite_to_sign", from_on="2026-05-01")
    response = sign(invited, browser, version=stale)
    assert response.status_code == 409
    assert "协商并通知签约" in response.content.decode()
    assert not accepted_by_institution(invited.application)


def test_without_an_invitation_there_is_nothing_to_sign(driver, browser):
    with on("2026-03-02"):
        driver.apply()
        assert browser.get(address(driver)).status_code == 302
