"""Kinds of deadline and cases of the tests' own, and rows made without a case behind them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from deadlines import calendar_changes, registry
from deadlines.models import Deadline
from deadlines.periods import Computed
from deadlines.sync import sync
from deadlines.wanted import WantedDeadline

DUE = date(2026, 3, 9)


def wanted(due_on: date | None = DUE, **changes: object) -> WantedDeadline:
    """A duty of the district agency, due on that day, with whatever else is said."""
    due = Computed(due_on, "M8.2", ("收到 2026-03-02 + 5个工作日 = 2026-03-09",), False) if due_on else None
    duty = WantedDeadline("test_duty", "", due, "open" if due else "paused", "duty", "M8.2", "district_agency")
    return replace(duty, **changes)  # type: ignore[arg-type]


def period(due_on: date = DUE, **changes: object) -> WantedDeadline:
    """A period that ends with that day."""
    return wanted(due_on, kind="test_period", nature="period", **changes)


def put(*listed: WantedDeadline, case_id: int = 1, district: str = "110105") -> list[Deadline]:
    """Sync a case to that list; its rows by id."""
    sync("test_case", case_id, listed, institution_id=7, district=district)
    return list(Deadline.objects.filter(case_label="test_case", case_id=case_id).order_by("id"))


def day_after(day: date) -> date:
    return day + timedelta(days=1)


def each(effect: Callable[[Deadline], Any]) -> Callable[[list[Deadline], Any], None]:
    """An effect on rows, made of one on a row."""

    def on_rows(rows: list[Deadline], cases: Any) -> None:
        for row in rows:
            effect(row)

    return on_rows


def handle(
    lock: Callable[[int], Any] = lambda case_id: None, resync: Callable[[int], Any] = lambda case_id: None, together: int = 1
) -> type[registry.Cases]:
    """Register the cases of the tests, locked and derived anew one by one by these functions."""

    class TestCases(registry.Cases):
        def lock(self) -> None:
            for case_id in self.ids:
                lock(case_id)

        def resync(self) -> None:
            for case_id in self.ids:
                resync(case_id)

    TestCases.together = together
    registry.cases["test_case"] = TestCases
    return TestCases


@pytest.fixture(autouse=True)
def _own_registries() -> Iterator[None]:
    """Whatever a test registers is gone after it."""
    kinds, cases, listeners = dict(registry.kinds), dict(registry.cases), list(calendar_changes._listeners)
    yield
    for store, before in ((registry.kinds, kinds), (registry.cases, cases)):
        store.clear()  # type: ignore[attr-defined]
        store.update(before)  # type: ignore[attr-defined]
    calendar_changes._listeners[:] = listeners


@pytest.fixture
def kind() -> Callable[..., None]:
    """Register a kind by name; `test_duty` and `test_period` unless told otherwise. Its effects are told row by row."""

    def register(name: str = "test_duty", **fields: Any) -> None:
        for effect in {"on_due", "on_warning"} & fields.keys():
            fields[effect] = each(fields[effect])
        nature = "period" if name == "test_period" else "duty"
        registry.kinds[name] = registry.Kind(title="测试时限", nature=nature, **fields)  # type: ignore[arg-type]

    return register
