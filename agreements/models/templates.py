"""The versioned template of the agreement and what institutions say about it (M10.3, M52)."""

from __future__ import annotations

from datetime import date

from django.db import models

from institutions.models import Institution

INSTITUTION_KINDS = [("hospital", "医疗机构"), ("pharmacy", "零售药店")]


class AgreementTemplate(models.Model):
    """The text an agreement is generated from: versioned, dated, put to the institutions for comment first (M10.3, M52)."""

    kind = models.CharField(max_length=10, choices=INSTITUTION_KINDS)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    articles = models.JSONField()  # [{heading, paragraphs}]
    comments_from = models.DateField()
    comments_to = models.DateField()
    in_force_from = models.DateField(null=True)

    class Meta:
        ordering = ["kind", "version"]
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="one_template_version")]

    def __str__(self) -> str:
        return f"{self.title}第{self.version}版"

    @classmethod
    def on(cls, kind: str, day: date) -> AgreementTemplate:
        """The version in force on a day. Raises DoesNotExist before the first."""
        return cls.objects.filter(kind=kind, in_force_from__lte=day).latest("in_force_from", "version")


class TemplateComment(models.Model):
    """What an institution says about a proposed template (M52)."""

    template = models.ForeignKey(AgreementTemplate, models.PROTECT, related_name="comments")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    text = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:40]
