"""Rows follow the derived list, in few queries, and what the timer did stays done."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from deadlines import clock
from deadlines.models import Deadline, Firing
from deadlines.periods import Computed
from deadlines.timers import sweep
from deadlines.wanted import WantedDeadline
from tests.deadlines.conftest import DUE, day_after, period, put, wanted

pytestmark = pytest.mark.django_db
LATER = date(2026, 4, 9)


def test_a_row_carries_its_date_with_clause_and_explanation() -> None:
    [row] = put(wanted())
    assert (row.due_on, row.state, row.clause, row.institution_id, row.district) == (DUE, "open", "M8.2", 7, "110105")
    assert row.computed is not None
    assert row.computed.explanation == "收到 2026-03-02 + 5个工作日 = 2026-03-09"
    assert row.wake_at == clock.at(day_after(DUE))


def test_several_of_a_kind_are_told_apart_by_their_key() -> None:
    rows = put(wanted(key="1"), wanted(LATER, key="2"))
    assert [(row.key, row.due_on) for row in rows] == [("1", DUE), ("2", LATER)]


def test_syncing_again_changes_nothing_and_only_reads() -> None:
    put(wanted(), period())
    with CaptureQueriesContext(connection) as queries:
        put(wanted(), period())
    assert [query["sql"].split()[0] for query in queries] == ["SELECT", "SELECT"]


@pytest.mark.parametrize("number", [1, 50])
def test_the_number_of_queries_does_not_grow_with_the_rows(number: int, django_assert_max_num_queries: Any) -> None:
    put(*(wanted(key=str(n)) for n in range(number)))
    moved = [wanted(LATER, key=str(n)) for n in range(number)] + [wanted(key="new")]
    with django_assert_max_num_queries(5):
        put(*moved)


def test_a_deadline_no_longer_wanted_is_cancelled_and_comes_back_when_wanted() -> None:
    put(wanted())
    [row] = put()
    assert (row.state, row.wake_at) == ("cancelled", None)
    [row] = put(wanted())
    assert (row.state, row.wake_at) == ("open", clock.at(day_after(DUE)))


@pytest.mark.clause("R2")
def test_a_paused_deadline_has_no_date_and_does_not_wake() -> None:
    put(wanted())
    [row] = put(wanted(None))
    assert (row.due_on, row.state, row.wake_at, row.computed) == (None, "paused", None, None)
    [row] = put(wanted(LATER))
    assert (row.due_on, row.state) == (LATER, "open")


@pytest.mark.clause("R7")
def test_what_fired_stays_fired_until_the_date_really_moves(kind: Any) -> None:
    kind()
    put(wanted())
    sweep(clock.at(day_after(DUE)))
    [row] = put(wanted(state="missed"))
    assert row.fired_at is not None
    assert row.wake_at is None
    [row] = put(wanted(LATER))
    assert (row.fired_at, row.wake_at) == (None, clock.at(day_after(LATER)))


def test_a_date_that_moves_back_to_one_that_fired_does_not_fire_again(kind: Any) -> None:
    effects: list[int] = []
    kind(on_due=lambda row: effects.append(row.pk))
    put(wanted())
    sweep(clock.at(day_after(DUE)))
    put(wanted(LATER))
    [row] = put(wanted(state="missed"))
    assert row.wake_at is None
    sweep(clock.at(day_after(LATER)))
    assert len(effects) == 1


def test_a_pause_without_a_day_lost_does_not_warn_again(kind: Any) -> None:
    kind(warn_days=(3,))
    put(wanted())
    sweep(clock.at(date(2026, 3, 6)))
    put(wanted(None))
    [row] = put(wanted())
    assert row.warned == [3]
    [row] = put(wanted(LATER))
    assert row.warned == []


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "paused", "due_on": DUE},
        {"state": "open", "due_on": None},
        {"nature": "period", "state": "missed"},
    ],
)
def test_the_database_refuses_contradictory_rows(fields: dict[str, Any]) -> None:
    [row] = put(wanted())
    with pytest.raises(IntegrityError), transaction.atomic():
        Deadline.objects.filter(pk=row.pk).update(**fields)


def test_the_database_lets_a_due_date_fire_only_once() -> None:
    [row] = put(wanted())
    Firing.objects.create(deadline=row, due_on=DUE, fired_at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Firing.objects.create(deadline=row, due_on=DUE, fired_at=clock.now())


@pytest.mark.parametrize("fields", [("paused", True, "duty"), ("open", False, "duty"), ("missed", True, "period")])
def test_a_contradictory_wish_is_an_error(fields: tuple[Any, bool, Any]) -> None:
    state, dated, nature = fields
    due = Computed(DUE, "M8.2", (), False) if dated else None
    with pytest.raises(ValueError, match="test_duty"):
        WantedDeadline("test_duty", "", due, state, nature, "M8.2", "district_agency")
