"""What an undone decision brings back: up to the agreement signed meanwhile, and no lapse that nobody could prevent (R6, R7, R11, R14)."""

from __future__ import annotations

from datetime import date

import pytest

from agreements.models import Agreement, Suspension
from casework import door
from casework.models import ActRecord
from casework.preview import preview
from deadlines import clock
from disputes.models import Dispute
from settlement.answer import Query
from settlement.reading import answer, answer_many
from standing.reading import bans_of
from tests.agreements.life import URGENT, contradictions, life, state, suspend, suspended_at_request, swept, terminate
from tests.agreements.test_ahead import new, old, renewed
from tests.agreements.test_effect import serve
from tests.driving import Driver, on

pytestmark = pytest.mark.django_db


def attacked(driver: Driver, against: door.Outcome, day: str) -> Dispute:
    with on(day):
        driver.do("file_remedy", what="lawsuit", against=against.record.pk)
    return driver.institution.disputes.latest("id")


def annul(driver: Driver, dispute: Dispute, day: str) -> list[str]:
    """What the preview says beside it; then it is done."""
    with on(day):
        shown = preview("decide_remedy", dispute, actor=driver.city, data={"outcome": "annulled"})
        assert shown.error is None
        driver.do("decide_remedy", dispute, outcome="annulled")
        assert contradictions(day) == []
    return shown.notes


def sign_anew(driver: Driver, day: str, first: str, last: str, number: str = "新协") -> Agreement:
    with on(day):
        driver.do("take_over_agreement", number=number, first_day=first, last_day=last)
    swept(first)
    return new(driver)


def settled(driver: Driver, day: str, known: str | None = None) -> str:
    moment = clock.at(date.fromisoformat(known), 23) if known else None
    return answer(driver.institution, Query(date.fromisoformat(day)), moment).answer


def ended_anew() -> tuple[Driver, door.Outcome]:
    """Terminated on 2026-06-10, a new agreement from 2026-09-10."""
    driver = life()
    outcome = terminate(driver, "2026-06-10", "M43(1)")
    sign_anew(driver, "2026-09-01", "2026-09-10", "2027-09-09")
    return driver, outcome


@pytest.mark.clause("R11", "R7", "R8", "M10.1")
def test_the_old_agreement_comes_back_until_the_new_one_begins() -> None:
    driver, outcome = ended_anew()
    notes = annul(driver, attacked(driver, outcome, "2026-11-01"), "2026-11-20")
    assert any("恢复履行至2026-09-09为止" in note and "新协" in note for note in notes)
    before, after = old(driver), new(driver)
    assert [state(driver, day, before) for day in ("2026-06-10", "2026-09-09", "2026-09-10")] == ["active", "active", "expired"]
    assert (before.ended_on, before.end_state, before.state) == (date(2026, 9, 9), "expired", "expired")
    assert [state(driver, day, after) for day in ("2026-09-09", "2026-09-10")] == ["pending", "active"]
    assert [settled(driver, day) for day in ("2026-06-10", "2026-09-09", "2026-09-10", "2027-09-10")] == ["settle"] * 3 + ["refuse"]
    assert settled(driver, "2026-07-01", known="2026-11-19") == "refuse", "as it was known then"
    [kept] = answer_many([(driver.institution.national_code, Query(date(2026, 7, 1)))])
    assert kept is not None
    assert kept.answer == "settle"
    assert bans_of(driver.institution, date(2026, 11, 20)) == []


@pytest.mark.clause("R11", "M29")
def test_a_termination_corrected_by_its_office_gives_way_to_the_new_one_too() -> None:
    driver, _ = ended_anew()
    with on("2026-11-20"):
        driver.do("void", ActRecord.objects.get(word="terminate"), role="city_agency", reason="有误")
        assert contradictions("2026-11-20") == []
    assert old(driver).ended_on == date(2026, 9, 9)


@pytest.mark.clause("R11", "M29", "R7")
def test_when_the_new_one_is_itself_undone_the_old_one_goes_on() -> None:
    driver, outcome = ended_anew()
    annul(driver, attacked(driver, outcome, "2026-11-01"), "2026-11-20")
    with on("2026-11-25"):
        driver.do("void", ActRecord.objects.filter(word="take_over_agreement").latest("id"), role="city_agency", reason="重复")
        assert contradictions("2026-11-25") == []
    assert (old(driver).state, old(driver).ended_on) == ("active", date(2026, 12, 31))
    assert settled(driver, "2026-10-01") == "settle"


@pytest.mark.clause("R11", "R6", "M41.2")
def test_a_renewed_term_gives_way_as_well() -> None:
    driver = renewed(life())
    with on("2026-12-01"):
        outcome = driver.do("terminate", old(driver), ground=["M43(1)"], effective_on="2026-12-10", **URGENT)
    swept("2026-12-10")
    sign_anew(driver, "2027-02-01", "2027-02-10", "2028-02-09")
    annul(driver, attacked(driver, outcome, "2027-03-01"), "2027-03-20")
    first, second, third = driver.institution.agreements.order_by("id")
    assert [each.ended_on for each in (first, second, third)] == [date(2026, 12, 31), date(2027, 2, 9), date(2028, 2, 9)]
    assert [settled(driver, day) for day in ("2026-12-10", "2027-01-05", "2027-02-09", "2027-02-10")] == ["settle"] * 4


@pytest.mark.clause("R5", "R8")
def test_a_service_proved_after_the_new_one_was_signed_leaves_no_overlap() -> None:
    driver, _ = ended_anew()
    serve(driver, 34, "2026-11-20", "2026-09-20")
    assert old(driver).ended_on == date(2026, 9, 9)
    assert new(driver).state == "active"


@pytest.mark.clause("R6", "R11", "R14", "M42.5")
def test_the_lapse_of_a_revived_request_is_put_off_until_it_can_be_announced() -> None:
    """At request from 2026-05-10 (day 180: 2026-11-05); imposed from 2026-06-01, kept up by a failed check, annulled after day 180."""
    driver = life(last="2027-12-31")
    suspended_at_request(driver)
    outcome = suspend(driver, "2026-06-01", "2026-11-27")
    dispute = attacked(driver, outcome, "2026-06-05")
    swept("2026-11-10")
    notes = annul(driver, dispute, "2026-11-10")
    assert any("第180日(2026-11-05)" in note and "2026-12-10" in note for note in notes)
    assert [state(driver, day) for day in ("2026-11-06", "2026-12-10", "2026-12-11")] == ["suspended", "suspended", "expired"]
    with on("2026-11-11"):
        driver.do("prevent_lapse", to_on="2027-02-01", reason="搬迁")
        driver.do("request_resumption")
        driver.do("resume")
        assert contradictions("2026-11-11") == []
    assert [state(driver, day) for day in ("2026-11-11", "2026-11-12", "2027-02-02")] == ["suspended", "active", "active"]


@pytest.mark.clause("R6", "M42.5")
def test_with_time_enough_day_180_stays() -> None:
    driver = life()
    suspended_at_request(driver)
    outcome = suspend(driver, "2026-06-01", "2026-11-27")
    assert annul(driver, attacked(driver, outcome, "2026-06-05"), "2026-06-20") == []
    assert [state(driver, day) for day in ("2026-11-05", "2026-11-06")] == ["suspended", "expired"]


@pytest.mark.clause("R6", "R7", "R11", "R8")
def test_what_was_lived_in_force_after_the_undone_one_stays_in_force() -> None:
    driver = life()
    suspended_at_request(driver)
    outcome = suspend(driver, "2026-06-01", "2026-06-30")
    dispute = attacked(driver, outcome, "2026-07-05")
    assert settled(driver, "2026-07-01") == "settle"
    notes = annul(driver, dispute, "2026-12-01")
    assert any("机构申请的中止计至2026-06-30" in note for note in notes)
    assert [settled(driver, day) for day in ("2026-06-30", "2026-07-01", "2026-11-30")] == ["refuse", "settle", "settle"]
    assert state(driver, "2026-12-01") == "active"
    assert [each.state for each in Suspension.objects.order_by("id")] == ["over", "annulled"]
    with on("2026-12-02"):
        driver.do("void", ActRecord.objects.filter(word="decide_suspension").latest("id"), role="city_agency", reason="有误")
        assert contradictions("2026-12-02") == []


@pytest.mark.clause("R6", "M42.6")
def test_one_undone_before_its_first_day_changes_nothing() -> None:
    driver = life()
    suspended_at_request(driver)
    outcome = suspend(driver, "2026-10-10", "2026-12-01", from_on="2026-10-20")
    assert annul(driver, attacked(driver, outcome, "2026-10-11"), "2026-10-12") == []
    assert [state(driver, day) for day in ("2026-11-05", "2026-11-06")] == ["suspended", "expired"]
