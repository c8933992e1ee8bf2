"""The page of an application, its materials and its findings."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.materials import items_on
from applications.models import Material
from casework.models import ActRecord
from deadlines import clock
from documents.models import Document
from tests.driving import PDF, on, people
from tests.pages.desk.conftest import DAY

pytestmark = pytest.mark.django_db
MEMBERS = [{"name": f"评估员{each}", "specialty": each} for each in ("insurance", "medicine", "finance", "it")]


def case_page(seat, actor, driver) -> str:
    return seat(actor).page(f"/desk/applications/{driver.application.pk}/")


@pytest.mark.clause("M26", "M9.2")
def test_one_line_says_where_it_stands_who_by_when_and_why(seat, accepted):
    with on("2026-03-05"):
        page = case_page(seat, accepted.city, accepted)
    assert "已受理" in page
    assert "市经办机构" in page
    assert "剩 89 天" in page
    assert "受理 2026-03-02 + 3个月 = 2026-06-02" in page


@pytest.mark.clause("R2")
def test_a_paused_clock_says_since_when(seat, evaluating):
    with on("2026-03-05"):
        evaluating.do("request_evidence", items=["财务报表"])
        page = case_page(seat, evaluating.city, evaluating)
    assert "停钟，自2026年3月5日起" in page
    assert "为什么停钟" in page
    assert "补齐1项后继续" in page


def test_the_way_is_drawn_with_its_gates(seat, noticed):
    with on("2026-03-11"):
        answer = seat(noticed.city).get(f"/desk/applications/{noticed.application.pk}/")
    stages = answer.context["stages"]
    assert [stage["state"] for stage in stages] == ["done", "done", "done", "current", "todo", "todo"]
    assert stages[4]["gate"] == "公示期满后"


def test_an_ended_case_stops_where_it_ended(seat, evaluating):
    with on("2026-03-05"):
        evaluating.do("withdraw")
        answer = seat(evaluating.city).get(f"/desk/applications/{evaluating.application.pk}/")
    stages = answer.context["stages"]
    assert [stage["state"] for stage in stages] == ["done", "done", "stopped", "todo", "todo", "todo"]
    assert "已撤回" in stages[2]["note"]


@pytest.mark.clause("M3", "R16")
def test_another_districts_case_does_not_exist(seat, evaluating, stranger):
    pk = evaluating.application.pk
    material = Material.objects.first()
    addresses = [
        f"/desk/applications/{pk}/",
        f"/desk/applications/{pk}/materials/",
        f"/desk/applications/{pk}/findings/",
        f"/desk/materials/{material.pk}/",
        f"/desk/institutions/{evaluating.institution.pk}/",
    ]
    with on(DAY):
        for actor in (
            stranger,
            people("administrator")[0],
            people("third_party")[0],
            evaluating.owner,
            people("district_bureau", "110108")[0],
        ):
            browser = seat(actor)
            for address in addresses:
                assert browser.get(address).status_code == 404, (actor.role, address)
        for actor in (
            evaluating.city,
            evaluating.district,
            evaluating.bureau,
            people("auditor")[0],
            people("district_bureau", "110105")[0],
        ):
            assert seat(actor).get(addresses[0]).status_code == 200


@pytest.mark.parametrize("pk", ["999999", "9" * 25])
def test_an_unknown_number_leads_nowhere(seat, submitted, pk):
    with on(DAY):
        browser = seat(submitted.city)
        for what in ("applications", "agreements", "institutions", "people", "notices", "proposals", "materials"):
            assert browser.get(f"/desk/{what}/{pk}/").status_code == 404


def test_a_draft_is_not_to_be_seen(seat, driver):
    with on(DAY):
        driver.do("start_application")
        driver.upload("M7(1)")
        assert seat(driver.district).get(f"/desk/applications/{driver.application.pk}/").status_code == 404
        assert seat(driver.district).get(f"/desk/materials/{Material.objects.get().pk}/").status_code == 404


@pytest.mark.clause("M35")
def test_an_evaluator_sees_its_case_without_what_is_not_its_business(seat, accepted):
    third, _ = people("third_party")
    with on(DAY):
        accepted.do("form_team", members=MEMBERS, commissioned_to=third.office_id)
        page = case_page(seat, third, accepted)
        assert "评估细则第1版" in page
        assert "办理记录" not in page
        assert accepted.institution.posts.first().person.name not in page
        assert seat(third).get(f"/desk/materials/{Material.objects.first().pk}/").status_code == 200


@pytest.mark.clause("M7")
def test_a_material_is_shown_in_the_page_and_nothing_in_it_runs(seat, submitted):
    material = Material.objects.filter(item="M7(1)").get()
    with on(DAY):
        answer = seat(submitted.district).get(f"/desk/materials/{material.pk}/")
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"].startswith("inline")
        assert b"".join(answer.streaming_content) == PDF
        download = seat(submitted.district).get(f"/desk/materials/{material.pk}/?download=1")
        assert download["Content-Disposition"].startswith("attachment")
        assert b"".join(download.streaming_content) == PDF
        page = seat(submitted.district).page(f"/desk/applications/{submitted.application.pk}/materials/?item=M7(1)")
        assert f'src="/desk/materials/{material.pk}/' in page


@pytest.mark.clause("M8.1", "M8.2")
def test_materials_are_checked_one_after_another_and_the_notice_is_filled_in(seat, submitted):
    address = f"/desk/applications/{submitted.application.pk}/materials/"
    with on(DAY):
        clerk = seat(submitted.district)
        version = submitted.application.version
        answer = clerk.post(address, version=version, item="M7(1)", fit="on")
        assert answer["Location"] == f"{address}?item=M7(2)"
        answer = clerk.post(address, version=version + 1, item="M7(2)", note="")
        assert "请写明问题" in answer.content.decode()
        clerk.post(address, version=version + 1, item="M7(2)", note="复印件未盖章")
        page = clerk.page(address)
        assert "已核对 2 / 9 项" in page
        assert clerk.post(address, version=version, item="M7(4)", fit="on").status_code == 409
        assert clerk.post(address, version=version + 2, item="nonsense", fit="on").status_code == 200
        form = clerk.page(f"/desk/act/application/{submitted.application.pk}/request_supplement/")
        assert 'value="复印件未盖章"' in form
    assert submitted.application.facts.filter(kind="checked").count() == 2


def test_a_new_upload_is_to_be_checked_anew(seat, submitted):
    with on(DAY):
        submitted.do("check_material", item="M7(1)", fit=False, note="模糊")
        submitted.do("request_supplement")
    with on("2026-03-05"):
        submitted.do("upload_material", item="M7(1)", file=SimpleUploadedFile("新.pdf", PDF))
        submitted.do("supply")
        answer = seat(submitted.district).get(f"/desk/applications/{submitted.application.pk}/materials/")
    assert next(row["mark"] for row in answer.context["listed"]) == "open"


@pytest.mark.clause("M9.3")
def test_findings_are_recorded_item_by_item_by_the_commissioned_office(seat, accepted):
    third, _ = people("third_party")
    address = f"/desk/applications/{accepted.application.pk}/findings/"
    with on(DAY):
        accepted.do("form_team", members=MEMBERS, commissioned_to=third.office_id)
        version = accepted.application.version
        evaluator = seat(third)
        assert "已评 0 / 5 项" in evaluator.page(address)
        answer = evaluator.post(address, version=version, item="licence", met="on", mode="on_site", evidence="查看原件<script>")
        assert answer["Location"] == f"{address}?item=staff"
        assert "依据和证据" in evaluator.post(address, version=version + 1, item="staff", met="on").content.decode()
        assert evaluator.post(address, version=version, item="staff", evidence="x").status_code == 409
        assert "未受委托的机构" in seat(accepted.district).page(address)
        assert seat(accepted.district).post(address, version=version + 1, item="staff", evidence="x").status_code == 200
        assert "查看原件&lt;script&gt;" in case_page(seat, accepted.city, accepted)
    assert accepted.application.evaluations.get().findings.count() == 1


@pytest.mark.clause("R7")
def test_a_passed_day_is_shown_as_passed_before_any_timer(seat, accepted):
    with on("2026-06-03"):
        page = case_page(seat, accepted.city, accepted)
    assert "已超期 1 天" in page
    assert "已逾期" in page


@pytest.mark.clause("M26", "M29")
def test_the_log_tells_who_did_what_and_a_mistake_is_corrected_from_it(seat, accepted):
    case, record = accepted.application, ActRecord.objects.get(word="accept")
    with on("2026-03-03"):
        clerk = seat(accepted.district)
        page = clerk.page(f"/desk/applications/{case.pk}/")
        assert accepted.district.user_name in page
        assert "待核对 <i" in page
        assert f"/desk/act/actrecord/{record.pk}/void/" in page
        assert f"/desk/act/actrecord/{record.pk}/void/" not in case_page(seat, accepted.city, accepted)
        assert seat(accepted.city).get(f"/desk/act/actrecord/{record.pk}/void/").status_code == 404
        preview = clerk.act("void", record, reason="受理了别家的材料").content.decode()
        assert "已受理" in preview
        assert "待核对" in preview
        assert "评估期限" in preview
        paper = Document.objects.get(catalogue=2)
        assert f"撤销《{paper.title}》（{paper.number}）" in preview
        assert f"<li>《{paper.title}》" not in preview
        assert "只制发下列撤销通知书" in preview
        answer = clerk.act("void", record, reason="受理了别家的材料", step="confirm")
        assert "正在等待复核" in clerk.page(f"/desk/act/actrecord/{record.pk}/void/")
        reviewed = seat(accepted.district_reviewer).post(answer["Location"], answer="confirm")
        assert reviewed["Location"] == f"/desk/applications/{case.pk}/"
        page = clerk.page(f"/desk/applications/{case.pk}/")
    assert accepted.application.state == "submitted"
    assert "更正作废" in page
    assert "受理了别家的材料" in page


def test_what_later_acts_rest_on_is_not_corrected_before_them(seat, evaluating):
    record = ActRecord.objects.get(word="accept")
    with on(DAY):
        answer = seat(evaluating.district).act("void", record, reason="误受理")
    assert "请先更正其后的办理" in answer.content.decode()


def test_uploads_in_a_row_are_told_once(seat, driver):
    with on(DAY):
        driver.do("start_application")
        for item in items_on("hospital", clock.today()):
            driver.do("upload_material", item=item.id, file=SimpleUploadedFile("材料.pdf", PDF))
        driver.do("submit_application")
        answer = seat(driver.district).get(f"/desk/applications/{driver.application.pk}/")
    uploads = [entry for entry in answer.context["log"] if entry.record.word == "upload_material"]
    assert len(uploads) == 1
    assert "定点申请表" in uploads[0].given[0][1]
    assert "市级要求的其他材料" in uploads[0].given[0][1]


def test_the_page_costs_the_same_however_long_the_log(seat, evaluating):
    address = f"/desk/applications/{evaluating.application.pk}/"
    with on(DAY):
        browser, costs = seat(evaluating.city), []
        for number in range(1, 8):
            evaluating.do("record_finding", item="licence", met=True, evidence=f"第{number}次")
            evaluating.do("assign", owner=evaluating.city.user_id)
            with CaptureQueriesContext(connection) as queries:
                browser.page(address)
            costs.append(len(queries))
    assert len(set(costs[1:])) == 1
    assert costs[-1] < 60


@pytest.mark.clause("M35")
def test_who_objected_is_for_the_city_only(seat, noticed):
    with on("2026-03-11"):
        noticed.do("object", role="public", text="面积不实", objector="赵某", contact="13800000000")
        assert "赵某" in case_page(seat, noticed.city, noticed)
        for actor in (noticed.district, people("district_bureau", "110105")[0]):
            page = case_page(seat, actor, noticed)
            assert "面积不实" in page
            assert "赵某" not in page
            assert "13800000000" not in page


@pytest.mark.clause("M9.2", "R2")
def test_what_came_in_during_the_evaluation_stands_with_its_round_and_is_looked_at(seat, evaluating):
    pk = evaluating.application.pk
    with on("2026-03-05"):
        evaluating.do("request_evidence", items=["财务报表", "设备清单"])
        evaluating.do("supply_evidence", items=["财务报表"], file=SimpleUploadedFile("报表.pdf", PDF))
        evaluating.do("supply_evidence", items=["设备清单"], file=SimpleUploadedFile("清单.pdf", PDF))
        first, second = Material.objects.filter(item__startswith="evidence.").order_by("id")
        answer = seat(evaluating.city).get(f"/desk/applications/{pk}/")
        assert [each.title for each in answer.context["evaluations"][0]["supplied"]] == ["财务报表", "设备清单"]
        for page in (answer.content.decode(), seat(evaluating.city).page(f"/desk/applications/{pk}/findings/")):
            assert f"/desk/applications/{pk}/materials/?item={first.item}" in page
            assert f"/desk/materials/{second.pk}/?download=1" in page
        bench = seat(evaluating.city).page(f"/desk/applications/{pk}/materials/?item={first.item}")
    assert f'src="/desk/materials/{first.pk}/' in bench
    assert "评估中补充" in bench


@pytest.mark.clause("R16", "M35")
def test_an_evaluator_sees_what_came_in_for_its_own_round_alone(seat, accepted):
    third, _ = people("third_party")
    pk = accepted.application.pk
    with on(DAY):
        accepted.do("form_team", members=MEMBERS, commissioned_to=third.office_id)
        accepted.do("request_evidence", items=["财务报表"])
        accepted.do("supply_evidence", file=SimpleUploadedFile("报表.pdf", PDF))
        accepted.record_result("fail")
        accepted.do("serve_result", method="online")
    with on("2026-06-03"):
        accepted.do("start_re_evaluation")
        accepted.form_team()
        accepted.do("request_evidence", items=["整改报告"])
        accepted.do("supply_evidence", file=SimpleUploadedFile("整改.pdf", PDF))
        own, other = Material.objects.filter(item__startswith="evidence.").order_by("id")
        page = case_page(seat, third, accepted)
        assert "财务报表" in page
        assert "整改报告" not in page
        assert seat(third).get(f"/desk/materials/{own.pk}/").status_code == 200
        assert seat(third).get(f"/desk/materials/{other.pk}/").status_code == 404
        answer = seat(accepted.city).get(f"/desk/applications/{pk}/")
        assert [[each.title for each in one["supplied"]] for one in answer.context["evaluations"]] == [["财务报表"], ["整改报告"]]
        assert seat(accepted.district).get(f"/desk/materials/{other.pk}/").status_code == 200


@pytest.mark.clause("M6.5", "M12.1", "M12.2")
def test_what_only_a_person_can_judge_is_asked_beside_what_the_institution_states(seat, driver):
    with on(DAY):
        driver.do("start_application")
        driver.upload()
        driver.do("submit_application")
        pk = driver.application.pk
        clerk = seat(driver.district)
        address = f"/desk/act/application/{pk}/accept/"
        page = clerk.page(address)
        assert "信息系统能够按要求与医保系统对接" in page
        assert page.count("机构申明：符合") == 6
        codes = [each["item"].code for each in clerk.get(f"/desk/applications/{pk}/").context["checklist"]]
        given = {"version": driver.application.version, "judged-asked": codes} | {f"judged-{code}": "yes" for code in codes}
        left = {name: value for name, value in given.items() if name != "judged-M12.2"}
        assert "请判断：基本医疗服务执行国家和本市的医药价格政策" in clerk.post(address, **left).content.decode()
        answer = clerk.post(address, **given | {"judged-M12.2": "no"}).content.decode()
        assert "经核对不符合“基本医疗服务执行国家和本市的医药价格政策”" in answer
        assert 'id="judged-4-no" value="no" checked' in answer
        assert clerk.post(address, **given).status_code == 302
        page = clerk.page(f"/desk/applications/{pk}/")
    assert page.count('<td data-label="受理时判断">符合</td>') == 6
    assert page.count('<td data-label="机构申明">符合</td>') == 6


@pytest.mark.clause("M53")
def test_the_page_names_the_version_of_the_measures_that_the_case_is_under(seat, signed):
    with on("2026-03-12"):
        assert "定点管理暂行办法》（2022年1月1日起施行）" in case_page(seat, signed.city, signed)
        assert "定点管理暂行办法》（2022年1月1日起施行）" in seat(signed.city).page(f"/desk/agreements/{signed.agreement.pk}/")
