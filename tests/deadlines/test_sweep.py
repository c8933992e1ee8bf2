"""The sweep: in order, exactly once, dated as due, whatever fails."""

import logging
from datetime import date, timedelta
from typing import Any

import pytest

from deadlines import clock
from deadlines.models import Deadline, Firing, Reminder
from deadlines.timers import failing, sweep
from tests.deadlines.conftest import DUE, day_after, handle, period, put, wanted

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
DUE_IS_OVER = clock.at(day_after(DUE))


@pytest.mark.clause("R1", "R7")
def test_a_duty_is_open_through_its_day_and_missed_at_midnight(kind: Any) -> None:
    kind()
    put(wanted())
    sweep(DUE_IS_OVER - timedelta(seconds=1))
    assert Deadline.objects.get().state == "open"
    sweep(DUE_IS_OVER)
    row = Deadline.objects.get()
    assert (row.state, row.fired_at, row.wake_at) == ("missed", DUE_IS_OVER, None)


@pytest.mark.clause("R1", "R7")
def test_a_period_is_met_when_its_last_day_is_over(kind: Any) -> None:
    kind("test_period")
    put(period())
    sweep(DUE_IS_OVER)
    assert Deadline.objects.get().state == "met"
    assert not Reminder.objects.exists()


def test_a_duty_done_in_time_never_fires(kind: Any) -> None:
    kind(on_due=pytest.fail, escalate_to=("city_agency",))
    put(wanted(state="met"))
    assert sweep(DUE_IS_OVER).looked == 0
    assert not Firing.objects.exists()


@pytest.mark.clause("R7")
def test_the_effect_runs_once_dated_as_due_however_late(kind: Any) -> None:
    dated = []
    kind(on_due=lambda row: dated.append((row.due_on, clock.now())))
    put(wanted())
    late = DUE_IS_OVER + timedelta(days=3, hours=5)
    for _ in range(3):
        sweep(late)
    assert dated == [(DUE, DUE_IS_OVER)]


@pytest.mark.clause("R7")
def test_after_an_outage_everything_fires_in_the_order_in_which_it_was_due(kind: Any) -> None:
    fired = []
    kind("test_period", warn_days=(15, 7, 3, 1), on_due=lambda row: fired.append(row.due_on))
    kind(on_due=lambda row: fired.append(row.due_on))
    put(period(DUE + 9 * DAY), case_id=1)
    put(wanted(DUE + 5 * DAY), wanted(DUE, key="2"), case_id=2)
    put(period(DUE + 3 * DAY), case_id=3)
    sweep(DUE_IS_OVER + 30 * DAY)
    assert fired == [DUE, DUE + 3 * DAY, DUE + 5 * DAY, DUE + 9 * DAY]


@pytest.mark.clause("R7")
def test_what_an_effect_makes_due_takes_its_turn_in_the_same_sweep(kind: Any) -> None:
    fired = []

    def first(row: Deadline) -> None:
        fired.append("first")
        put(wanted(state="missed"), wanted(DUE + DAY, kind="follow_up"))

    kind(on_due=first)
    kind("follow_up", on_due=lambda row: fired.append("follow-up"))
    kind("test_period", on_due=lambda row: fired.append("last"))
    put(period(DUE + 2 * DAY), case_id=2)
    put(wanted())
    sweep(DUE_IS_OVER + 10 * DAY)
    assert fired == ["first", "follow-up", "last"]


def test_an_effect_that_derives_its_own_case_again_finds_itself_done(kind: Any) -> None:
    calls = []

    def again(row: Deadline) -> None:
        calls.append(row.pk)
        put(wanted(state="missed"))

    kind(on_due=again)
    put(wanted())
    sweep(DUE_IS_OVER)
    sweep(DUE_IS_OVER)
    assert len(calls) == 1
    assert Deadline.objects.get().wake_at is None


def test_a_limit_leaves_the_rest_for_the_next_batch(kind: Any) -> None:
    kind()
    put(*(wanted(key=str(n)) for n in range(5)))
    first = sweep(DUE_IS_OVER, limit=2)
    assert (first.fired, first.done) == (2, False)
    assert sweep(DUE_IS_OVER, limit=2).fired == 2
    last = sweep(DUE_IS_OVER, limit=2)
    assert (last.fired, last.done) == (1, True)


def test_nothing_due_costs_one_query(kind: Any, django_assert_num_queries: Any) -> None:
    kind()
    put(*(wanted(key=str(n)) for n in range(50)))
    with django_assert_num_queries(1):
        assert sweep(clock.at(DUE)).done


@pytest.fixture
def _failure_is_expected(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="deadlines.timers")


def fail_on(case_id: int, done: list[int]) -> Any:
    def effect(row: Deadline) -> None:
        half = Reminder(deadline=row, due_on=row.due_on, mark="half", role="third_party", text="做了一半")
        half.institution_id, half.days_left, half.created_at = 7, 0, clock.now()
        half.save()
        if row.case_id == case_id:
            raise RuntimeError("没有模板")
        done.append(row.case_id)

    return effect


@pytest.mark.usefixtures("_failure_is_expected")
def test_a_failing_row_holds_up_nobody_leaves_nothing_behind_and_is_listed(kind: Any) -> None:
    done: list[int] = []
    kind(on_due=fail_on(1, done), escalate_to=("city_agency",))
    for case_id in (1, 2, 3):
        put(wanted(), case_id=case_id)
    swept = sweep(DUE_IS_OVER)
    assert (swept.fired, swept.failed, swept.done) == (2, 1, True)
    assert done == [2, 3]
    [row] = failing()
    assert (row.case_id, row.attempts, row.state, row.fired_at) == (1, 1, "open", None)
    assert row.last_error == "RuntimeError: 没有模板"
    assert row.wake_at == DUE_IS_OVER + timedelta(hours=1)
    assert not row.reminders.exists()
    assert not row.firings.exists()


@pytest.mark.usefixtures("_failure_is_expected")
def test_a_failed_row_is_tried_again_after_an_hour_and_then_forgotten_as_a_failure(kind: Any) -> None:
    done: list[int] = []
    kind(on_due=fail_on(1, done))
    put(wanted())
    sweep(DUE_IS_OVER)
    assert sweep(DUE_IS_OVER + timedelta(minutes=59)).looked == 0
    put(wanted(state="missed"))
    assert sweep(DUE_IS_OVER + timedelta(minutes=59)).looked == 0
    dated = []
    kind(on_due=lambda row: dated.append(clock.now()))
    sweep(DUE_IS_OVER + timedelta(minutes=60))
    assert dated == [DUE_IS_OVER]
    assert not failing()
    assert Deadline.objects.get().last_error == ""


@pytest.mark.usefixtures("_failure_is_expected")
def test_a_kind_nobody_registered_is_listed_not_lost() -> None:
    put(wanted())
    assert sweep(DUE_IS_OVER).failed == 1
    assert "test_duty" in failing().get().last_error


def test_a_row_that_keeps_moving_itself_does_not_hold_the_sweep(kind: Any) -> None:
    def move(row: Deadline) -> None:
        put(wanted(row.due_on - DAY))

    kind(on_due=move)
    put(wanted())
    assert sweep(DUE_IS_OVER).looked <= 20


@pytest.mark.clause("R7")
def test_the_truth_is_computed_before_anything_is_done(kind: Any) -> None:
    kind(on_due=pytest.fail, escalate_to=("city_agency",))
    put(wanted())
    order = []

    def resync(case_id: int) -> None:
        order.append(("resync", case_id, clock.now()))
        put(wanted(state="met"), case_id=case_id)

    handle(lambda case_id: order.append(("lock", case_id, clock.now())), resync)
    swept = sweep(DUE_IS_OVER)
    assert (swept.looked, swept.fired) == (1, 0)
    assert order == [("lock", 1, DUE_IS_OVER), ("resync", 1, DUE_IS_OVER)]
    assert not Reminder.objects.exists()


@pytest.mark.clause("R1")
def test_a_date_that_moved_meanwhile_is_waited_for(kind: Any) -> None:
    kind()
    put(wanted())
    moved = wanted(date(2026, 3, 10))
    handle(resync=lambda case_id: put(moved, case_id=case_id))
    assert sweep(DUE_IS_OVER).fired == 0
    assert sweep(DUE_IS_OVER + DAY).fired == 1
