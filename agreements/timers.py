"""How timers reach agreements: a hundred at once, read and written together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from django.db.models import Q

from agreements.models.agreement import Agreement
from agreements.projecting import follow_calendar
from agreements.reading import Loaded, load
from agreements.term import Term
from casework.timers import LockedCases
from deadlines import clock
from deadlines.models import Deadline

if TYPE_CHECKING:
    from agreements.announcing import Announcement


class AgreementCases(LockedCases):
    """Agreements behind deadline rows; what the effects announce is issued last, for numbers are locked to the end."""

    together: ClassVar[int] = 100
    loaded: Loaded

    def __init__(self, ids: Sequence[int]) -> None:
        super().__init__(ids)
        self.announcements: list[Announcement] = []

    def institution_ids(self) -> set[int]:
        return set(Agreement.objects.filter(Q(pk__in=self.ids) | Q(main__in=self.ids)).values_list("institution_id", flat=True))

    def resync(self) -> None:
        # At the present moment, not at the row's: a timer that comes late must not see a later act's state as not yet there.
        self.loaded = load(self.ids)
        follow_calendar(self.loaded, clock.today())

    def of(self, row: Deadline) -> tuple[Agreement, Term]:
        """The agreement that a row is about, with its term."""
        agreement = self.loaded.rows[row.case_id]
        return agreement, self.loaded.term(agreement)

    def finish(self) -> None:
        from agreements.announcing import announce

        announce(self.announcements)
