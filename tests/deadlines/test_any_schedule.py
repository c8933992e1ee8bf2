"""However the sweeps fall, the same effects happen, each once, dated as due (R7)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from deadlines import clock, registry
from deadlines.models import Deadline, Firing, Reminder
from deadlines.timers import sweep
from tests.deadlines.conftest import each, period, put, wanted

START = date(2026, 3, 2)
HOURS = 24 * 60
END = clock.at(START) + timedelta(hours=HOURS)
WARN_DAYS = (15, 7, 3, 1)

dues = st.lists(st.tuples(st.integers(0, 50), st.booleans()), min_size=1, max_size=6)
schedules = st.lists(st.tuples(st.integers(0, HOURS), st.integers(1, 4)), max_size=12)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.slow
@pytest.mark.clause("R7")
@pytest.mark.django_db
@settings(max_examples=40, deadline=None)
@given(dues, schedules)
def test_any_schedule_of_sweeps_has_the_same_effects(listed: list[tuple[int, bool]], schedule: list[tuple[int, int]]) -> None:
    effects: list[tuple[int, date, datetime]] = []

    def effect(row: Deadline) -> None:
        assert row.due_on is not None
        effects.append((row.case_id, row.due_on, clock.now()))

    registry.kinds["test_duty"] = registry.Kind("测试", "duty", WARN_DAYS, on_due=each(effect), escalate_to=("city_agency",))
    registry.kinds["test_period"] = registry.Kind("测试", "period", WARN_DAYS, on_due=each(effect))
    with undone():
        for case_id, (days, duty) in enumerate(listed):
            put(wanted(START + timedelta(days=days)) if duty else period(START + timedelta(days=days)), case_id=case_id)
        for hour, limit in sorted(schedule):
            before = len(effects)
            sweep(clock.at(START) + timedelta(hours=hour), limit=limit)
            assert effects[before:] == sorted(effects[before:], key=lambda effect: effect[1])
        sweep(END)
        expected = [(case_id, START + timedelta(days=days)) for case_id, (days, _) in enumerate(listed)]
        assert sorted((case_id, due_on) for case_id, due_on, _ in effects) == expected
        assert all(dated == clock.at(due_on + timedelta(days=1)) for _, due_on, dated in effects)
        assert Firing.objects.count() == len(listed)
        assert not Deadline.objects.exclude(wake_at=None).exists()
        assert Reminder.objects.filter(mark="overdue").count() == sum(duty for _, duty in listed)
        assert all(reminder.days_left <= int(reminder.mark) for reminder in Reminder.objects.exclude(mark="overdue"))
