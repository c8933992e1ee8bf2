"""Departments and persons suspended or ended, matched by code where both have one; holds of payment; their papers (M45, I5, I17, R8)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from casework.refusals import Invalid
from documents.models import Document
from institutions.madeup import id_number
from institutions.models import Person, Practitioner
from settlement.answer import Answer, Query
from settlement.lines import dump, load
from settlement.reading import answer, lines_of
from tests.agreements.life import URGENT, life, refused, suspend
from tests.driving import Driver, on

pytestmark = pytest.mark.django_db
ONE, OTHER = "D110105000001", "D110105000002"


def ask(driver: Driver, day: str, **given: Any) -> Answer:
    return answer(driver.institution, Query(date.fromisoformat(day), **given))


def stop(driver: Driver, day: str, **given: Any) -> None:
    with on(day):
        driver.do("suspend_part", **URGENT, **given)


def staff(driver: Driver, name: str, code: str = "") -> None:
    Practitioner.objects.create(institution=driver.institution, name=name, kind="physician", national_code=code)


def papers(driver: Driver, catalogue: int) -> list[Document]:
    return list(Document.objects.filter(case_label="agreement", case_id=driver.agreement.pk, catalogue=catalogue).order_by("id"))


@pytest.mark.clause("M45", "M38.5", "R8")
def test_only_the_department_is_refused_and_only_on_its_days() -> None:
    driver = life()
    stop(driver, "2026-06-01", department="口腔科", from_on="2026-06-08", to_on="2026-06-30")
    days = {"2026-06-07": "settle", "2026-06-08": "refuse", "2026-06-30": "refuse", "2026-07-01": "settle"}
    assert {day: ask(driver, day, department="口腔科").answer for day in days} == days
    assert ask(driver, "2026-06-08", department="口腔科").clause == "M45"
    assert [ask(driver, "2026-06-08", **given).answer for given in ({}, {"department": "内科"}, {"person": "口腔科"})] == ["settle"] * 3


@pytest.mark.clause("M45", "M38.5", "R8")
def test_one_ended_for_good_never_comes_back() -> None:
    driver = life()
    stop(driver, "2026-06-01", person="周医", ended=True)
    assert [ask(driver, day, person="周医").answer for day in ("2026-05-31", "2026-06-01", "2026-12-31")] == ["settle", "refuse", "refuse"]


@pytest.mark.clause("I5", "M45")
def test_a_pharmacy_has_persons_and_no_departments() -> None:
    driver = life("pharmacy")
    with on("2026-06-01"):
        assert refused(lambda: driver.do("suspend_part", department="中药房", **URGENT)) == ["I5", "state"]
    stop(driver, "2026-06-01", person="秦药", to_on="2026-06-30")
    assert (ask(driver, "2026-06-30", person="秦药").answer, ask(driver, "2026-06-30", person="秦药").clause) == ("refuse", "I5")


@pytest.mark.clause("R8", "M45")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"person": "周医", "person_code": ONE}, "refuse"),
        ({"person": "周毅", "person_code": ONE}, "refuse"),  # written otherwise: the code decides
        ({"person_code": ONE}, "refuse"),
        ({"person": "周医", "person_code": OTHER}, "settle"),  # somebody else of the same name
        ({"person": "周医"}, "refuse"),  # no code is known of the service: by name
        ({"person": "吴医"}, "settle"),
    ],
)
def test_where_both_have_a_code_it_decides_and_not_the_name(asked: dict[str, str], found: str) -> None:
    driver = life()
    stop(driver, "2026-06-01", person="周医", code=ONE)
    assert ask(driver, "2026-06-02", **asked).answer == found
    line = lines_of([driver.institution.uscc])[driver.institution.uscc].line
    assert load("hospital", dump(line)) == line
    assert [(each.name, each.code) for each in line.parts] == [("周医", ONE)]


@pytest.mark.clause("R8", "M45")
def test_somebody_suspended_without_a_code_is_matched_by_name_whatever_code_is_asked() -> None:
    driver = life()
    stop(driver, "2026-06-01", person="周医")
    assert [ask(driver, "2026-06-02", person=name, person_code=ONE).answer for name in ("周医", "吴医")] == ["refuse", "settle"]


@pytest.mark.clause("R8", "M45")
def test_registered_people_of_one_name_are_told_apart() -> None:
    driver = life()
    one, other = (Person.get_or_create_by_id_number("王伟", id_number(number)) for number in (1, 2))
    stop(driver, "2026-06-01", person_id=one.pk)
    assert [ask(driver, "2026-06-02", person="王伟", person_id=each.pk).answer for each in (one, other)] == ["refuse", "settle"]
    assert ask(driver, "2026-06-02", person="王伟").answer == "refuse"


def test_name_or_code_comes_from_the_record_of_the_staff() -> None:
    driver = life()
    staff(driver, "周医", ONE)
    staff(driver, "吴医", OTHER)
    stop(driver, "2026-06-01", person="周医")
    stop(driver, "2026-06-01", code=OTHER.lower())
    assert [(each.person, each.code) for each in driver.agreement.term().parts] == [("周医", ONE), ("吴医", OTHER)]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"person": "同名"}, "code"),
        ({"person": "周医", "code": ONE}, "code"),
        ({"code": "D110105999999"}, "person"),
        ({"code": "D1"}, "code"),
        ({}, "department"),
        ({"department": "内科", "person": "同名", "code": ONE}, "department"),
    ],
)
def test_who_is_meant_must_be_clear(given: dict[str, str], field: str) -> None:
    driver = life()
    staff(driver, "同名", ONE)
    staff(driver, "同名", OTHER)
    with pytest.raises(Invalid) as error:
        stop(driver, "2026-06-01", **given)
    assert field in error.value.errors


@pytest.mark.clause("I46", "I20", "M45", "R8")
@pytest.mark.parametrize(("decided", "found"), [("2026-03-31", "refuse"), ("2026-04-01", "settle")])
def test_stays_begun_before_the_decision_are_settled_since_the_national_rules_are_in_force(decided: str, found: str) -> None:
    driver, whole = life(), life()
    stop(driver, decided, department="口腔科")
    suspend(whole, decided, "2026-06-30")
    stay = {"admitted_on": date(2026, 3, 30)}
    assert ask(driver, "2026-04-10", department="口腔科", **stay).answer == found
    assert ask(whole, "2026-04-10", **stay).answer == found
    assert ask(whole, "2026-04-10", admitted_on=date.fromisoformat(decided)).answer == "refuse"


@pytest.mark.clause("M45", "M38.5", "I5")
def test_the_decision_is_a_paper_that_says_what_was_told_before() -> None:
    driver = life()
    with on("2026-06-01"):
        driver.do("intend", act="suspend_part", facts="为未到场的人开药")
        driver.do("hear", statement="没有此事")
        driver.do("suspend_part", person="周医", code=ONE, to_on="2026-06-30", facts="为未到场的人开药12次")
    stop(driver, "2026-06-02", department="口腔科", ended=True)
    person, department = papers(driver, 28)
    assert (person.title, department.title) == ("中止责任人员医保服务决定书", "终止责任部门医保服务决定书")
    data = person.data
    assert (data["name"], data["person_code"], data["first_day"], data["last_day"]) == ("周医", ONE, "2026-06-01", "2026-06-30")
    assert data["intended"]["number"] == papers(driver, 25)[0].number
    assert data["hearing"]["stated"] == "没有此事"
    assert "last_day" not in department.data
    assert department.data["urgent_reason"] == URGENT["urgent_reason"]
    assert person.data["paper"]["remedy_days"] is not None


@pytest.mark.clause("M49.2")
def test_a_suspended_department_is_reported_to_the_bureau() -> None:
    driver = life()
    stop(driver, "2026-06-01", department="口腔科")
    with on("2026-06-02"):
        driver.do("report_decision", what="part")
        assert refused(lambda: driver.do("report_decision", what="part")) == ["state"]
    (report,) = papers(driver, 37)
    assert report.data["institutions"][0]["grounds"] == ["M45"]


@pytest.mark.clause("M38.2", "P35.2", "R8")
@pytest.mark.parametrize(("kind", "clause"), [("hospital", "M38.2"), ("pharmacy", "P35.2")])
def test_the_agency_holds_by_itself_and_releases(kind: str, clause: str) -> None:
    driver = life(kind)
    with on("2026-06-05"):
        driver.do("hold_settlement", reason="多次未改正")
        assert refused(lambda: driver.do("hold_settlement")) == ["state"]
        held = ask(driver, "2026-06-05")
    assert (held.answer, held.clause, ask(driver, "2026-06-04").answer) == ("hold", clause, "settle")
    with on("2026-06-22"):
        driver.do("release_hold", reason="已改正")
        assert refused(lambda: driver.do("release_hold")) == ["state"]
    assert ask(driver, "2026-06-05").answer == "settle"
    hold, release = papers(driver, 26)
    assert (hold.title, hold.data["clause"], hold.data["since"], hold.data["demanded_on"]) == ("暂停拨付通知书", "M38.2", "2026-06-05", "")
    assert (release.title, release.data["since"], release.data["released_on"]) == ("恢复拨付通知书", "2026-06-05", "2026-06-22")
    assert (hold.data["paper"]["remedy_days"] is None, release.data["paper"]["remedy_days"]) == (False, None)


@pytest.mark.clause("I17", "R8", "I5")
def test_a_hold_that_the_bureau_demanded_names_its_clause_and_the_demand() -> None:
    driver = life()
    with on("2026-06-04"):
        driver.do("demand_hold", reason="拒不提供账册")
        assert refused(lambda: driver.do("demand_hold")) == ["state"]
    with on("2026-06-05"):
        driver.do("hold_settlement")
    assert ask(driver, "2026-06-05").clause == "I17"
    (hold,) = papers(driver, 26)
    assert (hold.data["clause"], hold.data["demanded_on"]) == ("I17", "2026-06-04")
    with on("2026-07-01"):
        driver.do("release_hold")
        driver.do("hold_settlement")
    assert [each.data["clause"] for each in papers(driver, 26)] == ["I17", "I17", "M38.2"]
