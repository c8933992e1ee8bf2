"""The days to be heard count from the proof of service of the notice; what must be put right is a paper (documents.md 24, 25)."""

from datetime import date

import pytest

from agreements.deadlines import wanted
from casework.models import ActRecord
from deadlines.loading import working_calendar
from deadlines.models import Deadline
from documents.models import Document
from tests.agreements.life import contradictions, life, refused
from tests.driving import Driver, on

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M38.6")]


def told_by_post(driver: Driver, served_on: str) -> None:
    with on("2026-06-01"):
        driver.do("intend", act="suspend", ground=["M42.6(1)"])
    paper = Document.objects.get(catalogue=25)
    with on("2026-06-08"):
        driver.do("serve_document", paper, role="city_agency", method="post", on=served_on, receipt="EX001")


def test_a_notice_that_arrived_later_gives_its_days_from_then() -> None:
    driver = life()
    told_by_post(driver, "2026-06-04")
    (intention,) = driver.agreement.term().intentions
    assert (intention.on, intention.last_day) == (date(2026, 6, 4), date(2026, 6, 11))  # five working days from 06-04
    assert Deadline.objects.get(kind="hearing").due_on == date(2026, 6, 11)
    with on("2026-06-11"):
        assert refused(lambda: driver.do("suspend", ground="M42.6(1)", to_on="2026-06-30")) == ["state"]
        assert contradictions("2026-06-11") == []
    with on("2026-06-12"):
        driver.do("suspend", ground="M42.6(1)", to_on="2026-06-30")
        decision = Document.objects.get(catalogue=30)
    assert decision.data["intended"]["served_on"] == "2026-06-04"


def test_a_wrong_proof_corrected_brings_the_old_days_back() -> None:
    driver = life()
    told_by_post(driver, "2026-06-04")
    with on("2026-06-09"):
        driver.do("void", ActRecord.objects.get(word="serve_document"), role="city_agency", reason="回执登记有误")
        (intention,) = driver.agreement.term().intentions
        assert (intention.on, intention.last_day) == (date(2026, 6, 1), date(2026, 6, 8))
        driver.do("suspend", ground="M42.6(1)", to_on="2026-06-30")
        assert contradictions("2026-06-09") == []


def test_a_proof_after_the_decision_changes_nothing() -> None:
    driver = life()
    with on("2026-06-01"):
        driver.do("intend", act="suspend", ground=["M42.6(1)"])
        driver.do("hear")
        driver.do("suspend", ground="M42.6(1)", to_on="2026-06-30")
    with on("2026-06-08"):
        driver.do("serve_document", Document.objects.get(catalogue=25), role="city_agency", method="post", on="2026-06-04", receipt="EX001")
    (intention,) = driver.agreement.term().intentions
    assert intention.on == date(2026, 6, 1)


@pytest.mark.clause("M42.6", "M43.1")
def test_what_must_be_put_right_goes_out_as_a_paper_of_its_own() -> None:
    driver = life()
    with on("2026-06-01"):
        driver.do("suspend", ground="M42.6(1)", to_on="2026-06-30", rectify="补传数据\n完善制度", urgent_reason="情况紧急")
        paper = Document.objects.get(catalogue=24)
    assert (paper.title, paper.data["last_day"]) == ("限期整改通知书", "2026-06-30")
    assert [each["what"] for each in paper.data["items"]] == ["补传数据", "完善制度"]


def test_a_hearing_is_open_through_its_last_day_even_if_all_was_said_before() -> None:
    driver = life()
    with on("2026-06-01"):
        driver.do("intend", act="suspend", ground=["M42.6(1)"])
        driver.do("hear")
        driver.do("suspend", ground="M42.6(1)", to_on="2026-06-30")
    agreement, calendar = driver.agreement, working_calendar()
    for day, expected in ((date(2026, 6, 1), "open"), (date(2026, 6, 8), "open"), (date(2026, 6, 9), "met")):
        (row,) = [row for row in wanted(agreement, agreement.term(), calendar, day) if row.kind == "hearing"]
        assert (row.due.day, row.state) == (date(2026, 6, 8), expected)
