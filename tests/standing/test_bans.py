"""R4: every ban with its clause and last day, from dated facts alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.facts import PlainFact
from standing.bans import PersonFacts, bans_on, warnings_on

DAYS = st.dates(date(2022, 1, 1), date(2040, 12, 31))


def fact(kind: str, on: str, number: int = 1, **data: object) -> PlainFact:
    return PlainFact(kind, date.fromisoformat(on), data, number)


def listed(
    day: str, kind: str = "hospital", facts: tuple[PlainFact, ...] = (), people: tuple[PersonFacts, ...] = (), **more: bool
) -> list[tuple]:
    return [(ban.clause, ban.until and ban.until.isoformat()) for ban in bans_on(date.fromisoformat(day), kind, facts, people, **more)]


@pytest.mark.clause("M9.8", "P8.8")
def test_second_failure_bars_for_a_year_from_service() -> None:
    facts = (fact("second_fail", "2026-03-10"),)
    assert listed("2026-03-10", facts=facts) == [("M9.8", "2027-03-10")]
    assert listed("2027-03-10", "pharmacy", facts) == [("P8.8", "2027-03-10")]
    assert listed("2027-03-11", facts=facts) == []
    assert listed("2026-03-09", facts=facts) == []


@pytest.mark.clause("M12.4", "P11.2")
def test_fraud_in_applying_bars_for_three_years_from_the_first_discovery() -> None:
    facts = (fact("application_fraud", "2026-05-01", application=7), fact("application_fraud", "2026-06-01", 2, application=7))
    assert listed("2026-07-01", facts=facts) == [("M12.4", "2029-05-01")]
    assert listed("2029-05-02", "pharmacy", facts) == []


@pytest.mark.clause("M12.4", "P11.2")
def test_fraud_found_by_a_termination_counts_from_the_decision_unless_found_earlier() -> None:
    ended = fact("termination", "2026-08-01", 3, natures=["fraud_in_applying"], decided_on="2026-07-20", application=7)
    assert listed("2026-08-01", "pharmacy", (ended,)) == [("P11.2", "2029-07-20")]
    found = fact("application_fraud", "2026-05-01", application=7)
    assert listed("2026-08-01", "pharmacy", (found, ended)) == [("P11.2", "2029-05-01")]


@pytest.mark.clause("M12.5", "P11.3")
def test_violation_bars_three_years_and_on_until_the_penalty_is_carried_out() -> None:
    ended = fact("termination", "2024-02-29", natures=["violation"], penalty_open=True)
    assert listed("2024-02-29", facts=(ended,)) == [("M12.5", None)]
    assert listed("2027-03-01", "pharmacy", (ended,)) == [("P11.3", None)]
    early = fact("penalty_fulfilled", "2025-01-01", 2)
    assert listed("2025-01-01", facts=(ended, early)) == [("M12.5", "2027-02-28")]
    assert listed("2027-02-28", facts=(ended, early)) == [("M12.5", "2027-02-28")]
    assert listed("2027-03-01", facts=(ended, early)) == []
    late = fact("penalty_fulfilled", "2028-01-05", 2)
    assert listed("2028-01-04", facts=(ended, late)) == [("M12.5", None)]
    assert listed("2028-01-05", facts=(ended, late)) == []  # gone from the act, the same day


@pytest.mark.clause("M12.6", "P11.4")
def test_serious_breach_bars_one_year_and_on_until_the_liability_is_met() -> None:
    ended = fact("termination", "2026-03-31", natures=["serious_breach"], liability_open=True)
    assert listed("2027-04-01", facts=(ended,)) == [("M12.6", None)]
    met = fact("liability_fulfilled", "2026-06-01", 2)
    assert listed("2026-06-01", "pharmacy", (ended, met)) == [("P11.4", "2027-03-31")]
    penalty = fact("penalty_fulfilled", "2026-06-01", 3)
    assert listed("2027-04-01", facts=(ended, penalty)) == [("M12.6", None)]  # a penalty is not the liability


@pytest.mark.clause("M12.3", "P11.1")
def test_penalty_bars_from_the_day_after_its_period_until_carried_out() -> None:
    penalty = fact("penalty", "2026-03-01", by="2026-03-31")
    assert listed("2026-03-31", facts=(penalty,)) == []
    assert listed("2026-04-01", facts=(penalty,)) == [("M12.3", None)]
    done = fact("penalty_fulfilled", "2026-05-01", 2)
    assert listed("2026-05-01", "pharmacy", (penalty, done)) == []
    overdue = fact("penalty", "2026-03-01", by=None)
    assert listed("2026-03-01", "pharmacy", (overdue,)) == [("P11.1", None)]


@pytest.mark.clause("M12.7", "P11.5")
def test_person_behind_a_serious_violation_bars_institutions_of_the_same_kind() -> None:
    person = PersonFacts("赵一", (fact("barred_person", "2026-03-01", institution_kind="hospital", where="甲医院"),))
    assert listed("2031-03-01", people=(person,)) == [("M12.7", "2031-03-01")]
    assert listed("2031-03-02", people=(person,)) == []
    assert listed("2028-01-01", "pharmacy", people=(person,)) == []
    assert listed("2028-01-01", "pharmacy", people=(person,), across_kinds=True) == [("P11.5", "2031-03-01")]
    assert "赵一" in warnings_on(date(2028, 1, 1), "pharmacy", [person])[0]
    assert warnings_on(date(2028, 1, 1), "hospital", [person]) == []


@pytest.mark.clause("M12.8", "P11.6")
def test_dishonest_person_bars_until_taken_off() -> None:
    on_list = fact("dishonest_listed", "2026-03-01")
    person = PersonFacts("钱二", (on_list, fact("dishonest_unlisted", "2026-06-01", 2)))
    assert listed("2026-05-31", "pharmacy", people=(person,)) == [("P11.6", None)]
    assert listed("2026-06-01", people=(person,)) == []


@pytest.mark.clause("M12.5", "M12.6", "R4")
def test_several_natures_open_every_ban() -> None:
    ended = fact("termination", "2026-03-01", natures=["serious_violation", "serious_breach"], penalty_open=False, liability_open=False)
    assert listed("2026-03-01", facts=(ended,)) == [("M12.5", "2029-03-01"), ("M12.6", "2027-03-01")]


@pytest.mark.clause("R4", "R7")
@given(start=DAYS, day=DAYS, fulfilled=st.none() | DAYS)
def test_a_ban_never_ends_before_its_years_and_never_while_owed(start: date, day: date, fulfilled: date | None) -> None:
    facts = [PlainFact("termination", start, {"natures": ["violation"], "penalty_open": True}, 1)]
    if fulfilled is not None and fulfilled >= start:
        facts.append(PlainFact("penalty_fulfilled", fulfilled, {}, 2))
    barred = bool(bans_on(day, "hospital", facts))
    owed = start <= day and not (fulfilled is not None and start <= fulfilled <= day)
    years = (
        date(start.year + 3, 2, 28) if (start.month, start.day) == (2, 29) and (start.year + 3) % 4 else start.replace(year=start.year + 3)
    )
    assert barred == (start <= day and (owed or day <= years))
    assert not bans_on(start - timedelta(days=1), "hospital", facts)


@pytest.mark.clause("M12.4", "R4")
def test_fraud_found_by_a_termination_bars_from_the_decision_though_it_takes_effect_later() -> None:
    decided = {"natures": ["fraud_in_applying", "serious_breach"], "decided_on": "2026-10-30", "application": 7}
    fact = PlainFact("termination", date(2026, 10, 31), decided, 1)
    on = {
        day: {(ban.clause, ban.until) for ban in bans_on(day, "hospital", [fact])}
        for day in (date(2026, 10, 29), date(2026, 10, 30), date(2026, 10, 31))
    }
    assert on[date(2026, 10, 29)] == set()
    assert on[date(2026, 10, 30)] == {("M12.4", date(2029, 10, 30))}
    assert on[date(2026, 10, 31)] == {("M12.4", date(2029, 10, 30)), ("M12.6", date(2027, 10, 31))}
