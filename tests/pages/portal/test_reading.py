"""What the institution reads: its application, its log, objections to it, proposed texts; and who else may come here."""

import pytest
from django.test import Client

from agreements.models import AgreementTemplate, TemplateComment
from offices.models import Role
from tests.driving import Driver, on, people
from tests.factories import PharmacyFactory, actor

pytestmark = pytest.mark.django_db
DAY = "2026-03-02"


@pytest.fixture
def on_notice(driver):
    with on(DAY):
        driver.apply()
        driver.do("check_material", item="M7(1)", fit=True)
        driver.do("accept")
        driver.form_team()
        driver.record_result()
        driver.do("serve_result")
        driver.open_notice()
    return driver


def page_of(browser, driver, what="", day=DAY):
    with on(day):
        response = browser.get(f"/portal/applications/{driver.application.pk}/{what}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.clause("M26", "M13")
def test_the_log_shows_steps_with_offices_but_no_reviewers(on_notice, browser):
    page = page_of(browser, on_notice, "log/")
    assert "受理" in page
    assert on_notice.district.office_name in page
    assert on_notice.district.user_name not in page
    assert on_notice.city_reviewer.user_name not in page


@pytest.mark.clause("M13")
def test_what_an_office_notes_for_itself_is_not_in_the_log(on_notice, browser):
    page = page_of(browser, on_notice, "log/")
    assert "核对材料" not in page
    assert "评估意见" not in page
    assert "作出评估结果" not in page


def test_of_its_own_people_the_log_shows_the_name(on_notice, browser):
    assert on_notice.owner.user_name in page_of(browser, on_notice, "log/")


@pytest.mark.clause("M9.5", "M35")
def test_an_objection_is_shown_without_who_made_it(on_notice, browser):
    with on("2026-03-03"):
        on_notice.do("object", text="营业地址不符", objector="王某某", contact="13800000000")
    page = page_of(browser, on_notice, day="2026-03-03")
    assert "营业地址不符" in page
    assert "王某某" not in page
    assert "13800000000" not in page
    with on("2026-03-04"):
        on_notice.do("resolve_objection", outcome="经核查地址相符")
    assert "经核查地址相符" in page_of(browser, on_notice, day="2026-03-04")


def test_materials_and_papers_are_listed(on_notice, browser):
    page = page_of(browser, on_notice)
    assert "定点申请表" in page
    assert "医保定点申请受理通知书" in page
    assert "医保定点评估报告" not in page


@pytest.mark.parametrize("number", [1, 50])
def test_the_log_costs_the_same_for_one_act_and_for_fifty(driver, browser, number, django_assert_max_num_queries):
    with on(DAY):
        driver.do("start_application")
        for _ in range(number):
            driver.upload("M7(1)")
    with django_assert_max_num_queries(9):
        page_of(browser, driver, "log/")


@pytest.mark.parametrize("number", [1, 50])
def test_the_application_costs_the_same_for_one_objection_and_for_fifty(on_notice, browser, number, django_assert_max_num_queries):
    with on("2026-03-03"):
        for each in range(number):
            on_notice.do("object", text=f"异议第{each}件的内容")
    with django_assert_max_num_queries(26):
        page_of(browser, on_notice, day="2026-03-03")


@pytest.mark.clause("M52")
def test_a_comment_on_a_proposed_text_is_kept(driver, browser):
    with on(DAY):
        driver.do("propose_template", kind="hospital", title="定点医疗机构服务协议", articles="# 总则\n双方自愿。", comment_days=10)
        template = AgreementTemplate.objects.latest("pk")
        address = f"/portal/templates/{template.pk}/"
        assert browser.post(address, {"text": ""}).status_code == 200
        assert browser.post(address, {"text": "建议明确结算周期。"}).status_code == 302
        assert "建议明确结算周期。" in browser.get(address).content.decode()
    with on("2026-03-13"):
        page = browser.post(address, {"text": "迟到的意见"}).content.decode()
    assert "不在征求本机构意见的期间内" in page
    assert "迟到的意见" in page, "what was typed is not lost"
    assert TemplateComment.objects.count() == 1


@pytest.mark.clause("M52")
def test_the_other_kinds_text_does_not_exist(driver, signed_in):
    template = AgreementTemplate.objects.get(kind="hospital")
    pharmacy = Driver(PharmacyFactory())
    assert signed_in(pharmacy.owner).get(f"/portal/templates/{template.pk}/").status_code == 404


PAGES = ["", "apply/", "documents/", "record/", "record/basics/", "consent/"]


@pytest.mark.clause("M3", "R16")
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "role",
    [Role.CITY_BUREAU, Role.CITY_AGENCY, Role.DISTRICT_BUREAU, Role.DISTRICT_AGENCY, Role.THIRD_PARTY, Role.AUDITOR, Role.ADMINISTRATOR],
)
def test_the_portal_is_for_institutions_only(signed_in, page, role):
    assert signed_in(actor(role)).get(f"/portal/{page}").status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_it_asks_to_sign_in(page):
    assert Client().get(f"/portal/{page}")["Location"].startswith("/login/")


def test_several_people_work_for_one_institution(driver, signed_in):
    colleague, _ = people("institution", institution=driver.institution)
    with on(DAY):
        driver.do("start_application")
        assert signed_in(colleague).get(f"/portal/applications/{driver.application.pk}/draft/").status_code == 200
