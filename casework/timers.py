"""How timers reach cases: through the same locks and the same bringing up to date as every act (R7)."""

from __future__ import annotations

from typing import Any, ClassVar

from casework import door, locks
from deadlines import clock, registry


class LockedCases(registry.Cases):
    """Cases of one model; each is brought up to date by itself."""

    model: ClassVar[Any]

    def lock(self) -> None:
        """Institutions, their people, the cases: in the door's order, whatever else locks them."""
        locks.take(self.institution_ids(), set())
        list(self.rows().order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))

    def rows(self) -> Any:
        return self.model._default_manager.filter(pk__in=self.ids)

    def institution_ids(self) -> set[int]:
        """Every institution that an act on one of the cases would lock."""
        return {pk for case in self.rows() for pk in case.institution_ids()}

    def resync(self) -> None:
        # At the present moment, not at the row's: a timer that comes late must not see a later act's state as not yet there.
        for case in self.rows().select_related("institution").order_by("pk"):
            if not door.catch_up(case):
                case.follow_calendar(clock.today())


def register(model: Any, handled: type[LockedCases] = LockedCases) -> None:
    """Let timers handle deadlines of this model's cases."""
    registry.cases[model.label] = type(f"{model.__name__}Cases", (handled,), {"model": model})
