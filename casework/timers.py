"""How timers reach a case: through the same locks and the same bringing up to date as every act (R7)."""

from __future__ import annotations

from typing import Any

from casework import door, locks
from deadlines import clock, registry
from deadlines.registry import Case


def register(model: Any) -> None:
    """Let timers handle deadlines of this model's cases."""
    label = model.label

    def lock(pk: int) -> None:
        case = model._default_manager.filter(pk=pk).first()
        if case is not None:
            locks.take(set(case.institution_ids()), set())
            model._default_manager.select_for_update(of=("self",)).get(pk=pk)

    def resync(pk: int) -> None:
        # At the present moment, not at the row's: a timer that comes late must not see a later act's state as not yet there.
        case = model._default_manager.select_related("institution").filter(pk=pk).first()
        if case is not None and not door.catch_up(case):
            case.follow_calendar(clock.today())

    registry.cases[label] = Case(lock, resync)
