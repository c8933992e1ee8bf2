"""The public lists: designated, to be signed, terminated (M11, M9.5, M43); searchable, and the same at any size."""

from datetime import date

import pytest

from agreements import public
from casework.models import ActRecord
from deadlines import clock
from standing.models import StandingFact
from tests.driving import Driver, on
from tests.factories import HospitalFactory, PharmacyFactory

from .conftest import DAY, agreement

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def names(client, address="/public/institutions/", day="2026-03-02"):
    with on(day):
        response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.clause("M11", "R7")
@pytest.mark.parametrize(("day", "listed"), [("2026-03-01", False), ("2026-03-02", True), ("2027-03-01", True), ("2027-03-02", False)])
def test_the_list_follows_the_dates_of_the_agreement(client, day, listed):
    hospital = HospitalFactory()
    agreement(hospital)  # the stored state stays "pending" for ever: no timer ever runs here
    assert (hospital.name in names(client, day=day)) is listed


@pytest.mark.clause("M11", "R6")
def test_a_suspended_institution_stays_on_the_list_with_its_state(client):
    hospital = HospitalFactory()
    agreement(hospital, state="suspended")
    page = names(client)
    assert hospital.name in page
    assert "中止中" in page


@pytest.mark.clause("M11")
def test_the_institution_registered_last_comes_first(client):
    older, newer = HospitalFactory(), HospitalFactory()
    agreement(newer)
    agreement(older)
    page = names(client)
    assert page.index(newer.name) < page.index(older.name)


@pytest.mark.clause("M11")
def test_what_was_annulled_or_ended_early_is_not_listed(client):
    one, other = HospitalFactory(), HospitalFactory()
    agreement(one, annulled=True)
    agreement(other, ended_on=date(2026, 2, 28), first=date(2026, 1, 1))
    page = names(client)
    assert one.name not in page
    assert other.name not in page


@pytest.mark.clause("M11")
def test_the_columns_that_the_law_names_are_there(client):
    hospital = HospitalFactory(category="tcm")
    agreement(hospital)
    page = names(client)
    for text in (hospital.name, hospital.address, "朝阳区", "中医医院", "履行中", "2026-03-02 至 2027-03-01"):
        assert text in page


@pytest.fixture
def three(db):
    found = [
        HospitalFactory(name="北京甲示例医院", district="110105"),
        HospitalFactory(name="北京乙示例诊所", district="110106", category="clinic"),
        PharmacyFactory(name="北京丙示例药店", district="110105"),
    ]
    for each in found:
        agreement(each)
    return found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "甲乙丙"), ("q=示例", "甲乙丙"), ("q=乙示例", "乙"), ("q=bjjslyy", "甲"), ("q=BJ", "甲乙丙"), ("q=示例+药店", "丙"),
        ("district=110105", "甲丙"), ("kind=pharmacy", "丙"), ("district=110106&kind=hospital&q=诊所", "乙"), ("q=没有这样的机构", ""),
    ],
)  # fmt: skip
def test_searching_by_name_initials_district_and_kind(client, three, query, found):
    page = names(client, f"/public/institutions/?{query}")
    assert [sign for sign in "甲乙丙" if f"北京{sign}示例" in page.split("<tbody>")[-1]] == list(found)


def test_searching_by_code(client, three):
    page = names(client, f"/public/institutions/?q={three[1].uscc}")
    assert "北京乙示例诊所" in page
    assert "北京甲示例医院" not in page


@pytest.mark.parametrize("address", ["/public/institutions/", "/public/notices/", "/public/terminated/"])
@pytest.mark.parametrize(
    "query",
    [
        "q=%00", "q=" + "长" * 500, "q=%FF%FE", "q=%25_%5C'\"", "district=%00", "district=nowhere", "kind=castle", "after=abc", "after=-1",
        "after=" + "9" * 30, "q=<script>alert(1)</script>", "q=&q=&district=&kind=&after=", "q=" + "+a" * 25, "after=%00",
    ],
)  # fmt: skip
def test_garbage_in_the_address_is_told_in_words(client, three, address, query):
    page = names(client, f"{address}?{query}")
    assert "<script>alert" not in page


def test_a_part_of_a_search_that_makes_no_sense_is_told_and_left_out(client, three):
    page = names(client, "/public/institutions/?district=nowhere&q=甲")
    assert "没有这个区" in page
    assert "北京甲示例医院" in page


@pytest.mark.parametrize("number", [1, 50])
def test_a_list_costs_the_same_for_one_and_for_fifty(client, number, django_assert_max_num_queries):
    for _ in range(number):
        agreement(HospitalFactory())
    with on("2026-03-02"), django_assert_max_num_queries(4):
        client.get("/public/institutions/")


def test_pages_follow_one_another_without_gaps(client):
    hospitals = [HospitalFactory() for _ in range(53)]
    for each in hospitals:
        agreement(each)
    first = names(client)
    assert 'rel="next"' in first
    address = first.split('rel="next" href="')[1].split('"')[0]
    second = names(client, address.replace("&amp;", "&"))
    assert [each for each in hospitals if each.name in first or each.name in second] == hospitals
    assert not [each for each in hospitals if f">{each.name}</a>" in first and f">{each.name}</a>" in second]


def test_no_list_counts_all_its_rows(client, three, django_assert_max_num_queries):
    with on("2026-03-02"), django_assert_max_num_queries(4) as queries:
        client.get("/public/institutions/?q=示例")
    assert not [query for query in queries if "COUNT(" in query["sql"].upper() or "OFFSET" in query["sql"].upper()]


def test_empty_lists_say_why_they_are_empty(client, db):
    assert "还没有定点机构" in names(client)
    assert "目前没有公示" in names(client, "/public/notices/")
    assert "还没有登记解除医保协议的决定" in names(client, "/public/terminated/")
    assert "没有找到定点机构" in names(client, "/public/institutions/?q=x")


@pytest.mark.clause("M9.5", "R12")
def test_the_notice_shows_its_period_and_ends_by_the_calendar(client, on_notice):
    name = on_notice.institution.name
    page = names(client, "/public/notices/", "2026-03-09")
    assert name in page
    assert "2026-03-02 至 2026-03-09" in page
    assert "提出异议" in page
    page = names(client, "/public/notices/", "2026-03-10")
    assert name in page
    assert "公示期满" in page
    assert f"/public/notices/{on_notice.application.pk}/object/" not in page


@pytest.mark.clause("M9.5", "M11")
def test_signing_moves_an_institution_from_one_list_to_the_other(client, on_notice):
    name = on_notice.institution.name
    with on("2026-03-10"):
        on_notice.sign()
    assert name not in names(client, "/public/notices/", "2026-03-10")
    assert name in names(client, "/public/institutions/", "2026-03-10")


@pytest.mark.clause("R12")
def test_a_working_day_overruled_meanwhile_moves_the_last_day(client, on_notice):
    with on("2026-03-03"):
        on_notice.do("set_day", role="city_bureau", day="2026-03-05", working=False, reason="临时放假")
    assert "2026-03-02 至 2026-03-10" in names(client, "/public/notices/", "2026-03-03")


def test_an_upheld_objection_takes_it_off_the_list(client, on_notice):
    with on("2026-03-03"):
        on_notice.do("object", text="不具备条件")
        on_notice.do("resolve_objection", upheld=True, outcome="属实")
    assert on_notice.institution.name not in names(client, "/public/notices/", "2026-03-03")


@pytest.mark.parametrize("number", [1, 50])
def test_the_notice_costs_the_same_for_one_and_for_fifty(client, on_notice, number, django_assert_max_num_queries):
    from applications.models import Application
    from evaluations.models import Notice, NoticeEntry

    notice = Notice.objects.get()
    for _ in range(number):
        row = Application.objects.create(institution=HospitalFactory(), started_on="2026-02-01", state="public_notice")
        NoticeEntry.objects.create(notice=notice, application=row)
    with on("2026-03-03"), django_assert_max_num_queries(4):
        client.get("/public/notices/")


@pytest.fixture
def ended(db):
    """A termination as taken over from the paper file."""

    with on("2026-03-02"):
        hospital = HospitalFactory(name="北京丁示例医院")
        act = ActRecord.objects.create(word="import", title="导入", on=date(2026, 3, 2), at=clock.now(), role="city_agency")
        data = {"natures": ["violation"]}
        StandingFact.objects.create(kind="termination", on=date(2026, 3, 5), at=clock.now(), act=act, institution=hospital, data=data)
    return hospital


@pytest.mark.clause("M43", "R5")
def test_a_termination_is_listed_from_its_first_day_out(client, ended):
    assert ended.name not in names(client, "/public/terminated/", "2026-03-04")
    page = names(client, "/public/terminated/", "2026-03-05")
    assert ended.name in page
    assert "2026-03-05" in page
    assert ended.name in names(client, "/public/terminated/?q=丁示例", "2026-03-05")
    assert ended.name not in names(client, "/public/terminated/?q=戊示例", "2026-03-05")


@pytest.mark.clause("M11", "R7")
@pytest.mark.parametrize("day", ["2026-02-28", "2026-03-02", "2026-03-10", "2027-03-09", "2027-03-10"])
def test_the_page_and_the_agreements_in_force_are_the_same_set(client, on_notice, day):
    for first in (date(2026, 1, 1), date(2026, 3, 2), date(2026, 3, 10)):
        agreement(HospitalFactory(), first)
    with on("2026-03-10"):
        on_notice.sign()
    from agreements.models import Agreement

    in_force = {row.institution_id for row in Agreement.objects.all() if row.first_day <= date.fromisoformat(day) <= row.ended_on}
    assert set(public.designated(date.fromisoformat(day)).values_list("pk", flat=True)) == in_force


@pytest.mark.clause("M43", "P40")
def test_a_termination_says_on_what_ground(client):
    hospital, pharmacy, paper = HospitalFactory(), PharmacyFactory(), HospitalFactory()
    act = ActRecord.objects.create(word="import", title="导入", on=DAY, at=clock.now(), role="city_agency")
    for institution, grounds in ((hospital, ["M43(3)"]), (pharmacy, ["P40(5)", "P40(11)"]), (paper, None)):
        data = {"natures": ["violation"], **({"grounds": grounds} if grounds else {})}
        StandingFact.objects.create(kind="termination", on=DAY, at=clock.now(), institution=institution, data=data, act=act)
    with on(DAY):
        page = client.get("/public/terminated/").content.decode()
        sheet = b"".join(client.get("/public/terminated/download.csv").streaming_content).decode("utf-8-sig")
        own = client.get(f"/public/institutions/{hospital.pk}/").content.decode()
    for text in (page, sheet):
        assert "第四十三条第（三）项 查实欺诈骗保" in text
        assert "第四十条第（五）项 串换倒卖药品套取基金；第四十条第（十一）项" in text
    assert "纸质决定，未登记情形" in page
    assert "查实欺诈骗保" in own


@pytest.mark.clause("R7", "M42.1")
def test_a_suspension_is_marked_from_its_first_day_before_any_timer_runs(client):
    driver = Driver()
    with on(DAY):
        driver.do("take_over_agreement", number="旧协1", first_day="2026-01-01", last_day="2026-12-31", kind="annual")
        driver.do("suspend", ground="M42.6(1)", from_on="2026-03-10", to_on="2026-03-20", urgent_reason="基金风险")
    for day, suspended in (("2026-03-09", False), ("2026-03-10", True), ("2026-03-20", True), ("2026-03-21", False)):
        with on(day):
            assert ("bi-pause-circle-fill" in client.get("/public/institutions/").content.decode()) is suspended, day
            page = client.get(f"/public/institutions/{driver.institution.pk}/").content.decode()
        assert ("自 2026年3月10日起中止，已定的最后一日 2026年3月20日" in page) is suspended, day
