"""What the calendar does to an agreement: papers once, states at any hour, a switch that holds papers and no answer (R6, R7, R14)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from agreements.models import Agreement
from deadlines import clock, switches, timers
from deadlines.models import Deadline, Firing, Reminder
from documents.models import Document
from settlement.models import SettlementLine
from tests.agreements.life import contradictions, days, life, state, suspend, suspended_at_request, swept
from tests.driving import Driver, on

pytestmark = pytest.mark.django_db


def papers(driver: Driver) -> dict[int, list[date]]:
    """Papers that only a timer issues: number → days on them."""
    rows = Document.objects.filter(case_label="agreement", subjects__institution_id=driver.institution.pk, catalogue__in=[21, 22, 32])
    found: dict[int, list[date]] = {}
    for row in rows.order_by("id"):
        found.setdefault(row.catalogue, []).append(row.issued_on)
    return found


@pytest.mark.clause("M41.1", "M41.3", "P38.1", "P38.3", "R7")
@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
@pytest.mark.parametrize("outage", [0, 7])
def test_the_call_to_renew_and_the_end_of_the_term_are_announced_once(kind: str, outage: int) -> None:
    """Two sweeps at each time, or none for a week: the same papers, dated as due."""
    driver = life(kind)
    stages = []
    for day in ("2026-08-31", "2027-01-01"):
        for hour in (1, 2):
            timers.sweep(clock.at(date.fromisoformat(day) + timedelta(days=outage), hour))
            driver.agreement.refresh_from_db()
            stages.append(driver.agreement.renewal_stage)
    assert stages == ["called"] * 4
    assert contradictions("2027-01-08") == []
    found = papers(driver)
    assert {number: len(rows) for number, rows in found.items()} == {21: 1, 22: 1}
    assert found[22] == [date(2027, 1, 1)]
    assert found[21][0] in (date(2026, 8, 31), date(2026, 9, 7))
    assert driver.agreement.state == "expired"
    assert Counter(Firing.objects.values_list("deadline_id", flat=True)).most_common(1)[0][1] == 1


@pytest.mark.clause("M42.5", "P39.4", "R7", "R14")
@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
@pytest.mark.parametrize("sweeps", [["2026-11-06", "2026-11-06"], ["2026-11-13", "2026-11-13", "2026-11-14"]])
def test_the_lapse_after_day_180_is_confirmed_once(kind: str, sweeps: list[str]) -> None:
    driver = life(kind)
    suspended_at_request(driver, "2026-05-10")
    assert state(driver, "2026-11-06") == "expired"
    for hour, day in enumerate(sweeps, 1):
        swept(day, hour)
    assert papers(driver)[32] == [date(2026, 11, 6)]
    assert 22 not in papers(driver)
    assert driver.agreement.state == "expired"
    swept("2027-01-02")
    assert 22 not in papers(driver), "one that has lapsed does not run out once more"


@pytest.mark.clause("M42.5", "R14")
def test_the_agency_is_warned_thirty_fifteen_seven_and_one_days_before_the_lapse() -> None:
    driver = life()
    suspended_at_request(driver, "2026-05-10")
    for day in ("2026-10-06", "2026-10-21", "2026-10-29", "2026-11-04"):
        swept(day)
        swept(day, 2)
    rows = Reminder.objects.filter(deadline__kind="suspension_cap", role="city_agency")
    assert sorted(rows.values_list("days_left", flat=True)) == [1, 7, 15, 30]


@pytest.mark.clause("M42.2", "M41.3", "R6", "R14")
def test_end_of_term_and_day_180_on_one_day_are_announced_as_the_end_of_the_term() -> None:
    driver = life(last="2026-11-05")
    suspended_at_request(driver, "2026-05-10")
    swept("2026-11-06")
    swept("2026-11-06", 2)
    assert set(papers(driver)) - {21} == {22}
    assert driver.agreement.term().end.clause == "M42.2"


@pytest.mark.clause("R7", "M41.3", "M42.5")
@pytest.mark.parametrize(("kind", "number"), [("term_end", 22), ("suspension_cap", 32)])
def test_a_switch_holds_the_paper_and_not_the_state(kind: str, number: int) -> None:
    driver = life()
    if kind == "suspension_cap":
        suspended_at_request(driver, "2026-05-10")
    last, then = ("2027-01-01", "2027-01-08") if kind == "term_end" else ("2026-11-06", "2026-11-13")
    by = driver.city
    with on("2026-10-01"):
        switches.switch_off("110105", kind, by, "核对数据")
    swept(last)
    assert number not in papers(driver)
    assert state(driver, last) == "expired"
    spans = SettlementLine.objects.get(institution=driver.institution).data["spans"]
    assert spans[-1][0] == last
    assert driver.agreement.state == "expired", "the stored state follows the calendar, not the switch"
    assert contradictions(last) == []
    with on(then):
        switches.switch_on("110105", kind, by)
    swept(then)
    swept(then, 2)
    assert papers(driver)[number] == [date.fromisoformat(last)]


@pytest.mark.clause("R7")
def test_a_switch_of_another_district_or_kind_holds_nothing() -> None:
    driver = life()
    with on("2026-10-01"):
        switches.switch_off("110108", "term_end", driver.city, "核对数据")
        switches.switch_off("110105", "suspension_cap", driver.city, "核对数据")
    swept("2027-01-01")
    assert papers(driver)[22] == [date(2027, 1, 1)]


def town() -> list[Driver]:
    """One institution for each thing that can be under way, with days that bite in 2026."""
    every = [life("hospital" if number % 2 else "pharmacy") for number in range(6)]
    imposed, failed, asked, leaving, renewed, quiet = every
    suspend(imposed, "2026-03-02", "2026-03-20")
    suspend(imposed, "2026-05-06", "2026-05-29")
    suspend(failed, "2026-03-02", "2026-04-30")
    with on("2026-04-30"):
        failed.do("record_rectification", passed=False)
    suspended_at_request(asked, "2026-05-10")
    with on("2026-01-20"):
        quiet.do("request_suspension", from_on="2026-04-20", days=20)
        leaving.do("request_termination", effective_on="2026-06-01")
    with on("2026-02-01"):
        leaving.do("decide_termination", granted=True)
    with on("2026-09-01"):
        renewed.do("request_renewal")
        renewed.do("decide_renewal", agreed=True)
    with on("2026-09-02"):
        quiet.do("request_renewal")
    return every


@pytest.mark.slow
@pytest.mark.clause("R7", "M41.3", "M42.1", "M42.2", "M42.5", "M43.1")
def test_after_each_sweep_every_stored_state_is_what_the_facts_say() -> None:
    """Every day from September to the next February; the days before, when things were still being recorded, by the fold alone."""
    every = town()
    for day in days("2026-09-03", "2026-11-10"):
        timers.sweep(clock.at(day, 0))
        with on(day):
            assert contradictions(day) == []
    for day in days("2026-12-28", "2027-01-04"):
        timers.sweep(clock.at(day, 0))
        with on(day):
            assert contradictions(day) == []
    assert [state(driver, "2027-01-04") for driver in every[:4]] == ["expired", "expired", "expired", "terminated"]
    assert [each.state for each in Agreement.objects.filter(institution=every[4].institution).order_by("id")] == ["expired", "active"]


@pytest.mark.clause("R7")
@pytest.mark.parametrize("gap", [1, 7, 40])
def test_states_follow_however_seldom_the_timers_run(gap: int) -> None:
    driver = life()
    suspend(driver, "2026-03-02", "2026-03-20", from_on="2026-03-10")
    with on("2026-03-02"):
        assert contradictions("2026-03-02") == []
    for number, day in enumerate(days("2026-03-03", "2026-04-20")):
        if number % gap == gap - 1:
            timers.sweep(clock.at(day, 0))
            with on(day):
                assert contradictions(day) == []
    row = Deadline.objects.get(kind="suspension_end")
    assert (row.state, row.due_on) == ("met", date(2026, 3, 20))


@pytest.mark.clause("M43.1", "R6", "R7")
def test_a_missed_check_escalates_once_and_the_agreement_goes_on() -> None:
    driver = life()
    suspend(driver, "2026-03-02", "2026-03-20")
    for day, hour in (("2026-03-21", 1), ("2026-03-21", 2), ("2026-03-28", 1)):
        swept(day, hour)
    assert Reminder.objects.filter(mark=Reminder.ESCALATION, deadline__kind="rectification").count() == 1
    assert Deadline.objects.get(kind="rectification").state == "missed"
    assert driver.agreement.state == "active"
