"""The model itself, against the examples that the readings give."""

from datetime import date

import pytest

from tests.model.changes import PERSONS
from tests.model.facts import Institution, Life
from tests.model.model import Open, World
from tests.model.periods import act_by, latest_notice, plus_days, plus_months, plus_working_days, plus_years, term_of_years


def weekday(day: date) -> bool:
    return day.weekday() < 5


def posts(*people: str) -> dict[str, str]:
    return dict(zip(PERSONS, people, strict=False))


def world(kind: str = "hospital", **houses: Institution) -> World:
    houses = houses or {"h": Institution(kind, posts("sun"), lives=[Life([(date(2026, 1, 13), date(2027, 1, 12))])])}
    made = World(houses, {"c1": {"tang"}}, weekday)
    made.today = date(2026, 6, 1)
    return made


def designated(kind: str, *people: str, chain: str = "") -> Institution:
    return Institution(kind, posts(*people), chain=chain, lives=[Life([(date(2026, 1, 13), date(2027, 1, 12))])])


def later(made: World, *day: int) -> World:
    made.today = date(*day)
    return made


@pytest.mark.clause("R1")
def test_periods_are_counted_as_the_reading_says() -> None:
    assert plus_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert plus_months(date(2023, 11, 30), 3) == date(2024, 2, 29)
    assert plus_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert plus_months(date(2026, 3, 10), 3) == date(2026, 6, 10)
    assert latest_notice(date(2026, 12, 31)) == date(2026, 9, 30)
    assert plus_years(date(2024, 2, 29), 3) == date(2027, 2, 28)
    assert term_of_years(date(2026, 1, 13), 1) == date(2027, 1, 12)
    assert term_of_years(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert plus_working_days(date(2026, 3, 2), 5, weekday) == date(2026, 3, 9)
    assert act_by(date(2026, 8, 9), weekday) == date(2026, 8, 10)
    assert plus_days(date(2026, 6, 10), 179) == date(2026, 12, 6)


@pytest.mark.clause("R6", "M42.4", "M42.5")
def test_a_suspension_at_request_lasts_until_day_180_or_the_day_of_resumption() -> None:
    made = later(world(), 2026, 3, 10)
    assert made.do("request_suspension", "h", first=date(2026, 6, 9), days=181) == {"M44.1", "M42.4"}
    assert made.do("request_suspension", "h", first=date(2026, 6, 10), days=30) == set()
    assert made.do("decide_suspension", "h") == set()
    assert later(made, 2026, 12, 6).agreement("h")["state"] == "suspended"
    lapsed = later(made, 2026, 12, 7).agreement("h")
    assert (lapsed["state"], lapsed["ended_on"], lapsed["ended_by"]) == ("expired", date(2026, 12, 6), "M42.5")
    later(made, 2026, 12, 6).do("request_resumption", "h")
    assert later(made, 2026, 12, 20).do("resume", "h") == set()
    assert made.agreement("h")["state"] == "suspended"
    assert later(made, 2026, 12, 21).agreement("h")["state"] == "active"


@pytest.mark.clause("R6", "M42.6")
def test_an_imposed_suspension_ends_by_itself_unless_rectification_failed() -> None:
    made = world("pharmacy")
    assert made.do("suspend", "h", first=date(2026, 5, 31), last=date(2026, 6, 30)) == {"P39.5"}
    assert made.do("suspend", "h", first=date(2026, 6, 1), last=date(2026, 11, 28)) == {"P39.5"}
    assert made.do("suspend", "h", first=date(2026, 6, 1), last=date(2026, 11, 27)) == set()
    assert later(made, 2026, 11, 28).agreement("h")["state"] == "active"
    later(made, 2026, 11, 27).do("record_rectification", "h", passed=False)
    assert later(made, 2026, 11, 28).agreement("h")["state"] == "suspended"
    ended = later(made, 2027, 1, 13).agreement("h")
    assert (ended["state"], ended["ended_by"]) == ("expired", "P39.2")


@pytest.mark.clause("R6")
def test_an_imposed_suspension_cuts_one_at_request_short() -> None:
    made = later(world(), 2026, 3, 2)
    made.do("request_suspension", "h", first=date(2026, 6, 2), days=180)
    made.do("decide_suspension", "h")
    later(made, 2026, 7, 1).do("suspend", "h", first=date(2026, 7, 1), last=date(2026, 7, 31))
    assert later(made, 2026, 8, 1).agreement("h")["state"] == "active"
    assert later(made, 2026, 12, 31).agreement("h")["state"] == "active"


@pytest.mark.clause("R4", "R5", "M12.5", "M12.7")
def test_a_serious_violation_bars_the_institution_and_its_persons_in_their_kind() -> None:
    made = world(
        h=designated("hospital", "sun", "li"),
        h2=Institution("hospital", posts("sun")),
        p=Institution("pharmacy", posts("sun")),
        other=Institution("hospital", posts("wu")),
    )
    assert made.do("terminate", "h", grounds=(3,)) == set()
    assert made.bans("h") == {("M12.5", None), ("M12.7", date(2031, 6, 1))}
    assert made.bans("h2") == {("M12.7", date(2031, 6, 1))}
    assert made.bans("p") == made.bans("other") == set()
    assert made.do("apply", "h2") == {"M12.7"}
    later(made, 2027, 1, 4).do("fulfil_penalty", "h")
    assert made.bans("h") == {("M12.5", date(2029, 6, 1)), ("M12.7", date(2031, 6, 1))}
    assert later(made, 2031, 6, 1).may_apply("h2") == {"yes": False, "clauses": {"M12.7"}, "earliest_on": date(2031, 6, 2)}
    assert later(made, 2031, 6, 2).may_apply("h2")["yes"]


@pytest.mark.clause("R5", "R10", "P40.14")
def test_a_cascade_needs_a_violation_and_bars_only_the_person_at_fault() -> None:
    made = world(
        p=designated("pharmacy", "tang", "a", chain="c1"),
        q=designated("pharmacy", "tang", "b", chain="c1"),
        r=designated("pharmacy", "b", chain="c1"),
    )
    assert made.do("terminate", "p", grounds=(7,), head="tang") == {"P40.14"}
    assert made.do("terminate", "p", grounds=(4,), head="tang", penalty_open=False) == set()
    assert made.agreement("q")["ended_by"] == "P40(14)"
    assert made.agreement("r")["state"] == "active"
    assert made.bans("q") == {("P11.3", date(2029, 6, 1)), ("P11.5", date(2031, 6, 1))}
    assert made.bans("r") == set()


@pytest.mark.clause("R5")
def test_a_nature_without_default_must_be_stated_and_a_deviation_needs_a_reason() -> None:
    made = world()
    assert made.do("terminate", "h", grounds=(10,)) == {"M43(10)"}
    assert made.do("terminate", "h", grounds=(5,), nature="violation") == {"M43(5)"}
    assert made.do("terminate", "h", grounds=(5,), nature="violation", reason=True, penalty_open=False) == set()
    assert made.bans("h") == {("M12.5", date(2029, 6, 1))}


@pytest.mark.clause("R8")
def test_settlement_takes_the_first_answer_that_applies() -> None:
    made = world()
    today = made.today
    assert made.settlement("h", today) == {"answer": "settle", "clause": "M33"}
    assert made.settlement("h", date(2026, 1, 12)) == {"answer": "refuse", "clause": "M33"}
    assert made.settlement("h", date(2026, 1, 12), emergency=True) == {"answer": "by_hand", "clause": "M33"}
    made.do("hold_settlement", "h")
    assert made.settlement("h", today) == {"answer": "hold", "clause": "I17"}
    made.do("release_hold", "h")
    assert made.settlement("h", today) == {"answer": "settle", "clause": "M33"}
    made.do("suspend", "h", first=date(2026, 6, 10), last=date(2026, 6, 30))
    later(made, 2026, 6, 10)
    assert made.settlement("h", made.today) == {"answer": "refuse", "clause": "M42.1"}
    assert made.settlement("h", made.today, admitted_on=date(2026, 5, 31)) == {"answer": "settle", "clause": "I20"}
    assert made.settlement("h", made.today, admitted_on=date(2026, 6, 1)) == {"answer": "refuse", "clause": "M42.1"}
    assert made.settlement("h", date(2026, 6, 15), known_on=date(2026, 5, 31)) is None


@pytest.mark.clause("R9", "M44.2")
def test_a_request_waits_for_the_full_check_and_for_a_reason_of_a_public_hospital() -> None:
    made = later(world(h=designated("hospital", "sun")), 2026, 3, 2)
    made.institutions["h"].public = True
    assert made.do("request_termination", "h", effective=date(2026, 6, 1)) == {"M44.1"}
    made.do("request_termination", "h", effective=date(2026, 6, 2))
    assert made.do("decide_termination", "h") == {"M44.2"}
    assert made.do("decide_termination", "h", exception=True) == set()
    later(made, 2026, 6, 1).do("order_full_check", "h")
    assert later(made, 2026, 6, 10).agreement("h")["state"] == "active"
    made.do("close_full_check", "h")
    ended = later(made, 2026, 6, 11).agreement("h")
    assert (ended["state"], ended["ended_by"]) == ("terminated", "M43(12)")


@pytest.mark.clause("R6", "M42.3", "M41.1")
def test_a_suspended_hospital_may_not_renew_and_a_suspended_pharmacy_may() -> None:
    for kind, refused in (("hospital", {"M42.3"}), ("pharmacy", set())):
        made = later(world(kind), 2026, 7, 11)
        assert made.do("request_renewal", "h") == {"M41.1" if kind == "hospital" else "P38.1"}
        later(made, 2026, 10, 5).do("suspend", "h", first=made.today, last=date(2027, 2, 28))
        assert made.do("request_renewal", "h") == refused
    made.do("decide_renewal", "h")
    assert later(made, 2027, 1, 13).agreement("h")["state"] == "suspended"
    assert later(made, 2027, 3, 1).agreement("h")["state"] == "active"


@pytest.mark.clause("R4", "R7")
def test_what_is_undone_leaves_nothing_but_what_was_known_then() -> None:
    made = world()
    made.do("terminate", "h", grounds=(3,))
    later(made, 2026, 6, 5).do("void", "h")
    assert (made.agreement("h")["state"], made.bans("h")) == ("active", set())
    assert made.settlement("h", date(2026, 6, 3)) == {"answer": "settle", "clause": "M33"}
    assert made.settlement("h", date(2026, 6, 3), known_on=date(2026, 6, 4)) == {"answer": "refuse", "clause": "M43(3)"}


def test_what_the_texts_leave_open_is_said_and_changes_nothing() -> None:
    made = world()
    made.do("terminate", "h", grounds=(3,), effective=date(2026, 7, 1))
    with pytest.raises(Open):
        made.do("suspend", "h", first=date(2026, 6, 2), last=date(2026, 6, 30))
    assert made.agreement("h")["state"] == "active"
