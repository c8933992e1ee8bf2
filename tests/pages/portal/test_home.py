"""The institution's home: the tracker, what must be done and by when, bans, papers."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deadlines import clock
from documents.issuing import issue
from institutions.acts import receiving
from institutions.papers import describe
from offices.models import Office
from pages.portal.tracker import track
from tests.driving import Driver, on
from tests.factories import HospitalFactory, PharmacyFactory, actor

from .conftest import agree

pytestmark = pytest.mark.django_db


def home(browser):
    response = browser.get("/portal/")
    assert response.status_code == 200
    return response.content.decode()


def positions(driver, day):
    with on(day):
        return [stage["state"] for stage in track(driver.application, clock.today()).stages]


def test_an_institution_that_never_applied_is_led_to_the_check(driver, browser):
    page = home(browser)
    assert "看看能否申请" in page
    assert "目前没有需要您办的事" in page


def test_signing_in_leads_an_institution_to_its_home(browser):
    assert browser.get("/")["Location"] == "/portal/"


@pytest.mark.clause("M7")
def test_a_draft_is_the_first_thing_to_do(driver, browser):
    with on("2026-03-02"):
        driver.do("start_application")
        page = home(browser)
    assert "完成并提交申请" in page
    assert f"/portal/applications/{driver.application.pk}/draft/" in page


@pytest.mark.clause("M8.2")
def test_a_supplement_is_shown_with_its_link(driver, browser):
    with on("2026-03-02"):
        driver.apply(missing=("M7(5)",))
        driver.do("request_supplement")
        page = home(browser)
    assert "还差 1 项材料" in page
    assert f"/portal/applications/{driver.application.pk}/supplement/" in page


@pytest.mark.clause("M9.2", "R2")
def test_a_stopped_clock_is_shown_as_stopped(driver, browser):
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
        driver.form_team()
        assert "2026年6月2日" in home(browser)
    with on("2026-03-20"):
        driver.do("request_evidence", items=["联调记录"])
        page = home(browser)
    assert "停钟，自2026年3月20日起" in page
    assert "2026年6月2日" not in page


@pytest.mark.clause("M9.6")
def test_a_result_that_was_not_served_is_not_shown(driver, browser):
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
        driver.form_team()
        driver.record_result("fail")
        page = home(browser)
        assert "评估不合格" not in page
        assert positions(driver, "2026-03-02")[2] == "current"
        driver.do("serve_result")
        page = home(browser)
    assert "评估不合格，整改中" in page
    assert "2026年6月2日" in page, "the gate of three months"


@pytest.mark.clause("M9.5", "R7", "R12")
def test_signing_begins_by_the_calendar_without_any_timer(driver, browser):
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
        driver.form_team()
        driver.record_result()
        driver.do("serve_result")
        driver.open_notice()
    assert positions(driver, "2026-03-09")[3:5] == ["current", "todo"]
    assert positions(driver, "2026-03-10")[3:5] == ["done", "current"]
    with on("2026-03-10"):
        assert "公示期满，等待签约" in home(browser)


@pytest.mark.clause("M10.1")
def test_an_invitation_to_sign_is_something_to_do(driver, browser):
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
        driver.form_team()
        driver.record_result()
        driver.do("serve_result")
        driver.open_notice()
    with on("2026-03-10"):
        driver.do("invite_to_sign")
        asked = home(browser)
        assert "阅读并签署协议" in asked
        assert "已发签约通知，等待本机构签署" in asked
        driver.do("institution_signs", signer="赵一")
        signed = home(browser)
        assert "阅读并签署协议" not in signed
        assert "等待市经办机构签署" in signed


@pytest.mark.clause("R11")
def test_a_refusal_names_the_remedies_with_their_last_days(driver, browser):
    with on("2026-03-02"):
        driver.apply(insist=True)
        person = driver.institution.posts.first().person
        driver.do("list_dishonest", person)
        driver.do("refuse", ground=["M12.8"])
        page = home(browser)
    assert positions(driver, "2026-03-02")[:2] == ["done", "stopped"]
    assert "2026年5月6日" in page, "60 days end on 2026-05-01, a holiday until the 5th"
    assert "2026年9月2日" in page


@pytest.mark.clause("M12.8", "M12.3")
def test_own_bans_are_listed_with_clause_last_day_and_what_remains(driver, browser):
    with on("2026-03-02"):
        driver.do("record_second_fail")
        driver.do("list_dishonest", driver.institution.posts.first().person)
        page = home(browser)
    assert 'data-clause="M9.8"' in page
    assert "2027-03-02（次日起可以）" in page
    assert 'data-clause="M12.8"' in page
    assert "须移出失信人名单" in page


@pytest.mark.clause("P11.6")
def test_a_pharmacy_reads_its_own_numbering(signed_in):
    driver = Driver(PharmacyFactory())
    with on("2026-03-02"):
        driver.do("list_dishonest", driver.institution.posts.first().person)
        page = home(signed_in(driver.owner))
    assert 'data-clause="P11.6"' in page
    assert "第十一条第（六）项" in page


@pytest.mark.clause("M41.1")
def test_the_last_day_to_ask_for_renewal_is_shown_half_a_year_ahead(driver, browser):
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
        driver.form_team()
        driver.record_result()
        driver.do("serve_result")
        driver.open_notice()
    with on("2026-03-10"):
        driver.sign()
        assert "申请续签" not in home(browser)
    with on("2026-10-01"):
        page = home(browser)
    assert "申请续签" in page
    assert "2026年12月9日" in page, "three months before 2027-03-09"


@pytest.mark.clause("M41.1")
def test_a_fixed_agreement_is_renewed_in_time_too(driver, browser):
    with on("2026-03-02"):
        terms = {"number": "固1", "kind": "fixed", "first_day": "2024-01-01", "last_day": "2026-12-31"}
        driver.do("take_over_agreement", subject=driver.institution, **terms)
    with on("2026-08-03"):
        page = home(browser)
    assert "申请续签" in page
    assert "2026年9月30日" in page, "three months before 2026-12-31"


@pytest.mark.clause("M5.2")
def test_an_internet_hospital_is_shown_on_its_parents_home(driver, browser):
    child = HospitalFactory(category="internet", parent=driver.institution, name="示例互联网医院")
    page = home(browser)
    assert "示例互联网医院（互联网医院）" in page
    assert f"/portal/apply/{child.pk}/" in page


def test_an_office_without_a_record_is_told_whom_to_ask(signed_in):
    assert "账户还没有对应的机构资料" in home(signed_in(actor("institution")))


def papers(institution, number):
    issuer = Office.objects.filter(role="district_agency").first()
    for _ in range(number):
        data = {
            "institution": describe(institution), "case": {"number": "1"}, "received_at": "2026-03-02 09:00", "materials": [{"name": "表"}]
        }  # fmt: skip
        issue(1, issuer=issuer, institutions=[institution.pk], on=date(2026, 3, 2), data=data)


@pytest.mark.parametrize("number", [1, 50])
def test_home_costs_the_same_for_one_paper_and_for_fifty(driver, browser, number, django_assert_max_num_queries):
    with on("2026-03-02"):
        driver.apply()
        papers(driver.institution, number)
        with django_assert_max_num_queries(46):
            home(browser)


@pytest.mark.parametrize("number", [1, 50])
def test_the_inbox_costs_the_same_for_one_paper_and_for_fifty(driver, browser, number, django_assert_max_num_queries):
    with on("2026-03-02"):
        papers(driver.institution, number)
        with django_assert_max_num_queries(9):
            assert browser.get("/portal/documents/").status_code == 200


@pytest.mark.clause("M52")
def test_a_proposed_text_is_put_to_the_institution(driver, browser):
    with on("2026-03-02"):
        driver.do("propose_template", kind="hospital", title="定点医疗机构服务协议", articles="# 总则\n双方自愿。", comment_days=10)
        assert "协议范本正在征求意见" in home(browser)
    with on("2026-03-13"):
        assert "协议范本正在征求意见" not in home(browser)


def test_without_consent_home_asks_for_it_and_counts_no_papers(driver, browser):
    Office.objects.filter(pk=driver.institution.office_id).update(online_service_consent_on=None)
    with on("2026-03-02"):
        driver.apply()
        page = home(browser)
    assert "签署线上送达同意书" in page
    assert "签收 1 份文书" not in page
    agree(driver.institution)
    with on("2026-03-02"):
        assert "签收 1 份文书" in home(browser)
    assert receiving.unconfirmed(driver.institution.pk).count() == 1


@pytest.mark.clause("M5.2")
def test_the_home_costs_the_same_with_one_internet_hospital_and_with_several(driver, browser):
    with on("2026-03-02"):
        driver.do("take_over_agreement", number="旧协一", first_day="2026-01-01", last_day="2026-08-31")

    def lean() -> Driver:
        child = Driver(HospitalFactory(category="internet", parent=driver.institution, district=driver.institution.district_id))
        with on("2026-03-02"):
            child.apply(missing=("M7(5)",))
            child.do("request_supplement")
            child.do("take_over_agreement", number=f"旧协{child.institution.pk}", first_day="2026-01-01", last_day="2026-08-31")
            child.do("intend", act="suspend", ground=["M42.6(1)"])
        return child

    def asked() -> tuple[int, str]:
        with on("2026-03-03"):
            home(browser)  # what a process reads once
            with CaptureQueriesContext(connection) as queries:
                page = home(browser)
        return len(queries), page

    children = [lean()]
    one, _ = asked()
    children += [lean() for _ in range(3)]
    several, page = asked()
    assert several == one
    assert page.count("申请续签") == 1 + len(children)
    assert page.count("还差 1 项材料") == page.count("市经办机构拟中止医保协议") == len(children)
    assert all(child.institution.name in page and child.agreement.number in page for child in children)
