"""A suspension that goes on from one term into the next: its check, its case, its lapse and its end (R6, R14, M42, M43.1)."""

from __future__ import annotations

from datetime import date

import pytest

from agreements.models import Suspension, TerminationCase
from documents.models import Document
from tests.agreements.life import contradictions, life, record, refused, state, suspend, swept, terminate
from tests.driving import Driver, on

pytestmark = pytest.mark.django_db


def renewed(driver: Driver, day: str = "2026-09-01") -> Driver:
    with on(day):
        driver.do("request_renewal")
        driver.do("decide_renewal", agreed=True)
    return driver


def carried(kind: str = "pharmacy") -> Driver:
    """Renewed, then suspended from 2026-12-01 through 2027-02-28."""
    driver = renewed(life(kind))
    old = driver.institution.agreements.earliest("id")
    with on("2026-12-01"):
        ground = "M42.6(1)" if kind == "hospital" else "P39.5(1)"
        driver.do("suspend", old, ground=ground, to_on="2027-02-28", urgent_reason="急")
    swept("2027-01-01")
    return driver


@pytest.mark.clause("R6", "M42.2", "P39.3")
@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_it_runs_on_to_its_stated_last_day(kind: str) -> None:
    driver = carried(kind)
    assert [state(driver, day) for day in ("2027-01-01", "2027-02-28", "2027-03-01")] == ["suspended", "suspended", "active"]
    with on("2027-01-15"):
        assert Suspension.objects.get().state == "running"
        assert contradictions("2027-01-15") == []
    swept("2027-03-01")
    assert Suspension.objects.get().state == "over"
    assert driver.agreement.state == "active"


@pytest.mark.clause("R6", "M43.1", "P40")
@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_a_check_failed_in_the_new_term_opens_a_case_there_and_keeps_it_suspended(kind: str) -> None:
    driver = carried(kind)
    with on("2027-02-10"):
        driver.do("record_rectification", passed=False)
        assert contradictions("2027-02-10") == []
    case = TerminationCase.objects.get()
    # The matter stays with the agreement under which it began; the acts of the one that lives reach it.
    assert (case.agreement, case.state) == (driver.agreement.previous, "open")
    assert state(driver, "2027-03-01") == "suspended"
    with on("2027-03-10"):
        driver.do("close_termination_case", reason="情节轻微")
        assert contradictions("2027-03-10") == []
    assert TerminationCase.objects.get().state == "closed"
    assert [state(driver, day) for day in ("2027-03-10", "2027-03-11")] == ["suspended", "active"]


@pytest.mark.clause("R6", "M43.1", "M29")
def test_such_a_case_is_decided_by_a_termination_and_undone_with_the_check() -> None:
    driver = carried()
    with on("2027-02-10"):
        driver.do("record_rectification", passed=False)
    terminate(driver, "2027-02-15", "P40(1)")
    assert TerminationCase.objects.get().state == "closed"
    assert Suspension.objects.get().state == "over"
    with on("2027-02-16"):
        driver.do("void", record("terminate"), role="city_agency", reason="有误")
        driver.do("void", record("record_rectification"), role="district_agency", reason="有误")
        assert contradictions("2027-02-16") == []
    assert TerminationCase.objects.get().state == "annulled"
    assert state(driver, "2027-03-01") == "active"


@pytest.mark.clause("R6", "M43.1", "M42.2")
@pytest.mark.parametrize("passed", [True, False])
def test_a_check_missed_in_the_new_term_can_be_made_up(passed: bool) -> None:
    driver = carried()
    swept("2027-03-01")
    with on("2027-03-05"):
        driver.do("record_late_rectification", passed=passed)
        assert refused(lambda: driver.do("record_late_rectification", passed=passed)) == ["state"]
        assert contradictions("2027-03-05") == []
    assert state(driver, "2027-03-05") == "active"
    assert [each.state for each in TerminationCase.objects.all()] == ([] if passed else ["open"])


@pytest.mark.clause("M42.5", "P39.4", "R14", "R6")
def test_day_180_in_the_new_term_ends_the_new_agreement_and_is_confirmed_once() -> None:
    driver = life("pharmacy")
    with on("2026-07-20"):
        driver.do("request_suspension", from_on="2026-11-01", days=180)
        driver.do("decide_suspension", granted=True)
    renewed(driver)
    swept("2027-01-01")
    assert (state(driver, "2027-04-29"), state(driver, "2027-04-30")) == ("suspended", "expired")
    swept("2027-04-30")
    swept("2027-04-30", 2)
    with on("2027-04-30"):
        assert contradictions("2027-04-30") == []
    paper = Document.objects.get(catalogue=32)
    assert paper.data["agreement"]["number"] == driver.agreement.number
    assert (paper.issued_on, driver.agreement.state) == (date(2027, 4, 30), "expired")


@pytest.mark.clause("M42.2", "R6")
def test_it_is_resumed_in_the_new_term() -> None:
    driver = life("pharmacy")
    with on("2026-07-20"):
        driver.do("request_suspension", from_on="2026-11-01", days=90)
        driver.do("decide_suspension", granted=True)
    renewed(driver)
    with on("2027-02-10"):
        driver.do("request_resumption")
        driver.do("resume")
        assert contradictions("2027-02-10") == []
    swept("2027-02-11")
    assert driver.agreement.state == "active"
    assert Suspension.objects.get().state == "over"
    swept("2027-05-01")
    assert not Document.objects.filter(catalogue=32).exists()


@pytest.mark.clause("R6")
def test_one_imposed_in_the_new_term_during_it_is_no_second_one_of_that_term() -> None:
    driver = carried()
    suspend(driver, "2027-04-01", "2027-04-30")
    assert not TerminationCase.objects.exists()
    suspend(driver, "2027-06-01", "2027-06-30")
    assert TerminationCase.objects.get().state == "open"


@pytest.mark.clause("M42.4", "R6")
def test_a_request_not_decided_by_the_end_of_the_term_is_over() -> None:
    driver = life("pharmacy")
    with on("2026-09-15"):
        driver.do("request_suspension", from_on="2026-12-20", days=30)
    renewed(driver, "2026-09-16")
    swept("2027-01-01")
    assert Suspension.objects.get().state == "over"
    with on("2027-01-05"):
        assert refused(lambda: driver.do("decide_suspension", granted=True)) == ["state"]
        assert contradictions("2027-01-05") == []
