"""Papers: inbox, confirmation of receipt, consent to be served online."""

from datetime import date

import pytest

from casework.models import ActRecord
from documents.models import Document, ProofOfService
from institutions.acts.receiving import receipts
from offices.models import Office
from tests.driving import Driver, on

pytestmark = pytest.mark.django_db
DAY = "2026-03-02"


@pytest.fixture
def receipt(driver):
    with on(DAY):
        driver.apply()
    return Document.objects.get(catalogue=1)


def confirm(browser, paper, day="2026-03-05"):
    with on(day):
        return browser.post(f"/portal/documents/{paper.pk}/confirm/", follow=True)


def test_confirming_records_who_received_it_and_when(driver, browser, receipt):
    page = confirm(browser, receipt).content.decode()
    assert "已签收" in page
    assert receipts(driver.institution.pk, [receipt.pk])[receipt.pk].user_id == driver.owner.user_id


def test_it_counts_as_served_when_it_reached_the_account_not_when_somebody_looked(driver, browser, receipt):
    confirm(browser, receipt)
    proof = ProofOfService.objects.get(documents=receipt)
    assert (proof.method, proof.served_on) == ("online", date(2026, 3, 2))
    assert "2026-03-05 09:00在线签收" in proof.remark
    assert proof.recipient == driver.owner.user_name


def test_a_consent_given_later_serves_from_its_own_day(driver, browser, receipt):
    Office.objects.filter(pk=driver.institution.office_id).update(online_service_consent_on="2026-03-04")
    confirm(browser, receipt)
    assert ProofOfService.objects.get(documents=receipt).served_on == date(2026, 3, 4)


@pytest.mark.clause("M9.6")
def test_a_paper_already_served_by_the_agency_keeps_its_proof(driver, browser):
    with on(DAY):
        driver.apply()
        driver.do("accept")
        driver.form_team()
        driver.record_result("fail")
        driver.do("serve_result")
    paper = Document.objects.get(catalogue=12)
    before = list(ProofOfService.objects.filter(documents=paper))
    confirm(browser, paper)
    assert list(ProofOfService.objects.filter(documents=paper)) == before
    assert receipts(driver.institution.pk, [paper.pk])


def test_a_second_click_confirms_once(driver, browser, receipt):
    confirm(browser, receipt)
    page = confirm(browser, receipt).content.decode()
    assert "dd-notice--error" not in page
    assert ActRecord.objects.filter(word="confirm_receipt").count() == 1


def test_without_consent_nothing_is_confirmed_and_the_reason_is_told(driver, browser, receipt):
    Office.objects.filter(pk=driver.institution.office_id).update(online_service_consent_on=None)
    page = confirm(browser, receipt).content.decode()
    assert "尚未同意线上送达" in page
    assert not ProofOfService.objects.exists()
    with on(DAY):
        assert "查看不等于送达" in browser.get("/portal/documents/").content.decode()


@pytest.mark.clause("M9.5")
def test_a_public_notice_needs_no_receipt(driver, browser):
    with on(DAY):
        driver.apply()
        driver.do("accept")
        driver.form_team()
        driver.record_result()
        driver.do("serve_result")
        driver.open_notice()
    notice = Document.objects.get(catalogue=13)
    with on(DAY):
        page = browser.get(f"/portal/documents/{notice.pk}/").content.decode()
    assert "签收" not in page.split("dd-main", 1)[1].split("dd-footer", 1)[0]
    assert "不是送达本机构的" in confirm(browser, notice).content.decode()


@pytest.mark.clause("M3")
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_institutions_papers_do_not_exist(receipt, signed_in, method):
    browser = signed_in(Driver().owner)
    address = f"/portal/documents/{receipt.pk}/" + ("confirm/" if method == "post" else "")
    assert getattr(browser, method)(address).status_code == 404


def test_what_offices_write_to_one_another_is_not_in_the_inbox(driver, browser):
    with on(DAY):
        driver.apply()
        driver.do("accept")
        driver.form_team()
        driver.record_result("fail")
        page = browser.get("/portal/documents/").content.decode()
        report = Document.objects.get(catalogue=9)
        assert browser.get(f"/portal/documents/{report.pk}/").status_code == 404
    assert report.recipient == Office.objects.get(role="city_agency").name
    assert "评估报告" not in page


def test_a_papers_dates_are_explained(driver, browser):
    with on(DAY):
        driver.apply()
        driver.do("accept")
        paper = Document.objects.get(catalogue=2)
        page = browser.get(f"/portal/documents/{paper.pk}/").content.decode()
    assert "2026-06-02" in page
    assert "受理 2026-03-02 + 3个月 = 2026-06-02" in page


def test_signing_the_consent_dates_it_today(driver, browser):
    Office.objects.filter(pk=driver.institution.office_id).update(online_service_consent_on=None)
    with on(DAY):
        sent = {"signer": "赵一", "agree": "on", "step": "consent_online_service"}
        assert browser.post("/portal/consent/", sent)["Location"] == "/portal/documents/"
        assert "撤回同意" in browser.get("/portal/consent/").content.decode()
    assert Office.objects.get(pk=driver.institution.office_id).online_service_consent_on == date(2026, 3, 2)
    assert ActRecord.objects.get(word="consent_online_service").data["signer"] == "赵一"


def test_the_consent_needs_a_signer_and_the_box(driver, browser):
    Office.objects.filter(pk=driver.institution.office_id).update(online_service_consent_on=None)
    with on(DAY):
        page = browser.post("/portal/consent/", {"signer": "", "step": "consent_online_service"}).content.decode()
    assert page.count("dd-field--error") == 2
    assert Office.objects.get(pk=driver.institution.office_id).online_service_consent_on is None


def test_a_consent_can_be_taken_back_and_a_stale_page_does_not_sign_again(driver, browser):
    with on(DAY):
        browser.post("/portal/consent/", {"signer": "赵一", "step": "withdraw_online_service"})
        assert Office.objects.get(pk=driver.institution.office_id).online_service_consent_on is None
        browser.post("/portal/consent/", {"signer": "赵一", "step": "withdraw_online_service"})
    assert ActRecord.objects.filter(word="withdraw_online_service").count() == 1


def test_a_void_paper_says_so_and_cannot_be_confirmed(driver, browser, receipt):
    from documents.issuing import void

    with on(DAY):
        void(receipt, "登记错误")
        assert "已作废：登记错误" in browser.get(f"/portal/documents/{receipt.pk}/").content.decode()
        assert "已作废" in confirm(browser, receipt).content.decode()
    assert not receipts(driver.institution.pk, [receipt.pk])
