"""The pure rules of an agreement's life: natures, days of requests, the fold (R1, R5, R6, R9, R14)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements import term as rules
from agreements.folding import read
from agreements.grounds import NATURES, gravest, nature_of, own_ground, termination_grounds
from agreements.voluntary import earliest_effect, in_time
from casework.facts import PlainFact
from casework.refusals import Impossible
from deadlines import clock


def fact(number: int, kind: str, recorded: str, on: str = "", **data: Any) -> PlainFact:
    """A fact recorded at nine on a day; it counts from that day unless another is given."""
    at = datetime.fromisoformat(f"{recorded}T09:00").replace(tzinfo=clock.SHANGHAI)
    return PlainFact(kind, date.fromisoformat(on or recorded), data, number, at)


def signed(**more: Any) -> PlainFact:
    return fact(1, "signed", "2026-01-05", **{"from": "2026-01-13", "to": "2027-01-12"}, **more)


def suspended(number: int, recorded: str, first: str, last: str) -> PlainFact:
    return fact(number, "suspended", recorded, first, ground="M42.6(1)", **{"from": first, "to": last})


def states(term: rules.Term, *days: str) -> list[str]:
    return [term.state(date.fromisoformat(day)) for day in days]


SERIOUS, VIOLATION, FRAUD, BREACH = ["serious_violation"], ["violation"], ["fraud_in_applying"], ["serious_breach"]


@pytest.mark.clause("R5", "M43", "P40")
@pytest.mark.parametrize(
    ("kind", "article", "own"),
    [
        ("hospital", "M43", {1: BREACH, 2: FRAUD, 3: SERIOUS, 4: VIOLATION, 5: BREACH, 6: BREACH, 7: BREACH, 8: SERIOUS, 11: VIOLATION,
                             12: ["none"], 13: BREACH}),
        ("pharmacy", "P40", {1: BREACH, 3: FRAUD, 4: SERIOUS, 5: SERIOUS, 6: VIOLATION, 7: BREACH, 8: BREACH, 9: BREACH, 10: SERIOUS,
                             12: VIOLATION, 15: ["none"], 16: BREACH}),
    ],
)  # fmt: skip
def test_each_ground_has_its_nature_or_must_state_one(kind: str, article: str, own: dict[int, list[str]]) -> None:
    for item in range(1, 15 if kind == "hospital" else 18):
        ground = f"{article}({item})"
        assert ground in termination_grounds(kind)
        found = nature_of(kind, [ground])
        assert (list(found.natures), found.unstated) == (own.get(item, []), () if item in own else (ground,))
        stated = nature_of(kind, [ground], "violation")
        deviates = item in own and own[item] != VIOLATION
        assert stated.deviating == ((ground,) if deviates else ())
        assert nature_of(kind, [ground], "violation", "查明另有情节").natures == ("violation",)


@pytest.mark.clause("R5")
def test_several_grounds_open_all_their_bans_and_the_gravest_names_the_decision() -> None:
    found = nature_of("hospital", ["M43(5)", "M43(3)"])
    assert set(found.natures) == {"serious_breach", "serious_violation"}
    assert gravest(found.natures) == "serious_violation"
    assert set(nature_of("hospital", ["M43(5)", "M43(10)"], "violation").natures) == {"serious_breach", "violation"}
    assert nature_of("hospital", ["M43(5)", "M43(3)"], "serious_violation").deviating == ()
    assert next(iter(NATURES)) == "serious_violation"


@pytest.mark.clause("P40", "M42.5")
def test_grounds_in_the_numbering_of_a_pharmacy() -> None:
    assert [own_ground(each, "pharmacy") for each in ("M43(1)", "M43(12)", "M42.5", "M41.3", "P40(14)")] == [
        "P40(1)", "P40(15)", "P39.4", "P38.3", "P40(14)",
    ]  # fmt: skip
    assert own_ground("M43(10)", "hospital") == "M43(10)"


@pytest.mark.clause("R1", "R9", "M44.1", "P41")
@pytest.mark.parametrize(
    ("asked", "earliest"),
    [("2026-03-10", "2026-06-10"), ("2026-11-30", "2027-03-01"), ("2026-11-28", "2027-02-28"), ("2027-11-30", "2028-03-01"),
     ("2027-11-29", "2028-02-29"), ("2026-01-31", "2026-05-01")],
)  # fmt: skip
def test_three_months_ahead(asked: str, earliest: str) -> None:
    assert earliest_effect(date.fromisoformat(asked)).isoformat() == earliest


@pytest.mark.clause("R1", "R9")
@given(st.dates(date(2022, 1, 1), date(2040, 1, 1)))
def test_the_earliest_day_is_in_time_and_the_day_before_is_not(asked: date) -> None:
    first = earliest_effect(asked)
    assert in_time(asked, first)
    assert not in_time(asked, first - timedelta(days=1))


@pytest.mark.clause("M42.1", "M42.2", "R6", "R7")
def test_an_imposed_suspension_ends_by_itself() -> None:
    term = read([signed(), suspended(2, "2026-06-01", "2026-06-03", "2026-06-30")])
    assert states(term, "2026-01-12", "2026-01-13", "2026-06-02", "2026-06-03", "2026-06-30", "2026-07-01", "2027-01-12", "2027-01-13") == [
        "pending", "active", "active", "suspended", "suspended", "active", "active", "expired",
    ]  # fmt: skip
    assert term.ended_by(date(2027, 1, 13)) == "M41.3"


@pytest.mark.clause("M43.1", "R6")
def test_a_failed_rectification_keeps_it_suspended_until_its_case_is_closed() -> None:
    facts = [
        signed(),
        suspended(2, "2026-06-01", "2026-06-01", "2026-06-30"),
        fact(3, "rectification_recorded", "2026-06-30", of=2, passed=False),
    ]
    term = read(facts)
    assert states(term, "2026-07-01", "2027-01-12", "2027-01-13") == ["suspended", "suspended", "expired"]
    assert [(case.ground, case.state(date(2026, 7, 1))) for case in term.cases] == [("M43(1)", "open")]
    closed = read([*facts, fact(4, "case_closed", "2026-08-10", of=3)])
    assert states(closed, "2026-08-10", "2026-08-11") == ["suspended", "active"]
    assert [case.state(date(2026, 8, 10)) for case in closed.cases] == ["closed"]


@pytest.mark.clause("M42.5", "R14")
def test_lapse_after_day_180_unless_the_term_ends_the_same_day() -> None:
    asked = fact(2, "suspension_requested", "2026-02-01", **{"from": "2026-05-10", "to": "2026-06-10"})
    granted = fact(3, "suspension_decided", "2026-02-10", of=2, granted=True, **{"from": "2026-05-10", "to": "2026-06-10"})
    term = read([signed(), asked, granted])
    assert (term.ended_on, term.end.clause) == (date(2026, 11, 5), "M42.5")
    assert states(term, "2026-06-11", "2026-11-05", "2026-11-06") == ["suspended", "suspended", "expired"]
    later = {"from": "2026-07-17", "to": "2026-08-01"}
    same = read(
        [
            signed(),
            fact(2, "suspension_requested", "2026-02-01", **later),
            fact(3, "suspension_decided", "2026-02-10", of=2, granted=True, **later),
        ]
    )
    assert (same.ended_on, same.end.clause) == (date(2027, 1, 12), "M42.2")


@pytest.mark.clause("M42.4", "R6")
def test_an_imposed_suspension_ends_one_at_request_the_day_before() -> None:
    span = {"from": "2026-05-10", "to": "2026-09-10"}
    facts = [
        signed(),
        fact(2, "suspension_requested", "2026-02-01", **span),
        fact(3, "suspension_decided", "2026-02-10", of=2, granted=True, **span),
    ]
    term = read([*facts, suspended(4, "2026-06-01", "2026-06-01", "2026-06-30")])
    assert states(term, "2026-05-31", "2026-06-01", "2026-06-30", "2026-07-01") == ["suspended", "suspended", "suspended", "active"]
    assert term.suspensions[0].last_day == date(2026, 5, 31)


@pytest.mark.clause("R9", "I12")
def test_an_exit_waits_for_the_full_check_but_the_term_does_not() -> None:
    asked = fact(2, "termination_requested", "2026-02-01", effective="2026-06-01")
    granted = fact(3, "termination_decided", "2026-03-01", of=2, granted=True, effective="2026-06-01")
    check = fact(4, "full_check_ordered", "2026-05-01")
    assert states(read([signed(), asked, granted]), "2026-05-31", "2026-06-01") == ["active", "terminated"]
    waiting = read([signed(), asked, granted, check])
    assert states(waiting, "2026-06-01", "2027-01-12", "2027-01-13") == ["active", "active", "expired"]
    closed = read([signed(), asked, granted, check, fact(5, "full_check_closed", "2026-07-01")])
    assert states(closed, "2026-07-01", "2026-07-02") == ["active", "terminated"]
    assert closed.ended_by(date(2026, 7, 2)) == "M43(12)"


@pytest.mark.clause("R6", "M41.2")
def test_a_renewed_agreement_follows_the_one_before() -> None:
    old = read([signed(), suspended(2, "2026-12-20", "2026-12-20", "2027-02-01")])
    new_fact = fact(9, "signed", "2026-12-01", **{"from": "2027-01-13", "to": "2028-01-12"})
    new = read([new_fact], previous=old)
    assert states(new, "2027-01-12", "2027-01-13", "2027-02-01", "2027-02-02") == ["pending", "suspended", "suspended", "active"]
    gone = read([signed(), fact(3, "terminated", "2026-12-10", grounds=["M43(3)"], decided_on="2026-12-10")])
    unborn = read([new_fact], previous=gone)
    assert states(unborn, "2026-12-09", "2026-12-10", "2027-01-13") == ["pending", "terminated", "terminated"]
    assert not unborn.began()


@pytest.mark.clause("M5.2")
def test_a_supplementary_agreement_follows_its_main_one() -> None:
    main = read([signed(), suspended(2, "2026-06-01", "2026-06-01", "2026-06-30"), fact(3, "terminated", "2026-09-01", grounds=["M43(3)"])])
    supplement = read([fact(7, "signed", "2026-02-01", **{"from": "2026-02-01", "to": "2027-01-12"})], main=main)
    assert states(supplement, "2026-05-31", "2026-06-01", "2026-07-01", "2026-08-31", "2026-09-01") == [
        "active", "suspended", "active", "active", "terminated",
    ]  # fmt: skip


ORPHANS: dict[str, dict[str, Any]] = {
    "resumed": {"of": 4}, "rectification_recorded": {"of": 4, "passed": True}, "case_closed": {"of": 4}, "full_check_closed": {},
    "hold_released": {"of": 4}, "heard": {"of": 4}, "intention_dropped": {"of": 4}, "part_restored": {"of": 4},
    "change_passed_on": {"of": 4}, "change_supplement_asked": {"of": 4},
    "intention_served": {"of": 4, "from": "2026-06-02", "last_day": "2026-06-09"},
}  # fmt: skip


@pytest.mark.parametrize("kind", ORPHANS)
def test_a_fact_whose_ground_is_gone_cannot_stand(kind: str) -> None:
    orphan = fact(5, kind, "2026-06-01", **ORPHANS[kind])
    with pytest.raises(Impossible):
        read([signed(), orphan])
    with pytest.raises(Impossible):
        read([orphan])
