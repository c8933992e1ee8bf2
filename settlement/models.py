"""The time line of every institution that ever had an agreement, for settlement systems; rewritten only by acts (R7, R8)."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from institutions.models import Institution


class SettlementLine(models.Model):
    """One row per institution: all that the answer needs, to the end of the known future. No job ever changes it."""

    institution = models.OneToOneField(Institution, models.PROTECT, primary_key=True, related_name="settlement_line")
    data = models.JSONField(encoder=DjangoJSONEncoder)
    # The writing transaction: a reader of changes takes only those older than any still under way, so that none is missed.
    changed_in = models.BigIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["changed_in", "institution"], name="settlement_line_feed")]

    def __str__(self) -> str:
        return f"时间线 {self.institution_id}"


class Feed(models.Model):
    """One row: names the series of transactions that cursors count in; a restored database begins a new one."""

    token = models.UUIDField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="settlement_feed_one_row")]

    def __str__(self) -> str:
        return str(self.token)
