"""Evaluation: team, clock, findings, result, rectification, second failure (M9, R2, R3)."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from casework.refusals import Invalid, Refused
from deadlines.loading import working_calendar
from documents.models import Document
from standing.reading import bans_of
from tests.driving import PDF, Driver, on, people
from tests.factories import HospitalFactory, PharmacyFactory

pytestmark = pytest.mark.django_db


def accepted(day: str = "2026-03-02", **given: object) -> Driver:
    driver = Driver(HospitalFactory(district="110105", **given))
    with on(day):
        driver.apply()
        driver.do("accept")
    return driver


def evidence() -> SimpleUploadedFile:
    return SimpleUploadedFile("报表.pdf", PDF)


def refused(driver: Driver, word: str, **data: object) -> list[str]:
    with pytest.raises(Refused) as caught:
        driver.do(word, **data)
    return caught.value.clauses


@pytest.mark.clause("M9.1", "P8.1")
@pytest.mark.parametrize("lacking", ["insurance", "medicine", "finance", "it"])
def test_all_four_specialties_and_nobody_tied(lacking: str) -> None:
    driver = accepted()
    full = [{"name": each, "specialty": each} for each in ("insurance", "medicine", "finance", "it")]
    with on("2026-03-03"):
        assert refused(driver, "form_team", members=[row for row in full if row["specialty"] != lacking]) == ["M9.1"]
        tied = [{**row, "tied_to": "亲属"} if row["specialty"] == lacking else row for row in full]
        assert refused(driver, "form_team", members=tied) == ["M9.1"]


@pytest.mark.clause("M9.2", "P8.2", "R2")
def test_the_clock_stands_still_from_service_to_the_last_arrival() -> None:
    driver = accepted("2025-11-30")
    with on("2025-12-01"):
        driver.form_team()
        assert driver.application.due_on == date(2026, 2, 28)  # a Saturday worked for the Spring Festival
    with on("2025-12-10"):
        driver.do("request_evidence", items=["账册", "合同"])
        assert "M9.2" in refused(driver, "request_evidence", items=["其他"])
        assert (driver.application.due_on, driver.application.paused_since) == (None, date(2025, 12, 10))
    with on("2025-12-15"):
        driver.do("supply_evidence", items=["账册"], file=evidence())
        assert driver.application.paused_since == date(2025, 12, 10)
        assert refused(driver, "record_result", result="pass")[0] == "M9.3"
    with on("2025-12-24"):
        with pytest.raises(Invalid) as caught:
            driver.do("supply_evidence")
        assert list(caught.value.errors) == ["file"], "nothing is in without a file"
        assert driver.application.paused_since == date(2025, 12, 10)
        driver.do("supply_evidence", file=evidence())
        clock = driver.application.road().clock("M9.2")
        assert clock is not None
        assert clock.due is not None
        assert (clock.state, clock.days_stood_still) == ("running", 14)
        assert clock.due.day == working_calendar().next_working(date(2026, 3, 14))  # Nov 30 + 3 months = Feb 28, + 14 days


@pytest.mark.clause("M9.3", "P8.3")
def test_no_result_while_an_item_is_open_nor_a_pass_with_a_mandatory_item_unmet() -> None:
    driver = accepted()
    with on("2026-03-03"):
        driver.form_team()
        assert refused(driver, "record_result", result="pass") == ["M9.3"]
        items = driver.application.evaluations.get().rubric.items
        assert len(items) == 5
        for item in items:
            driver.do("record_finding", item=item["code"], met=item["code"] != "system", evidence="核查记录")
        assert refused(driver, "record_result", result="pass") == ["M9.3"]
        driver.do("record_finding", item="system", met=True, evidence="复测通过")
        driver.do("record_result", result="pass")
    assert driver.application.state == "passed"
    assert driver.application.evaluations.get().findings.filter(item="system").count() == 2


@pytest.mark.clause("M9.1", "M9.3", "R16")
def test_only_the_commissioned_office_records_findings() -> None:
    driver = accepted()
    third, _ = people("third_party")
    stranger, _ = people("third_party")
    with on("2026-03-03"):
        members = [{"name": each, "specialty": each} for each in ("insurance", "medicine", "finance", "it")]
        driver.do("form_team", members=members, commissioned_to=third.office_id)
        driver.offices["third_party"] = (third, None)
        driver.do("record_finding", role="third_party", item="system", met=True, evidence="现场测试")
        driver.offices["third_party"] = (stranger, None)
        with pytest.raises(Exception, match=r"没有找到|不能记录"):
            driver.do("record_finding", role="third_party", item="rules", met=True, evidence="现场")


@pytest.mark.clause("M9.4", "M9.5", "R12")
def test_results_are_filed_before_the_notice_and_objections_stop_the_signing() -> None:
    driver = accepted()
    with on("2026-03-02", 11):
        driver.form_team()
        driver.record_result()
        assert refused(driver, "open_notice") == ["M9.4"]
        driver.open_notice()
    with on("2026-03-09"):
        assert "M9.5" in refused(driver, "invite_to_sign")
        driver.do("object", text="价格与公示不符")
    with on("2026-03-10"):
        assert refused(driver, "invite_to_sign") == ["M9.5"]
        assert "M9.5" in refused(driver, "object", text="迟到的异议")
        driver.do("resolve_objection", outcome="经核查不属实")
        assert driver.application.state == "negotiating"
        driver.sign()
    assert driver.application.state == "signed"


@pytest.mark.clause("M9.5", "P8.5", "R12")
def test_an_upheld_objection_closes_the_application() -> None:
    driver = accepted()
    with on("2026-03-02", 11):
        driver.form_team()
        driver.record_result()
        driver.open_notice()
        driver.do("object", text="材料不实")
        driver.do("resolve_objection", outcome="属实", upheld=True)
    assert driver.application.state == "closed"
    assert Document.objects.filter(catalogue=14).exists()


@pytest.mark.clause("M9.6", "M9.7", "M9.8", "P8.6", "P8.7", "P8.8", "R1", "R2")
@pytest.mark.parametrize(("factory", "gate", "ban"), [(HospitalFactory, "M9.7", "M9.8"), (PharmacyFactory, "P8.7", "P8.8")])
def test_rectification_re_evaluation_and_second_failure(factory, gate: str, ban: str) -> None:
    driver = Driver(factory(district="110105"))
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
        driver.form_team()
        driver.record_result("fail")
        assert refused(driver, "start_re_evaluation") == [gate]
    with on("2026-03-10"):
        driver.do("serve_result")
        assert driver.application.state == "rectifying"
    with on("2026-06-10"):
        assert refused(driver, "start_re_evaluation") == [gate]
    with on("2026-06-11"):
        driver.do("start_re_evaluation")
        assert driver.application.state == "rectifying"
        driver.form_team()
        assert driver.application.road().clock("M9.2").due.day == date(2026, 9, 11)
        driver.record_result("fail")
    with on("2026-06-15"):
        driver.do("serve_result")
        assert driver.application.state == "failed"
        assert [(each.clause, each.until) for each in bans_of(driver.institution, date(2026, 6, 15))] == [(ban, date(2027, 6, 15))]
        assert refused(driver, "start_re_evaluation") == [gate]
    with on("2027-06-15"):
        with pytest.raises(Refused) as caught:
            driver.apply()
        assert caught.value.clauses == [ban]
    with on("2027-06-16"):
        driver.do("submit_application")
    assert driver.application.state == "submitted"


@pytest.mark.clause("M9.7", "R3")
def test_the_gate_binds_a_new_application_too_and_its_failure_is_the_second() -> None:
    driver = accepted()
    with on("2026-03-02", 11):
        driver.form_team()
        driver.record_result("fail")
        driver.do("serve_result")
        driver.do("withdraw")
    with on("2026-06-02"):
        with pytest.raises(Refused) as caught:
            driver.apply()
        assert (caught.value.clauses, caught.value.refusals[0].earliest_on) == (["M9.7"], date(2026, 6, 3))
    with on("2026-06-03"):
        driver.do("submit_application")
        driver.do("accept")
        driver.form_team()
        driver.record_result("fail")
        driver.do("serve_result")
    assert driver.application.state == "failed"
    assert [each.clause for each in bans_of(driver.institution, date(2026, 6, 3))] == ["M9.8"]


@pytest.mark.clause("M9.6", "M9.7")
def test_service_by_announcement_is_complete_after_thirty_days() -> None:
    driver = accepted()
    with on("2026-03-02", 11):
        driver.form_team()
        driver.record_result("fail")
        driver.do("serve_result", method="announcement")
        assert driver.application.state == "failed"
    assert driver.application.road().state(date(2026, 3, 31)) == "failed"
    assert driver.application.road().state(date(2026, 4, 1)) == "rectifying"
    assert driver.application.road().gate("M9.7").day == date(2026, 7, 1)
    with on("2026-07-02"):
        driver.do("start_re_evaluation")
    assert driver.application.state == "rectifying"


@pytest.mark.clause("M9.4")
def test_each_result_is_filed_by_itself_and_none_while_a_re_evaluation_is_under_way() -> None:
    driver = accepted()
    with on("2026-03-09"):
        driver.form_team()
        driver.record_result("fail")
        driver.do("serve_result")
        driver.do("file_result")
    with on("2026-06-10"):
        driver.do("start_re_evaluation")
        assert refused(driver, "file_result") == ["M9.4", "state"]
        driver.form_team()
        driver.record_result("pass")
        assert refused(driver, "open_notice") == ["M9.4"]
        driver.do("file_result")
        driver.do("open_notice")
    assert Document.objects.filter(catalogue=10).count() == 2


@pytest.mark.clause("M9.6", "M9.7", "R3")
def test_who_withdraws_before_the_service_evades_no_gate() -> None:
    driver = accepted()
    with on("2026-03-09"):
        driver.form_team()
        driver.record_result("fail")
        driver.do("withdraw")
        assert driver.application.waits_for == "city_agency"
    with on("2026-03-10"):
        driver.do("serve_result")
        assert (driver.application.state, driver.application.waits_for) == ("withdrawn", "")
        assert refused(driver, "serve_result") == ["state"]
        assert Document.objects.filter(catalogue=12).exists()
    with on("2026-06-10"):
        with pytest.raises(Refused) as caught:
            driver.apply()
        assert (caught.value.clauses, caught.value.refusals[0].earliest_on) == (["M9.7"], date(2026, 6, 11))


@pytest.mark.clause("M9.8", "R3", "R4")
def test_a_second_failure_nobody_was_told_uses_up_no_count_and_bars_once_it_is_served() -> None:
    driver = accepted()
    with on("2026-03-09"):
        driver.form_team()
        driver.record_result("fail")
        driver.do("serve_result")
    with on("2026-06-10"):
        driver.do("start_re_evaluation")
        driver.form_team()
        driver.record_result("fail")
        driver.do("close_application", reason="机构已停业")
    first = driver.application
    with on("2026-06-11"):
        driver.apply()
        driver.do("accept")
        driver.form_team()
        driver.record_result("fail")
        assert driver.application.road().second_failure
        driver.do("serve_result")
        assert driver.application.state == "failed"
    with on("2026-06-15"):
        driver.do("serve_result", first)
        assert [each.until for each in bans_of(driver.institution, date(2026, 6, 15))] == [date(2027, 6, 11), date(2027, 6, 15)]
        assert driver.application.road().second_failure, "what was the second failure stays it"
        assert {row.kind for row in first.deadlines()} >= {"reconsideration", "lawsuit"}
    with on("2027-06-16"):
        driver.apply()
        assert driver.application.road().failures_before == 0


@pytest.mark.clause("M9.6")
def test_nothing_is_served_after_the_end_but_a_failed_result() -> None:
    driver = accepted()
    with on("2026-03-09"):
        driver.do("withdraw")
        assert refused(driver, "serve_result") == ["state"]


@pytest.mark.clause("M9.6", "P8.6")
def test_a_fail_states_reasons_and_suggestions_and_the_paper_prints_them() -> None:
    driver = accepted()
    with on("2026-03-09"):
        driver.form_team()
        for item in driver.application.evaluations.get().rubric.items:
            driver.do("record_finding", item=item["code"], met=True, evidence="核查记录")
        for lacking in ("reasons", "suggestions"):
            given = {"reasons": "整体管理混乱", "suggestions": "健全管理", lacking: ""}
            with pytest.raises(Invalid) as caught:
                driver.do("record_result", result="fail", **given)
            assert list(caught.value.errors) == [lacking]
        driver.do("record_result", result="fail", reasons="整体管理混乱", suggestions="健全管理")
        driver.do("serve_result")
    expected = [{"item": "综合评估", "reason": "整体管理混乱", "suggestion": "健全管理"}]
    assert Document.objects.get(catalogue=12).data["items"] == expected


@pytest.mark.clause("M9.5", "R12")
def test_a_notice_shorter_than_the_setting_states_why() -> None:
    driver = accepted()
    with on("2026-03-09"):
        driver.form_team()
        driver.record_result()
        driver.do("file_result")
        assert refused(driver, "open_notice", days=4) == ["M9.5"]
        driver.do("open_notice", days=4, reason="名单须于月中前公布")
        assert driver.application.road().notice_last_day == date(2026, 3, 13)
    assert Document.objects.get(catalogue=13).data["shortened"] == {"days": 4, "reason": "名单须于月中前公布"}
    assert driver.application.facts.get(kind="notice_opened").data["reason"] == "名单须于月中前公布"


@pytest.mark.clause("M9.5", "R12")
@pytest.mark.parametrize("days", [None, 5, 7])
def test_the_usual_or_a_longer_notice_needs_no_reason(days: int | None) -> None:
    driver = accepted()
    with on("2026-03-09"):
        driver.form_team()
        driver.record_result()
        driver.do("file_result")
        driver.do("open_notice", **({"days": days} if days else {}))
    assert "shortened" not in Document.objects.get(catalogue=13).data
