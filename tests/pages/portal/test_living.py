"""An institution's agreement as it lives: what it may ask for and by when, being heard, disputes, settlement."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.driving import PDF, Driver, on
from tests.factories import HospitalFactory
from tests.pages.sending import fields_of

pytestmark = pytest.mark.django_db
DAY = "2026-04-01"


@pytest.fixture
def driver(db) -> Driver:
    """A private hospital, for a public one is not granted what it asks of its own will."""
    return Driver(HospitalFactory(district="110105", ownership="private"))


@pytest.fixture
def signed(driver) -> Driver:
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
        driver.form_team()
    with on("2026-03-10"):
        driver.record_result("pass")
        driver.open_notice()
    with on("2026-03-18"):
        driver.sign()
    return driver


@pytest.fixture
def browser(signed, signed_in):
    return signed_in(signed.owner)


def page(browser, address, day=DAY, **data) -> str:
    with on(day):
        answer = browser.get(address, data)
    assert answer.status_code == 200, address
    return answer.content.decode()


def own(driver, word="") -> str:
    return f"/portal/agreements/{driver.agreement.pk}/{word + '/' if word else ''}"


def send(browser, driver, word, day=DAY, **data) -> str:
    with on(day):
        data = {"version": driver.agreement.version, "step": "confirm", **data}
        return browser.post(own(driver, word), data, follow=True).content.decode()


@pytest.mark.clause("M42.4", "M44.1", "M41.1")
def test_each_rule_stands_before_the_form_with_its_day(browser, signed):
    shown = page(browser, own(signed))
    assert "今天提出的最早自2026-07-01起" in shown
    assert "2026-09-17起可以提出，最迟2026-12-17提出为按时" in shown
    assert "可以结算" in shown


@pytest.mark.clause("M42.4", "M44.1")
def test_a_suspension_is_asked_for_after_a_look_at_what_follows(browser, signed):
    form = page(browser, own(signed, "request_suspension"))
    assert 'value="2026-07-01"' in form
    with on(DAY):
        look = browser.post(own(signed, "request_suspension"), {"from_on": "2026-07-01", "days": "60"}).content.decode()
    assert "请核对" in look
    assert not signed.agreement.facts.filter(kind="suspension_requested").exists()
    done = send(browser, signed, "request_suspension", from_on="2026-07-01", days="60")
    assert "已提交“申请中止协议”" in done
    assert "待决定" in done


@pytest.mark.clause("M44.1")
def test_too_early_is_told_and_nothing_typed_is_lost(browser, signed):
    with on(DAY):
        answer = browser.post(own(signed, "request_termination"), {"effective_on": "2026-05-01", "reason": "搬迁"}).content.decode()
    assert "须提前3个月提出" in answer
    assert "搬迁" in answer
    assert not signed.agreement.facts.filter(kind="termination_requested").exists()


@pytest.mark.clause("M38.6", "M13")
def test_an_intended_decision_waits_on_the_home_until_it_is_heard(browser, signed):
    with on(DAY):
        signed.do("intend", act="suspend", ground=["M42.6(1)"], facts="数据缺漏")
    assert "陈述申辩" in page(browser, "/portal/")
    assert "可以陈述申辩至" in page(browser, own(signed))
    assert "已提交“陈述申辩”" in send(browser, signed, "hear", statement="系统切换所致")
    assert "可以陈述申辩至" not in page(browser, own(signed))
    assert signed.agreement.facts.get(kind="heard").data["statement"] == "系统切换所致"


@pytest.mark.clause("M42.5", "M42.2")
def test_whoever_is_suspended_at_request_is_told_to_resume_in_time(browser, signed):
    with on(DAY):
        signed.do("request_suspension", from_on="2026-07-01", days=60)
        signed.do("decide_suspension", granted=True)
    home = page(browser, "/portal/", "2026-07-02")
    assert "申请恢复履行" in home
    assert "2026年12月27日" in home
    assert "不予结算" in home
    assert "已提交“申请恢复履行”" in send(browser, signed, "request_resumption", "2026-07-05")


@pytest.mark.clause("M40.1")
def test_a_change_reported_late_is_taken_and_said_to_be_late(browser, signed):
    approval = SimpleUploadedFile("批复.pdf", PDF)
    given = {"field": "name", "value": "新名医院", "approved_on": "2026-04-01", "approval_files-upload": approval}
    done = send(browser, signed, "report_change", "2026-07-01", **given)
    assert "已超过规定期限，按逾期登记" in done
    assert "名称" in done


@pytest.mark.clause("M3")
def test_nobody_elses_agreement_exists(signed, signed_in):
    other = Driver(HospitalFactory(district="110108"))
    browser = signed_in(other.owner)
    with on(DAY):
        assert browser.get(own(signed)).status_code == 404
        assert browser.get(own(signed, "request_renewal")).status_code == 404
        assert browser.post(own(signed, "request_renewal"), {"step": "confirm", "version": "1"}).status_code == 404


@pytest.mark.parametrize("word", ["terminate", "nonsense", "start_application"])
def test_what_is_not_the_institutions_to_do_does_not_exist(browser, signed, word):
    with on(DAY):
        assert browser.get(own(signed, word)).status_code == 404
        assert browser.get(f"/portal/disputes/{word}/").status_code == 404


@pytest.mark.parametrize("version", ["", "99", "nonsense"])
def test_a_stale_form_changes_nothing(browser, signed, version):
    with on(DAY):
        answer = browser.post(own(signed, "report_change"), {"step": "confirm", "version": version, "field": "phone", "value": "010"})
    assert answer.status_code == 409
    assert not signed.agreement.facts.filter(kind="change_reported").exists()


@pytest.mark.clause("M46", "I7", "R11")
def test_a_dispute_is_raised_and_listed(browser, signed):
    with on(DAY):
        look = browser.post("/portal/disputes/demand_correction/", {"text": "未按时拨付"}).content.decode()
        assert "请核对" in look
        version = browser.get("/portal/disputes/demand_correction/").context["version"]
        browser.post("/portal/disputes/demand_correction/", {"text": "未按时拨付", "step": "confirm", "version": version})
    listed = page(browser, "/portal/disputes/")
    assert "要求纠正" in listed
    assert signed.institution.disputes.get().number in listed


@pytest.mark.clause("R8", "M33")
def test_settlement_of_a_day_is_asked_for_oneself_only(browser, signed):
    assert "可以结算" in page(browser, "/portal/settlement/", service_on="2026-05-01")
    assert "不予结算" in page(browser, "/portal/settlement/", service_on="2026-01-01")
    stranger = HospitalFactory()
    with on(DAY):
        assert browser.get("/portal/settlement/", {"of": stranger.pk, "service_on": "2026-05-01"}).status_code == 404
        assert browser.get("/portal/settlement/", {"of": "9" * 30, "service_on": "\x00"}).status_code == 200


@pytest.mark.clause("M12.5", "R4")
def test_after_a_termination_the_bans_say_from_when_and_what_remains(browser, signed):
    with on(DAY):
        signed.do("terminate", ground=["M43(4)"], urgent_reason="立即处理", penalty_open=True)
    shown = page(browser, own(signed), "2026-05-01")
    assert "已解除" in shown
    assert "须先履行完行政处罚" in shown
    assert "dd-line__bar--ban" in shown


def test_the_page_costs_the_same_with_one_thing_under_way_and_with_many(browser, signed):
    def report(number):
        for each in range(number):
            with on(DAY):
                signed.do("report_change", role="institution", field="phone", value=str(each))
                signed.do("approve_change", role="district_agency")

    report(1)
    page(browser, own(signed))
    with CaptureQueriesContext(connection) as one:
        page(browser, own(signed))
    report(8)
    with CaptureQueriesContext(connection) as many:
        page(browser, own(signed))
    assert len(one) == len(many)


@pytest.mark.clause("M44.1", "M41.1")
def test_a_request_is_taken_back_by_the_button_beside_it(browser, signed):
    with on("2026-10-01"):
        signed.do("request_suspension")
        signed.do("request_renewal")
    shown = page(browser, own(signed), "2026-10-01")
    (button,) = re.findall(rf'href="({own(signed, "withdraw_request")}\?request=suspension)"', shown)
    with on("2026-10-01"):
        form = fields_of(browser.get(button).content.decode())
        assert form["request"] == "suspension"
        look = browser.post(button, form | {"reason": "不搬了"}).content.decode()
        assert not signed.agreement.facts.filter(kind="request_withdrawn").exists()
        done = browser.post(button, fields_of(look, "confirm"), follow=True).content.decode()
    assert "已提交“撤回申请事项”" in done
    (withdrawn,) = signed.agreement.facts.filter(kind="request_withdrawn")
    assert (withdrawn.data["request"], withdrawn.data["reason"]) == ("suspension", "不搬了")
    assert "已撤回" in done
    assert "request=suspension" not in done
    assert "request=renewal" in done
