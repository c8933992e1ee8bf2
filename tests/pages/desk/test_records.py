"""Agreements, institutions, people, notices: lists and pages."""

import pytest

from agreements.models import Agreement
from institutions.models import Institution, Person
from institutions.posts import appoint
from standing.models import StandingFact
from tests.driving import Driver, on, people
from tests.factories import HospitalFactory, PersonFactory, PharmacyFactory
from tests.pages.desk.conftest import DAY

pytestmark = pytest.mark.django_db


# ---- agreements


def test_an_agreement_shows_term_template_papers_and_what_to_do(signed, seat):
    with on("2026-03-18"):
        page = seat(signed.city).page(f"/desk/agreements/{signed.agreement.pk}/")
    assert "2026年3月18日 至 2027年3月17日" in page
    assert "协议备案并公告" in page
    assert "北京市基本医疗保险定点医疗机构服务协议" in page
    assert "续签申请" in page


@pytest.mark.clause("M3", "R7")
def test_agreements_are_found_by_state_of_the_day(signed, seat, stranger):
    def listed(actor, **filters):
        return [each["row"].number for each in seat(actor).get("/desk/agreements/", **filters).context["listed"]]

    number = signed.agreement.number
    with on("2026-03-18"):
        assert listed(signed.city, state="active") == listed(signed.city, filed="no") == listed(signed.city, q=number) == [number]
        assert listed(signed.city, state="expired") == listed(signed.city, ends="90") == listed(stranger) == []
        assert seat(stranger).get(f"/desk/agreements/{signed.agreement.pk}/").status_code == 404
    with on("2027-03-01"):
        assert listed(signed.city, ends="30") == [number]
    with on("2027-03-18"):
        assert listed(signed.city, state="expired") == [number]
        assert "已终止" in seat(signed.city).page("/desk/agreements/")
        assert "已终止" in seat(signed.city).page(f"/desk/agreements/{signed.agreement.pk}/")
    assert Agreement.objects.get().state == "active"


# ---- institutions


def test_the_whole_of_an_institution_on_one_page(signed, seat):
    institution = signed.institution
    with on("2026-03-18"):
        page = seat(signed.city).page(f"/desk/institutions/{institution.pk}/")
    for text in (
        institution.uscc,
        signed.application.number,
        signed.agreement.number,
        "登记再次评估不合格",
        "医保定点申请受理通知书",
        "年度协议生效",
    ):
        assert text in page
    assert institution.posts.first().person.masked_id_number in page
    assert institution.posts.first().person.reveal_id_number() not in page


@pytest.mark.clause("M12.7", "M3")
def test_other_posts_of_a_person_are_named_within_the_own_district_only(seat, driver):
    person = driver.institution.posts.first().person
    near, far = PharmacyFactory(district="110105", name="同区药店"), HospitalFactory(district="110108", name="外区医院")
    with on(DAY):
        for other in (near, far):
            appoint(other, "controller", person, near.opened_on)
        district = seat(driver.district).page(f"/desk/institutions/{driver.institution.pk}/")
        city = seat(driver.city).page(f"/desk/institutions/{driver.institution.pk}/")
    assert "同区药店" in district
    assert "外区医院" not in district
    assert "另在其他区任职 1 处" in district
    assert "外区医院" in city


@pytest.mark.clause("M12.8", "R4")
def test_bans_stand_with_clause_and_last_day(seat, driver):
    with on(DAY):
        driver.do("record_second_fail", driver.institution, remark="纸质档案")
        page = seat(driver.district).page(f"/desk/institutions/{driver.institution.pk}/")
    assert "2027-03-02" in page
    assert "M9.8" in page
    assert "最早 2027年3月3日" in page


@pytest.mark.clause("M40.2")
def test_every_field_tells_its_changes(seat, driver):
    Institution.objects.filter(pk=driver.institution.pk).update(address="搬迁后的地址1号", beds=77)
    with on(DAY):
        page = seat(driver.city).page(f"/desk/institutions/{driver.institution.pk}/")
    assert "搬迁后的地址1号" in page
    assert "机构 · 床位数" in page


@pytest.mark.clause("M29")
def test_standing_facts_are_recorded_from_the_page_by_two(seat, driver):
    with on(DAY):
        handler = seat(driver.city)
        preview = handler.act("impose_penalty", driver.institution, by="2026-03-31", remark="处罚决定书")
        assert "提交复核" in preview.content.decode()
        answer = handler.act("impose_penalty", driver.institution, by="2026-03-31", remark="处罚决定书", step="confirm")
        seat(driver.city_reviewer).post(answer["Location"], answer="confirm")
    assert StandingFact.objects.get().data["by"] == "2026-03-31"
    with on("2026-04-01"):
        assert "逾期未履行" in seat(driver.city).page(f"/desk/institutions/{driver.institution.pk}/")


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_of_institutions_costs_the_same(seat, number, django_assert_num_queries):
    clerk, _ = people("district_agency", "110105")
    for index in range(number):
        HospitalFactory(district="110105", name=f"示例{index}医院")
    with on(DAY):
        browser = seat(clerk)
        browser.get("/desk/institutions/")
        with django_assert_num_queries(8):
            assert len(browser.get("/desk/institutions/").context["listed"]) == number


def test_institutions_are_searched(seat, driver):
    HospitalFactory(district="110108", name="海淀示例医院")
    with on(DAY):
        district, city = seat(driver.district), seat(driver.city)
        assert [each["row"].name for each in city.get("/desk/institutions/?q=hdsl").context["listed"]] == ["海淀示例医院"]
        assert city.get("/desk/institutions/?q=海淀&district=110105").context["listed"] == []
        assert district.get("/desk/institutions/?q=海淀").context["listed"] == []
        assert city.get("/desk/institutions/?stands=designated&kind=nonsense").context["listed"] == []
        assert "没有找到机构" in city.page("/desk/institutions/", q="某某某")


# ---- people


@pytest.mark.clause("M12.8", "M35")
def test_a_person_is_listed_found_and_taken_off(seat, driver):
    person = driver.institution.posts.first().person
    number = person.reveal_id_number()
    with on(DAY):
        city = seat(driver.city)
        assert "名单中没有人员" in city.page("/desk/people/")
        assert city.act("list_dishonest", person, source="失信被执行人名单<script>")["Location"] == f"/desk/people/{person.pk}/"
        page = city.page("/desk/people/", q=person.name)
        assert "失信被执行人名单&lt;script&gt;" in page
        assert driver.institution.name in page
        assert number not in page
        assert person.masked_id_number in page
        assert person.name in city.page("/desk/people/", q=number[-4:])
        assert "只输入姓名" in city.page("/desk/people/", q=number)
        assert "已在名单中" in city.act("list_dishonest", person).content.decode()
        assert city.act("unlist_dishonest", person).status_code == 302
        assert city.get("/desk/people/").context["listed"] == []


@pytest.mark.clause("M35")
def test_a_new_person_is_registered_and_no_number_is_logged(seat, driver):
    from casework.models import ActRecord
    from institutions.madeup import id_number

    with on(DAY):
        city = seat(driver.city)
        assert "校验码" in city.act("register_person", name="钱二", id_number="110101199003071234").content.decode()
        answer = city.act("register_person", name="钱二", id_number=id_number(9_000_001))
        person = Person.objects.get(name="钱二")
        assert answer["Location"] == f"/desk/people/{person.pk}/"
    assert id_number(9_000_001) not in str(ActRecord.objects.get(word="register_person").data)


def test_people_are_for_the_city_alone(seat, driver, stranger):
    person = PersonFactory()
    with on(DAY):
        for actor in (
            driver.district,
            stranger,
            people("third_party")[0],
            people("administrator")[0],
            people("district_bureau", "110105")[0],
        ):
            assert seat(actor).get("/desk/people/").status_code == 404
            assert seat(actor).get(f"/desk/people/{person.pk}/").status_code == 404
            assert seat(actor).post(f"/desk/act/person/{person.pk}/list_dishonest/").status_code == 404
        assert seat(driver.bureau).get(f"/desk/people/{person.pk}/").status_code == 200


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_of_people_costs_the_same(seat, number, django_assert_num_queries):
    driver = Driver()
    holders = [HospitalFactory().posts.first().person for _ in range(number)]
    with on(DAY):
        record = driver.do("list_dishonest", holders[0]).record
        for person in holders[1:]:
            StandingFact.objects.create(kind="dishonest_listed", on=DAY, at=record.at, person=person, act=record)
        browser = seat(driver.city)
        browser.get("/desk/people/")
        with django_assert_num_queries(6):
            assert len(browser.get("/desk/people/").context["listed"]) == number


# ---- notices


@pytest.mark.clause("M9.5", "R12")
def test_notices_with_their_objections(noticed, seat, stranger):
    with on("2026-03-11"):
        noticed.do("object", role="public", text="面积不实", objector="赵某")
        city = seat(noticed.city)
        listed = city.get("/desk/notices/?stands=objections").context["listed"]
        assert [(each["entries"], each["objections"], each["open"]) for each in listed] == [(1, 1, 1)]
        notice = listed[0]["row"].pk
        page = city.page(f"/desk/notices/{notice}/")
        assert "面积不实" in page
        assert "赵某" in page
        assert "resolve_objection/?objection=" in page
        assert "赵某" not in seat(noticed.district).page(f"/desk/notices/{notice}/")
        assert seat(stranger).get(f"/desk/notices/{notice}/").status_code == 404
        assert seat(stranger).get("/desk/notices/").context["listed"] == []
        objection = noticed.application.objections.get()
        preview = city.act("resolve_objection", noticed.application, objection=objection.fact_id, upheld="on", outcome="属实")
        assert "已结束" in preview.content.decode()
        city.act("resolve_objection", noticed.application, objection=objection.fact_id, outcome="不属实", step="confirm")
        assert city.get("/desk/notices/?stands=objections").context["listed"] == []
        assert "异议不成立" in city.page(f"/desk/notices/{notice}/")
    with on("2026-03-18"):
        assert len(city.get("/desk/notices/?stands=over").context["listed"]) == 1
        assert city.get("/desk/notices/?stands=open").context["listed"] == []


def test_an_objection_that_is_not_open_cannot_be_resolved(noticed, seat):
    with on("2026-03-11"):
        noticed.do("object", role="public", text="面积不实")
        for given in ("999999", "nonsense", "-1"):
            answer = seat(noticed.city).act("resolve_objection", noticed.application, objection=given, outcome="不属实", step="confirm")
            assert answer.status_code == 200
    assert noticed.application.objections.get().resolved_at is None
