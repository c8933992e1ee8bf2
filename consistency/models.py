"""What the nightly check has found (R7): one row for each run, one for each contradiction."""

from __future__ import annotations

from django.db import models


class Run(models.Model):
    """One check of everything; ``ended_at`` stays empty while it runs or when it broke off."""

    on = models.DateField("检查日")
    started_at = models.DateTimeField("开始")
    ended_at = models.DateTimeField("结束", null=True)
    looked = models.PositiveIntegerField("机构数", default=0)
    found = models.PositiveIntegerField("矛盾数", default=0)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.on}: {self.found}"


class Found(models.Model):
    """One contradiction: which check, which case, what contradicts what."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="rows")
    check_name = models.CharField("检查", max_length=40)
    case_label = models.CharField(max_length=40, blank=True)
    case_id = models.BigIntegerField(null=True)
    institution_id = models.BigIntegerField(null=True)
    sentence = models.CharField("说明", max_length=500)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["run", "id"], name="consistency_found_run")]

    def __str__(self) -> str:
        return self.sentence
