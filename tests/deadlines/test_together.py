"""Many rows in one transaction: all or none, the one that fails alone, workers side by side (R7)."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deadlines import clock
from deadlines.models import Deadline, Firing, Reminder
from deadlines.timers import Swept, failing, sweep
from tests.deadlines.conftest import DUE, handle, put, wanted
from tests.deadlines.test_side_by_side import ENOUGH, in_thread

pytestmark = pytest.mark.clause("R7")
DUE_IS_OVER = clock.at(DUE + timedelta(days=1))


def put_due(number: int) -> None:
    for case_id in range(1, number + 1):
        put(wanted(), case_id=case_id)


def noted(row: Deadline) -> None:
    """An effect that leaves a row, undone with its transaction."""
    Reminder.objects.create(
        deadline=row, due_on=row.due_on, mark="effect", role="third_party", institution_id=7, days_left=0, text="", created_at=clock.now()
    )  # fmt: skip


def effects() -> list[int]:
    return sorted(Reminder.objects.filter(mark="effect").values_list("deadline__case_id", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("bad", [{1}, {5}, {9}, {3, 4, 9}])
def test_a_row_that_fails_takes_no_other_with_it(kind: Any, bad: set[int], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="deadlines.timers")

    def effect(row: Deadline) -> None:
        noted(row)
        if row.case_id in bad:
            raise RuntimeError("没有模板")

    kind(on_due=effect, escalate_to=("city_agency",))
    handle(together=100)
    put_due(9)
    swept = sweep(DUE_IS_OVER)
    good = sorted(set(range(1, 10)) - bad)
    assert (swept.looked, swept.fired, swept.failed, swept.done) == (9, 9 - len(bad), len(bad), True)
    assert effects() == good
    assert sorted(Firing.objects.values_list("deadline__case_id", flat=True)) == good
    assert sorted(Reminder.objects.filter(mark="overdue").values_list("deadline__case_id", flat=True)) == good
    assert {(row.case_id, row.attempts, row.state) for row in failing()} == {(each, 1, "open") for each in bad}
    assert sweep(DUE_IS_OVER + timedelta(minutes=59)).looked == 0
    bad.clear()
    assert sweep(DUE_IS_OVER + timedelta(hours=1)).failed == 0
    assert effects() == list(range(1, 10))


@pytest.mark.django_db
def test_rows_of_one_case_take_their_turns(kind: Any) -> None:
    """The effect on one may change the other, which is then looked at as it stands."""

    def effect(row: Deadline) -> None:
        put(wanted(key="1", state="missed"), wanted(key="2", state="met"))

    kind(on_due=effect)
    handle(together=100)
    put(wanted(key="1"), wanted(key="2"))
    assert sweep(DUE_IS_OVER).fired == 1
    assert list(Deadline.objects.order_by("key").values_list("state", flat=True)) == ["missed", "met"]


@pytest.mark.django_db
def test_earlier_moments_come_first_whatever_is_taken_together(kind: Any) -> None:
    fired: list[int] = []
    kind(on_due=lambda row: fired.append((DUE - row.due_on).days))
    handle(together=100)
    for case_id in range(1, 13):
        put(wanted(DUE - timedelta(days=case_id % 3)), case_id=case_id)
    sweep(DUE_IS_OVER)
    assert fired == [2] * 4 + [1] * 4 + [0] * 4


@pytest.mark.django_db
def test_a_limit_counts_rows_not_transactions(kind: Any) -> None:
    kind()
    handle(together=100)
    put_due(7)
    assert [sweep(DUE_IS_OVER, limit=3).fired for _ in range(3)] == [3, 3, 1]


@pytest.mark.django_db
def test_the_number_of_statements_does_not_grow_with_the_rows(kind: Any) -> None:
    kind(escalate_to=("city_agency",))
    handle(together=100)
    asked = []
    for number in (2, 100):
        Firing.objects.all().delete()
        Reminder.objects.all().delete()
        Deadline.objects.all().delete()
        put_due(number)
        with CaptureQueriesContext(connection) as queries:
            assert sweep(DUE_IS_OVER).fired == number
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 15


@pytest.mark.django_db(transaction=True)
def test_two_workers_each_take_rows_of_their_own(kind: Any) -> None:
    """Each waits in its effects until the other is in its own: both hold some of the rows at one time."""
    both = threading.Barrier(2, timeout=ENOUGH)
    met: set[int] = set()

    def effect(row: Deadline) -> None:
        noted(row)
        me = threading.get_ident()
        if me not in met:
            met.add(me)
            both.wait()

    kind(on_due=effect)
    handle(together=10)
    put_due(20)
    swept: list[Swept] = []
    work: Callable[[], None] = lambda: swept.append(sweep(DUE_IS_OVER))  # noqa: E731
    threads = [in_thread(work) for _ in range(2)]
    for thread in threads:
        thread.join(ENOUGH)
        assert not thread.is_alive()
    assert [each.fired for each in swept] == [10, 10]
    assert [each.failed for each in swept] == [0, 0]
    assert effects() == list(range(1, 21))
    assert Firing.objects.count() == 20
