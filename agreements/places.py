"""Places the city bureau has allocated, and how many are used (M4, P4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from agreements.models import Agreement, Allocation
from institutions.models import Institution


@dataclass(frozen=True)
class Places:
    """Allocated, used and left for a kind in a year, for the district where it has a row of its own, else the city."""

    allocated: int
    used: int

    @property
    def left(self) -> int:
        return self.allocated - self.used


def places_for(institution: Institution, day: date) -> Places | None:
    """The places that count for an institution's signing; None where nothing is allocated."""
    rows = Allocation.objects.filter(kind=institution.kind, year=day.year)
    own = rows.filter(district_id=institution.district_id).first()
    row = own or rows.filter(district__isnull=True).first()
    if row is None:
        return None
    living = Agreement.objects.filter(Q(ended_on__gte=day), annulled=False, institution__kind=institution.kind).exclude(
        kind="supplementary"
    )
    if row.district_id:
        living = living.filter(institution__district_id=row.district_id)
    return Places(row.places, living.values("institution_id").distinct().count())
