"""Acts and sweeps at the same moment, on connections of their own: no deadlock, and whoever holds the case first is right."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from deadlines import clock
from deadlines.models import Deadline, Firing, Reminder
from deadlines.timers import Swept, sweep
from tests.deadlines.conftest import DUE, handle, period, put, wanted

pytestmark = [pytest.mark.clause("R7"), pytest.mark.django_db(transaction=True)]
DUE_IS_OVER = clock.at(DUE + timedelta(days=1))
CASE_LOCK = 77
ENOUGH = 20


def lock_case(case_id: int) -> None:
    """Stands for the door's locks on institutions, people and case: taken first, by acts and timers alike."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [CASE_LOCK, case_id])


def in_thread(work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.fixture
def facts(kind: Any) -> Iterator[dict[str, str]]:
    """A case whose only fact is whether its duty was done."""
    kind(escalate_to=("city_agency",))
    state = {"state": "open"}
    handle(lock_case, lambda case_id: put(wanted(state=state["state"]), case_id=case_id))
    put(wanted())
    return state


def test_an_act_under_way_is_waited_for_and_its_outcome_counts(facts: dict[str, str]) -> None:
    swept: list[Swept] = []
    with transaction.atomic():
        lock_case(1)
        sweeper = in_thread(lambda: swept.append(sweep(DUE_IS_OVER)))
        sweeper.join(0.5)
        assert sweeper.is_alive()
        facts["state"] = "met"
        put(wanted(state="met"))
    sweeper.join(ENOUGH)
    assert (swept[0].fired, swept[0].failed) == (0, 0)
    assert Deadline.objects.get().state == "met"
    assert not Reminder.objects.exists()


def test_an_act_waits_for_the_timer_that_was_first(facts: dict[str, str], kind: Any) -> None:
    working, go_on = threading.Event(), threading.Event()

    def effect(row: Deadline) -> None:
        working.set()
        assert go_on.wait(ENOUGH)

    kind(on_due=effect)
    sweeper = in_thread(lambda: sweep(DUE_IS_OVER) and None)
    assert working.wait(ENOUGH)

    def act() -> None:
        with transaction.atomic():
            lock_case(1)
            put(wanted(state="missed"))

    acting = in_thread(act)
    acting.join(0.5)
    assert acting.is_alive()
    go_on.set()
    for thread in (sweeper, acting):
        thread.join(ENOUGH)
        assert not thread.is_alive()
    row = Deadline.objects.get()
    assert (row.state, row.wake_at, row.attempts) == ("missed", None, 0)
    assert Firing.objects.count() == 1


def test_a_row_that_another_worker_has_is_passed_over_at_once(kind: Any) -> None:
    working, go_on = threading.Event(), threading.Event()

    def effect(row: Deadline) -> None:
        working.set()
        assert go_on.wait(ENOUGH)

    kind(on_due=effect)
    kind("test_period")
    put(wanted(), case_id=1)
    put(period(), case_id=2)
    first = in_thread(lambda: sweep(DUE_IS_OVER) and None)
    assert working.wait(ENOUGH)
    second = sweep(DUE_IS_OVER)
    assert (second.fired, second.failed, second.done) == (1, 0, True)
    assert list(Firing.objects.values_list("deadline__case_id", flat=True)) == [2]
    go_on.set()
    first.join(ENOUGH)
    assert Firing.objects.count() == 2
