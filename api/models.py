"""Tokens of programs that act for a person in one office; how often strangers have asked."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from deadlines import clock
from offices.models import Office


class Token(models.Model):
    """What a program signs in with: for one user in one office, of limited life; only a digest of it is kept.

    ``password_mark`` is derived from the password, so that a new password ends every token made with the old one.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens", verbose_name="用户")
    office = models.ForeignKey(Office, models.CASCADE, related_name="+", verbose_name="单位")
    name = models.CharField("名称", max_length=60, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    password_mark = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField("签发时间", default=clock.now, editable=False)
    expires_at = models.DateTimeField("有效至")
    revoked_at = models.DateTimeField("收回时间", null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "接口令牌"
        indexes = [models.Index(fields=["user", "-id"], name="token_user")]

    def __str__(self) -> str:
        return self.name or f"令牌 {self.pk}"


class Tally(models.Model):
    """How often one address has sent one kind of thing; ``key`` is a keyed digest of both, for whose address it was is nobody's business.

    Not business time: ``until`` is the server's clock, as ``api.tallies`` reads it in the database.
    """

    key = models.CharField(max_length=64, primary_key=True, editable=False)
    count = models.PositiveIntegerField("次数")
    until = models.DateTimeField("计至", db_index=True)

    class Meta:
        verbose_name = "提交次数"

    def __str__(self) -> str:
        return f"{self.count}"
