"""Lists follow the days of the facts: no timer runs in these tests, so that stored states stay behind (R7)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements.models import Agreement, Renewal, Suspension, TerminationCase, TerminationRequest
from agreements.term import STATES
from pages.desk.agreements import STAND
from pages.life.underway import OPEN_STATES
from tests.agreements.life import life, record, state, suspend, suspended_at_request, terminate
from tests.api.conftest import Program
from tests.driving import Driver, on

pytestmark = pytest.mark.django_db
DAYS = ("2026-05-09", "2026-05-10", "2026-06-30", "2026-07-01", "2026-11-06", "2026-12-31", "2027-01-01", "2027-02-01")


def lives() -> list[Driver]:
    """One of every kind of life; nothing happens to any after 2026-05-08."""
    voided = life()
    with on("2026-01-01"):
        voided.do("void", record("take_over_agreement"), reason="录入错误", role="city_agency")
    plain, coming, imposed, asked, lapsing, leaving = (life(kind) for kind in ("hospital", "pharmacy") * 3)
    later = life(first="2026-07-01", last="2027-06-30")
    never = life(first="2026-08-01", last="2027-07-31")
    suspend(imposed, "2026-04-01", "2026-06-30")
    suspend(coming, "2026-04-01", "2026-12-31", from_on="2026-07-10")
    suspended_at_request(asked, days=30)
    suspended_at_request(lapsing, days=180)
    terminate(leaving, "2026-05-04", "P40(4)", effective_on="2026-07-01")
    terminate(never, "2026-05-04", "M43(1)")
    return [plain, coming, imposed, asked, lapsing, leaving, voided, later, never]


@pytest.mark.clause("R7", "M42.1", "M42.2", "M42.5", "M43")
def test_every_filter_by_state_lists_exactly_those_in_it_with_every_worker_down(seat: Any) -> None:
    (first, *_) = lives()
    seen = set()
    for day in DAYS:
        with on(day):
            told = {row.pk: state(first, day, row) for row in Agreement.objects.all()}
            seen |= set(told.values())
            program, city = Program(first.city), seat(first.city)
            for each in STATES:
                wanted = {pk for pk, derived in told.items() if derived == each}
                rows = program.get("agreements", state=each)["results"]
                assert ({row["id"] for row in rows}, {row["state"] for row in rows} - {each}) == (wanted, set()), (day, each)
                listed = city.get("/desk/agreements/", state=each).context["listed"]
                assert {row["row"].pk for row in listed} == wanted, (day, each)
                assert {row["state"][0] for row in listed} <= {STATES[each]}, (day, each)
    assert seen == set(STATES)
    assert set(STATES) < set(STAND)


@pytest.mark.clause("R7")
def test_a_list_by_state_costs_the_same_whatever_is_behind(seat: Any) -> None:
    (first, *_) = lives()
    numbers = set()
    for day in DAYS:
        with on(day):
            city = seat(first.city)
            city.page("/desk/agreements/", state="suspended")
            with CaptureQueriesContext(connection) as queries:
                city.page("/desk/agreements/", state="suspended")
            numbers.add(len(queries))
    assert len(numbers) == 1


MATTERS_OF = {"suspension": Suspension, "termination_case": TerminationCase, "termination_request": TerminationRequest, "renewal": Renewal}


def matters() -> Driver:
    """What can be under way, each left to the calendar from 2026-05-08 on."""
    lives()
    stores = [life("pharmacy") for _ in range(5)]
    for each in stores[:2]:
        suspend(each, "2026-03-02", "2026-03-31")
    suspend(stores[0], "2026-05-08", "2026-07-31", from_on="2026-06-30")  # its second: opens a case on its first day
    with on("2026-05-04"):
        stores[1].do("open_termination_case", reason="地址已变更，未申报")
        stores[2].do("request_suspension", from_on="2026-09-01", days=30)
        stores[3].do("request_termination")
    suspend(stores[4], "2026-05-04", "2026-06-10")
    with on("2026-05-08"):
        stores[4].do("record_rectification", passed=False)
    return stores[0]


@pytest.mark.clause("R7", "R6", "M42", "M43", "M44.1")
def test_what_the_calendar_opened_or_closed_stands_so_in_every_list_with_every_worker_down(seat: Any) -> None:
    driver = matters()
    seen = set()
    for day in ("2026-05-08", *DAYS):
        with on(day):
            city = seat(driver.city)
            for name, model in MATTERS_OF.items():
                told = {row.pk: row.derived(date.fromisoformat(day)) for row in model.objects.all()}
                seen |= {(name, state) for state in told.values()}
                listed = city.get("/desk/life/", sort=name, state="all").context["listed"]
                assert {row["row"].pk: row["row"].stands for row in listed} == told, (day, name)
                for state in dict(model.STATES):
                    rows = city.get("/desk/life/", sort=name, state=state).context["listed"]
                    assert {row["row"].pk for row in rows} == {pk for pk, each in told.items() if each == state}, (day, name, state)
                answer = city.get("/desk/life/", sort=name)
                going = {pk for pk, state in told.items() if state in OPEN_STATES}
                assert {row["row"].pk for row in answer.context["listed"]} == going, (day, name)
                (tile,) = [tile for tile in answer.context["tiles"] if tile["current"]]
                assert tile["number"] == str(len(going)), (day, name)
    assert {("suspension", each) for each in ("coming", "running", "over", "requested")} <= seen
    assert {("termination_case", each) for each in ("coming", "open", "closed")} <= seen
    assert {("termination_request", "requested"), ("termination_request", "over")} <= seen


@pytest.mark.clause("R7", "M43.1", "M44.1")
def test_the_desk_asks_for_nothing_that_the_calendar_closed_and_for_what_it_opened(seat: Any) -> None:
    driver = matters()
    steps = {}
    for day in ("2026-06-29", "2026-06-30", "2027-02-01"):
        with on(day):
            rows = seat(driver.city).get("/desk/").context["rows"]
        steps[day] = sorted(row.state for row in rows if row.matter in ("解除立案", "答复中止申请", "答复解除申请"))
    assert steps["2026-06-30"].count("待决定") == steps["2026-06-29"].count("待决定") + 1
    assert steps["2027-02-01"] == []
