"""Check, supplement, acceptance: dates by arrival, one notice, no second one (M8, R3)."""

from datetime import date

import pytest

from casework.refusals import Invalid, Refused
from deadlines import clock, timers
from deadlines.models import Reminder
from documents.models import Document
from offices import settings
from tests.driving import Driver, on

pytestmark = pytest.mark.django_db


@pytest.mark.clause("M8.1", "P7.1", "R3")
def test_acceptance_is_dated_by_arrival_even_if_the_button_is_pressed_later() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
    with on("2026-03-06"):
        driver.do("accept")
    application = driver.application
    assert application.accepted_on == date(2026, 3, 2)
    assert application.due_on == date(2026, 6, 2)
    assert Document.objects.get(catalogue=2).data["accepted_on"] == "2026-03-02"


@pytest.mark.clause("M8.1", "M8.2", "P7.2", "R3")
def test_incomplete_materials_one_notice_and_acceptance_dated_the_last_arrival() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply(missing=("M7(3)", "M7(5)"))
        with pytest.raises(Refused) as refused:
            driver.do("accept")
        assert refused.value.clauses == ["M8.1"]
        driver.do("request_supplement", items=[{"item": "M7(5)", "wrong": "缺预测"}])
    named = [row["what"] for row in Document.objects.get(catalogue=3).data["items"]]
    assert len(named) == 5, "everything missing is named, whatever the clerk listed"
    with on("2026-03-10"):
        with pytest.raises(Invalid):
            driver.do("supply")
        driver.upload("M7(5)")
        driver.do("supply")
        assert driver.application.state == "supplementing"
    with on("2026-03-12"):
        driver.upload(*[f"M7(3).{n}" for n in range(1, 5)])
        driver.do("supply")
        assert driver.application.state == "submitted"
        with pytest.raises(Refused) as refused:
            driver.do("request_supplement")
        assert refused.value.clauses == ["M8.2"]
        second = driver.application.deadlines().get(kind="supplement", key="after_supply")
        assert (second.due_on, second.state) == (date(2026, 3, 19), "open")
    with on("2026-03-18"):
        driver.do("accept")
    assert driver.application.accepted_on == date(2026, 3, 12)
    assert {row.key: row.state for row in driver.application.deadlines().filter(kind="supplement")} == {
        "first": "met",
        "after_supply": "met",
    }


@pytest.mark.clause("M8.1", "P7.1")
def test_no_notice_where_nothing_is_missing_unless_something_was_found_unfit() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        with pytest.raises(Refused) as refused:
            driver.do("request_supplement", items=[{"item": "M7(1)"}])
        assert refused.value.clauses == ["M8.1"]
        driver.do("check_material", item="M7(1)", fit=False, note="未盖章")
        driver.do("request_supplement")
    assert Document.objects.get(catalogue=3).data["items"][0]["wrong"] == "未盖章"


@pytest.mark.clause("M8.2", "P7.2", "R3")
def test_a_late_notice_is_possible_and_marked() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply(missing=("M7(1)",))
    with on("2026-03-10"):
        driver.do("request_supplement")
        assert driver.application.facts.get(kind="supplement_requested").data["late"] is True
        assert driver.application.deadlines().get(kind="supplement").state == "missed"


@pytest.mark.clause("M8.2", "P7.2", "R3")
def test_receipt_and_notice_go_by_the_bureaus_setting_as_the_deadline_does() -> None:
    settings.put("supplement_days", 10, from_on=date(2026, 3, 1), by=None, reason="第 3 号决定")
    driver = Driver()
    with on("2026-03-02"):
        driver.apply(missing=("M7(1)",))
    assert Document.objects.get(catalogue=1).data["dates"][0]["day"] == "2026-03-16"
    with on("2026-03-16"):
        driver.do("request_supplement")
    assert driver.application.deadlines().get(kind="supplement").state == "met"
    paper = Document.objects.get(catalogue=3)
    assert (paper.data["dates"][0]["day"], paper.data["late"]) == ("2026-03-16", False)


@pytest.mark.clause("M8.2", "P7.2", "R7")
def test_an_unanswered_fifth_day_escalates_to_supervisor_and_city() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
    with clock.frozen(clock.at(date(2026, 3, 9), 12)):
        timers.sweep(clock.now())
    before = Reminder.objects.count()
    with clock.frozen(clock.at(date(2026, 3, 10))):
        timers.sweep(clock.now())
        timers.sweep(clock.now())
    assert set(Reminder.objects.order_by("id")[before:].values_list("role", flat=True)) == {"district_agency", "city_agency"}
    assert driver.application.deadlines().get(kind="supplement").state == "missed"
    assert driver.application.state == "submitted", "no acceptance by silence"
