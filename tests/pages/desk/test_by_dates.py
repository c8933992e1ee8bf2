"""Lists follow the days of the facts: no timer runs in these tests, so that stored states stay behind (R7)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements.models import Agreement
from agreements.term import STATES
from pages.desk.agreements import STAND
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
