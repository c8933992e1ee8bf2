"""Places allocated by the city bureau (M4)."""

from __future__ import annotations

from django.db import models

from agreements.models.templates import INSTITUTION_KINDS
from casework.models import ActRecord


class Allocation(models.Model):
    """Places the city bureau allocates for a kind and year, for a district or the whole city (M4)."""

    kind = models.CharField(max_length=10, choices=INSTITUTION_KINDS)
    year = models.PositiveIntegerField()
    district = models.ForeignKey("offices.District", models.PROTECT, null=True, blank=True)
    places = models.PositiveIntegerField()
    act = models.ForeignKey(ActRecord, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.year} {self.get_kind_display()} {self.places}"
