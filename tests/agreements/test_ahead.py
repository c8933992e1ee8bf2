"""What is asked for or decided today for days in the renewed term that is signed and has not begun (M42.4, M42.6, M44.1, R6, R9)."""

from __future__ import annotations

from datetime import date

import pytest

from agreements.models import Agreement, Suspension, TerminationCase, TerminationRequest
from casework.models import ActRecord
from settlement.answer import Query
from settlement.reading import answer
from standing.reading import bans_of
from tests.agreements.life import URGENT, contradictions, life, record, refused, state, swept
from tests.agreements.test_carried import renewed
from tests.agreements.test_effect import serve
from tests.driving import Driver, on

pytestmark = pytest.mark.django_db


def old(driver: Driver) -> Agreement:
    return driver.institution.agreements.earliest("id")


def new(driver: Driver) -> Agreement:
    return driver.institution.agreements.latest("id")


def states(driver: Driver, *days: str) -> list[str]:
    """By the agreement of each day."""
    return [state(driver, day, old(driver) if day < "2027" else new(driver)) for day in days]


def settled(driver: Driver, day: str) -> tuple[str, str]:
    found = answer(driver.institution, Query(date.fromisoformat(day)))
    return found.answer, found.clause


def impose(driver: Driver, day: str, first: str, last: str) -> None:
    """By the agreement that runs on the day."""
    ground = "M42.6(1)" if driver.institution.kind == "hospital" else "P39.5(1)"
    with on(day):
        driver.do("suspend", old(driver) if day < "2027" else new(driver), ground=ground, from_on=first, to_on=last, **URGENT)
        assert contradictions(day) == []


@pytest.mark.clause("R6", "M42.6", "R8")
def test_imposed_for_days_in_the_signed_next_term() -> None:
    driver = renewed(life())
    impose(driver, "2026-12-01", "2027-02-01", "2027-03-31")
    assert states(driver, "2026-12-31", "2027-01-01", "2027-01-31") == ["active"] * 3
    assert states(driver, "2027-02-01", "2027-03-31", "2027-04-01") == ["suspended", "suspended", "active"]
    assert [settled(driver, day)[0] for day in ("2027-01-31", "2027-02-01", "2027-04-01")] == ["settle", "refuse", "settle"]
    assert Suspension.objects.get().state == "coming"
    for day, expected in (("2027-01-15", "coming"), ("2027-02-01", "running"), ("2027-04-01", "over")):
        swept(day)
        with on(day):
            assert Suspension.objects.get().state == expected
            assert contradictions(day) == []


@pytest.mark.clause("R6", "M43.1")
def test_it_counts_in_the_term_in_which_its_first_day_falls() -> None:
    driver = renewed(life())
    impose(driver, "2026-11-01", "2026-11-01", "2026-11-10")
    impose(driver, "2026-12-01", "2027-02-01", "2027-02-10")
    assert not TerminationCase.objects.exists(), "one in each term"
    swept("2027-02-11")
    impose(driver, "2027-03-01", "2027-03-01", "2027-03-10")
    case = TerminationCase.objects.get()
    assert (case.agreement, case.state, case.opened_on) == (new(driver), "open", date(2027, 3, 1))


@pytest.mark.clause("R6", "M43.1")
def test_the_second_of_the_next_term_opens_its_case_on_its_first_day_and_is_closed_there() -> None:
    driver = renewed(life())
    impose(driver, "2026-12-01", "2027-02-01", "2027-02-10")
    impose(driver, "2026-12-02", "2027-03-01", "2027-03-10")
    assert TerminationCase.objects.get().state == "coming"
    swept("2027-03-01")
    assert TerminationCase.objects.get().state == "open"
    with on("2027-03-05"):
        driver.do("close_termination_case", new(driver), reason="情节轻微")
        assert contradictions("2027-03-05") == []
    assert TerminationCase.objects.get().state == "closed"


@pytest.mark.clause("M42.4", "M44.1", "R6", "M42.5")
@pytest.mark.parametrize("decided", ["2026-12-20", "2027-01-10"])
def test_a_suspension_at_request_for_days_in_the_next_term(decided: str) -> None:
    """Decided before or after that term has begun; then resumed, or lapsed on its day 180."""
    driver = renewed(life("pharmacy"))
    with on("2026-11-20"):
        driver.do("request_suspension", old(driver), from_on="2027-02-25", days=30)
        assert contradictions("2026-11-20") == []
    swept(decided)
    with on(decided):
        assert Suspension.objects.get().state == "requested"
        driver.do("decide_suspension", old(driver) if decided < "2027" else new(driver), granted=True)
        assert contradictions(decided) == []
    assert states(driver, "2027-02-24", "2027-02-25", "2027-08-23", "2027-08-24") == ["active", "suspended", "suspended", "expired"]
    assert settled(driver, "2027-08-24") == ("refuse", "P39.4")
    swept("2027-03-01")
    with on("2027-03-05"):
        driver.do("request_resumption", new(driver))
        driver.do("resume", new(driver))
        assert contradictions("2027-03-05") == []
    assert states(driver, "2027-03-05", "2027-03-06", "2027-08-24") == ["suspended", "active", "active"]


@pytest.mark.clause("M44.1", "M41.1")
def test_what_waits_is_withdrawn_in_the_next_term_too() -> None:
    driver = renewed(life("pharmacy"))
    with on("2026-11-20"):
        driver.do("request_suspension", old(driver), from_on="2027-02-25", days=30)
        driver.do("request_termination", old(driver), effective_on="2027-03-25")
        assert refused(lambda: driver.do("request_termination", old(driver), effective_on="2027-04-25")) == ["state"]
    swept("2027-01-01")
    with on("2027-01-05"):
        driver.do("withdraw_request", new(driver), request="suspension")
        driver.do("withdraw_request", new(driver), request="termination")
        assert contradictions("2027-01-05") == []
    assert (Suspension.objects.get().state, TerminationRequest.objects.get().state) == ("withdrawn", "withdrawn")


@pytest.mark.clause("M43.12", "P40.15", "M44.1", "R9", "R8")
@pytest.mark.parametrize("decided", ["2026-12-20", "2027-01-10"])
def test_an_exit_at_request_in_the_next_term(decided: str) -> None:
    driver = renewed(life())
    with on("2026-12-01"):
        driver.do("request_termination", old(driver), effective_on="2027-03-10")
    swept(decided)
    with on(decided):
        assert TerminationRequest.objects.get().state == "requested"
        driver.do("decide_termination", old(driver) if decided < "2027" else new(driver), granted=True)
        assert contradictions(decided) == []
    assert states(driver, "2026-12-31", "2027-01-01", "2027-03-09", "2027-03-10") == ["active", "active", "active", "terminated"]
    assert settled(driver, "2027-03-10") == ("refuse", "M43(12)")
    swept("2027-03-10")
    with on("2027-03-10"):
        assert contradictions("2027-03-10") == []
        assert new(driver).state == "terminated"


@pytest.mark.clause("R5", "M43", "R4")
def test_a_decision_for_a_day_in_the_next_term_ends_that_one() -> None:
    driver = renewed(life())
    with on("2026-12-20"):
        driver.do("terminate", old(driver), ground=["M43(1)"], effective_on="2027-02-01", **URGENT)
        assert contradictions("2026-12-20") == []
    assert states(driver, "2026-12-31", "2027-01-31", "2027-02-01") == ["active", "active", "terminated"]
    assert settled(driver, "2027-02-01") == ("refuse", "M43(1)")
    assert [each.starts_on for each in bans_of(driver.institution, date(2027, 2, 1))] == [date(2027, 2, 1)]
    with on("2027-01-05"):
        driver.do("void", ActRecord.objects.get(word="terminate"), role="city_agency", reason="有误")
        assert contradictions("2027-01-05") == []
    assert states(driver, "2027-02-01") == ["active"]


@pytest.mark.clause("R5", "R6", "M41.3")
def test_a_service_after_the_end_of_the_term_ends_the_renewed_one() -> None:
    driver = renewed(life())
    with on("2026-12-28"):
        driver.do("terminate", old(driver), ground=["M43(1)"], **URGENT)
    assert states(driver, "2026-12-28", "2027-01-01") == ["terminated", "terminated"]
    serve(driver, 34, "2027-01-08", "2027-01-05")
    assert states(driver, "2026-12-31", "2027-01-04", "2027-01-05") == ["active", "active", "terminated"]
    assert [settled(driver, day)[0] for day in ("2026-12-30", "2027-01-04", "2027-01-05")] == ["settle", "settle", "refuse"]


@pytest.mark.clause("R6", "R9", "M42.6", "M44.1")
def test_beyond_what_is_signed_it_is_still_refused() -> None:
    plain, driver = life(), renewed(life())
    for each, day in ((plain, "2027-01-01"), (driver, "2028-01-01")):
        with on("2026-09-15"):
            assert refused(lambda each=each, day=day: each.do("request_suspension", old(each), from_on=day)) == ["state"]
            assert refused(lambda each=each, day=day: each.do("suspend", old(each), ground="M42.6(1)", from_on=day, **URGENT)) == ["state"]
    with on("2026-09-15"):
        assert refused(lambda: plain.do("request_termination", old(plain), effective_on="2027-01-01")) == ["state"]
        late = {"effective_on": "2028-01-01"}
        assert refused(lambda: driver.do("terminate", old(driver), ground=["M43(1)"], **late, **URGENT)) == ["state"]


@pytest.mark.clause("R6", "M42.6", "P39.4")
def test_one_imposed_in_the_new_term_ends_one_at_request_from_the_old() -> None:
    driver = life("pharmacy")
    with on("2026-07-20"):
        driver.do("request_suspension", from_on="2026-11-01", days=180)
        driver.do("decide_suspension", granted=True)
    renewed(driver)
    swept("2027-01-01")
    impose(driver, "2027-02-01", "2027-02-01", "2027-02-28")
    assert states(driver, "2027-01-31", "2027-02-28", "2027-03-01", "2027-04-30") == ["suspended", "suspended", "active", "active"]


@pytest.mark.clause("M29", "R6")
def test_undone_with_the_renewal_it_reaches_nothing() -> None:
    driver = renewed(life())
    impose(driver, "2026-12-01", "2027-02-01", "2027-03-31")
    with on("2026-12-05"):
        driver.do("void", record("decide_renewal"), role="city_agency", reason="有误")
        assert contradictions("2026-12-05") == []
    swept("2027-01-02")
    with on("2027-01-02"):
        assert contradictions("2027-01-02") == []
        assert Suspension.objects.get().state == "over"
