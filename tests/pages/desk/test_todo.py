"""The desk: everything that waits, by due day, paused last; found, counted, cut into pages, exported."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from applications.models import Application
from casework import proposals
from institutions.models import Institution
from offices.models import Role, SignUp
from tests.driving import Driver, on, people
from tests.factories import HospitalFactory, PharmacyFactory
from tests.pages.desk.conftest import DAY

pytestmark = pytest.mark.django_db


def shown(answer) -> list[str]:
    return [row.name for row in answer.context["rows"]]


def applied(day: str, name: str, factory=HospitalFactory, **given) -> Driver:
    made = Driver(factory(district=given.pop("district", "110105"), name=name))
    with on(day):
        made.apply(**given)
    return made


def pile(number: int) -> Institution:
    """Applications waiting for the district's check, made quickly: the facts that a list reads."""
    from applications.models import ApplicationFact
    from casework.models import ActRecord

    record = ActRecord.objects.create(word="submit_application", title="提交申请", case_label="application", on=DAY, at=f"{DAY}T01:00Z")
    for index in range(number):
        institution = HospitalFactory(district="110105", name=f"示例{index:02d}医院")
        case = Application.objects.create(
            institution=institution,
            number=f"定申2026-110105-{index:05d}",
            state="submitted",
            started_on=DAY,
            filed_on=DAY,
            due_on=date(2026, 3, 9 + index % 20),
            waits_for="district_agency",
        )
        for kind in ("drafted", "filed"):
            ApplicationFact.objects.create(application=case, kind=kind, on=DAY, at=f"{DAY}T01:00Z", act=record)
    return institution


@pytest.mark.clause("M26")
def test_sorted_by_due_day_with_paused_ones_last(seat):
    late, soon = applied("2026-03-05", "后到医院"), applied("2026-03-02", "先到医院")
    paused = applied("2026-03-02", "停钟医院")
    for driver in (late, soon, paused):
        with on("2026-03-05"):
            driver.do("accept")
            driver.form_team()
    with on("2026-03-06"):
        paused.do("request_evidence", items=["财务报表"])
        answer = seat(late.city).get("/desk/")
    assert shown(answer) == ["先到医院", "后到医院", "停钟医院"]
    text = answer.content.decode()
    assert "停钟，自2026年3月6日起" in text
    assert "2026年6月2日" in text


def test_counts_for_each_kind_of_matter_lead_to_its_list(seat):
    waiting, accepted = applied(DAY, "待核对医院"), applied(DAY, "已受理医院")
    with on(DAY):
        accepted.do("accept")
        SignUp.objects.create(
            kind="hospital",
            name="新来门诊部",
            uscc="91110105MA01EXAM11",
            licence_number="1",
            district_id="110105",
            contact="王芳",
            phone="13900000000",
            username="xinlai",
            password="!",
            code="1",
        )
        clerk = seat(waiting.district)
        answer = clerk.get("/desk/")
        assert [(tile["title"], tile["number"]) for tile in answer.context["tiles"]] == [("全部待办", 2), ("核对材料", 1), ("机构注册", 1)]
        assert sorted(shown(answer)) == ["待核对医院", "新来门诊部"]
        assert shown(clerk.get("/desk/?matter=sign_up")) == ["新来门诊部"]
        assert shown(clerk.get("/desk/?matter=submitted")) == ["待核对医院"]
        assert shown(seat(accepted.city).get("/desk/?matter=accepted")) == ["已受理医院"]


def test_with_words_the_counts_end_at_a_page(seat):
    pile(60)
    clerk, _ = people("district_agency", "110105")
    with on("2026-03-04"):
        browser = seat(clerk)
        every, found, one = (browser.get("/desk/", q=words).context["tiles"] for words in ("", "示例", "示例07医院"))
    assert [[tile["number"] for tile in tiles] for tiles in (every, found, one)] == [[60, 60], ["50+", "50+"], [1, 1]]


def test_reviews_wait_for_colleagues_not_for_their_handler(seat):
    driver = applied(DAY, "不予受理医院")
    with on(DAY):
        proposals.propose(
            "refuse",
            driver.application,
            actor=driver.district,
            data={"ground": ["M12.9"], "evidence": "依据某法"},
            version=driver.application.version,
        )
        mine, theirs = seat(driver.district).get("/desk/"), seat(driver.district_reviewer).get("/desk/")
    assert [row.matter for row in mine.context["rows"]] == ["核对材料"]
    assert sorted(row.matter for row in theirs.context["rows"]) == ["复核签署", "核对材料"]
    assert "复核中" in mine.content.decode()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("清源", ["清源门诊部"]),
        ("qymzb", ["清源门诊部"]),
        ("清 诊", ["清源门诊部"]),
        ("定申2026-110105-00001", ["清源门诊部"]),
        ("没有这一家", []),
        ("%", []),
        ("_", []),
        ("\x00清源", ["清源门诊部"]),
        ("'; drop table", []),
    ],
)
def test_search_by_name_initials_and_number(seat, words, found):
    driver = applied(DAY, "清源门诊部")
    applied(DAY, "广益药店", PharmacyFactory)
    with on(DAY):
        assert shown(seat(driver.district).get("/desk/", q=words)) == found


def test_search_by_code(seat):
    driver = applied(DAY, "清源门诊部")
    with on(DAY):
        assert shown(seat(driver.district).get("/desk/", q=driver.institution.uscc)) == ["清源门诊部"]
        assert shown(seat(driver.district).get("/desk/", q=driver.institution.national_code)) == ["清源门诊部"]


def test_filters_show_as_chips_that_take_themselves_away(seat):
    driver = applied(DAY, "清源门诊部")
    applied(DAY, "广益药店", PharmacyFactory)
    with on("2026-03-20"):
        answer = seat(driver.district).get("/desk/", kind="hospital", due="overdue", q="清源", owner="nobody", matter="nonsense")
    filters = answer.context["filters"]
    assert shown(answer) == ["清源门诊部"]
    assert [chip.title for chip in filters.chips] == ["搜索：“清源”", "类别：医疗机构", "期限：已超期", "承办：未分派"]
    assert filters.chips[2].url == "/desk/?q=%E6%B8%85%E6%BA%90&kind=hospital&owner=nobody"
    assert "已超期" in answer.content.decode()


def test_who_looks_after_it(seat):
    driver = applied(DAY, "清源门诊部")
    with on(DAY):
        clerk = seat(driver.district)
        assert shown(clerk.get("/desk/?owner=me")) == []
        driver.do("assign", role="district_agency", owner=driver.district.user_id)
        assert shown(clerk.get("/desk/?owner=me")) == ["清源门诊部"]
        assert shown(clerk.get("/desk/?owner=nobody")) == []


@pytest.mark.clause("M3")
def test_a_district_sees_its_own_the_city_all(seat, stranger):
    driver = applied(DAY, "朝阳一家")
    with on(DAY):
        assert shown(seat(stranger).get("/desk/")) == []
        assert shown(seat(stranger).get("/desk/applications/?q=朝阳一家")) == []
        assert shown(seat(driver.bureau).get("/desk/applications/")) == ["朝阳一家"]
        assert shown(seat(people("district_bureau", "110105")[0]).get("/desk/applications/")) == ["朝阳一家"]
        assert shown(seat(people("auditor")[0]).get("/desk/applications/")) == ["朝阳一家"]
        for role in ("administrator", "third_party"):
            assert seat(people(role)[0]).get("/desk/applications/").status_code == 404
        assert seat(driver.owner).get("/desk/").status_code == 404
        assert shown(seat(driver.city).get("/desk/applications/?district=110108")) == []


def test_a_draft_is_nobody_elses(seat, driver):
    with on(DAY):
        driver.do("start_application")
        assert shown(seat(driver.district).get("/desk/applications/")) == []


def test_an_evaluator_sees_what_it_was_asked_to_do(seat, accepted):
    office, _ = people("third_party")
    with on(DAY):
        members = [{"name": each, "specialty": each} for each in ("insurance", "medicine", "finance", "it")]
        assert shown(seat(office).get("/desk/")) == []
        accepted.do("form_team", members=members, commissioned_to=office.office_id)
        assert shown(seat(office).get("/desk/")) == [accepted.institution.name]


@pytest.mark.clause("R7")
def test_the_calendar_alone_moves_rows(seat, noticed):
    with on("2026-03-17"):
        during = seat(noticed.city).get("/desk/")
    with on("2026-03-18"):
        city = seat(noticed.city)
        after = city.get("/desk/")
        assert [(row.matter, row.state, row.due) for row in after.context["rows"]] == [("协商签约", "待签约", None)]
        assert shown(city.get("/desk/?matter=public_notice")) == []
        assert shown(city.get("/desk/applications/?state=negotiating")) == [noticed.institution.name]
    assert [(row.matter, str(row.due)) for row in during.context["rows"]] == [("公示与异议", "2026-03-17")]


@pytest.mark.clause("M9.7", "R7")
def test_after_the_gate_the_matter_is_the_citys_again(seat, evaluating):
    with on("2026-03-10"):
        evaluating.record_result("fail")
        evaluating.do("serve_result")
    with on("2026-06-10"):
        assert shown(seat(evaluating.city).get("/desk/")) == []
    with on("2026-06-11"):
        rows = seat(evaluating.city).get("/desk/").context["rows"]
    assert [(row.step, row.holder) for row in rows] == [("整改期满，开始再次评估", "市经办机构")]


@pytest.mark.clause("M10.2")
def test_a_signed_agreement_waits_to_be_filed(seat, signed):
    with on("2026-03-18"):
        assert [row.matter for row in seat(signed.city).get("/desk/").context["rows"]] == ["协议备案"]
        signed.do("file_agreement")
        assert shown(seat(signed.city).get("/desk/")) == []


@pytest.mark.parametrize("number", [1, 50])
def test_a_list_costs_the_same_for_one_and_for_fifty(seat, number, django_assert_num_queries):
    pile(number)
    clerk, _ = people("district_agency", "110105")
    with on("2026-03-04"):
        browser = seat(clerk)
        browser.get("/desk/")
        with django_assert_num_queries(19):
            assert len(shown(browser.get("/desk/"))) == number
        with django_assert_num_queries(10):
            assert len(shown(browser.get("/desk/applications/"))) == number


def test_pages_follow_one_another_without_loss(seat):
    pile(60)
    clerk, _ = people("district_agency", "110105")
    with on("2026-03-04"):
        browser = seat(clerk)
        first = browser.get("/desk/?kind=hospital")
        second = browser.get(first.context["page"]["next_url"])
        every = [row.due for answer in (first, second) for row in answer.context["rows"]]
        assert len({*shown(first), *shown(second)}) == 60
        assert every == sorted(every)
        assert second.context["page"] == {"next_url": "", "first_url": "/desk/?kind=hospital"}


@pytest.mark.parametrize("after", ["nonsense", "0.2026-99-99.application.1", "9.2026-01-01.application.1", "0.2026-01-01.x';.1", "\x00"])
def test_nonsense_in_the_address_shows_the_first_page(seat, submitted, after):
    with on(DAY):
        browser = seat(submitted.district)
        assert shown(browser.get("/desk/", after=after)) == [submitted.institution.name]
        assert shown(browser.get("/desk/", matter="'", district="x", due="\x00", owner=["a"])) == [submitted.institution.name]


def test_the_export_is_exactly_the_list(seat):
    driver = applied(DAY, "=1+1医院")
    applied(DAY, "广益药店", PharmacyFactory)
    with on(DAY):
        browser = seat(driver.district)
        answer = browser.get("/desk/export.xlsx", kind="hospital")
        listed = shown(browser.get("/desk/", kind="hospital"))
        everything = browser.get("/desk/applications/export.xlsx")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][0] == "机构"
    assert [row[0] for row in rows[1:]] == listed == ["=1+1医院"]
    assert "2026-03-09" in rows[1]
    cells = list(load_workbook(io.BytesIO(b"".join(everything.streaming_content))).worksheets[0].iter_rows())
    assert len(cells) == 3
    assert all(cell.data_type != "f" for row in cells for cell in row)


def test_an_empty_desk_says_why(seat):
    clerk, _ = people(Role.DISTRICT_AGENCY, "110105")
    with on(DAY):
        assert "没有待办事项" in seat(clerk).page("/desk/")
        assert "没有符合条件的事项" in seat(clerk).page("/desk/", q="某某")


def test_a_name_with_a_script_is_shown_as_text(seat):
    driver = applied(DAY, "<script>alert(1)</script>医院")
    with on(DAY):
        for address in ("/desk/", "/desk/applications/", f"/desk/applications/{driver.application.pk}/", "/desk/calendar/"):
            page = seat(driver.district).page(address)
            assert "<script>alert(1)" not in page
