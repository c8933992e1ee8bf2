"""Evaluations with their team, rubric and findings, and public notices (M9)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_fsm import RETURN_VALUE, FSMField, transition

from applications.models import Application
from casework.models import Case, CaseQuerySet
from offices.actors import Actor

SPECIALTIES = [("insurance", "医疗保障"), ("medicine", "医药卫生"), ("finance", "财务管理"), ("it", "信息技术")]


class Rubric(models.Model):
    """Evaluation rubric: items, weights, mandatory items; versioned, a past evaluation keeps the version it used (M9.3, M9.9)."""

    kind = models.CharField(max_length=10, choices=[("hospital", "医疗机构"), ("pharmacy", "零售药店")])
    version = models.PositiveIntegerField()
    from_on = models.DateField()
    items = models.JSONField()  # [{code, title, clause, weight, mandatory, specialty}]
    remark = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["kind", "version"]
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="one_rubric_version")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}评估细则第{self.version}版"

    @classmethod
    def on(cls, kind: str, day: date) -> Rubric:
        """The version in force on a day. Raises DoesNotExist before the first."""
        return cls.objects.filter(kind=kind, from_on__lte=day).latest("from_on", "version")


class EvaluationQuerySet(CaseQuerySet):
    def visible_to(self, actor: Actor) -> EvaluationQuerySet:
        """Whoever sees the application sees its evaluations, a third party only those it is commissioned with (R16)."""
        if actor.role == "third_party":
            return self.filter(commissioned_to_id=actor.office_id)
        return self.filter(application__in=Application.objects.visible_to(actor))


class Evaluation(Case):
    """One round of evaluation: the first, or the re-evaluation (M9.7)."""

    label: ClassVar[str] = "evaluation"
    STATES = [("under_way", "评估中"), ("waiting", "等待补充材料"), ("passed", "合格"), ("failed", "不合格"), ("ended", "已终止")]

    application = models.ForeignKey(Application, models.PROTECT, related_name="evaluations")
    round = models.PositiveSmallIntegerField()
    rubric = models.ForeignKey(Rubric, models.PROTECT)
    commissioned_to = models.ForeignKey("offices.Office", models.PROTECT, null=True, related_name="+")
    mode = models.CharField(max_length=10, choices=[("written", "书面"), ("on_site", "现场")], default="on_site")
    started_on = models.DateField()
    state = FSMField(default="under_way", choices=STATES)

    objects: ClassVar[Any] = EvaluationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["application", "round"], name="one_evaluation_round")]

    def __str__(self) -> str:
        return f"第{self.round}次评估"

    def institution_ids(self) -> Iterable[int]:
        return [self.application.institution_id]

    @transition(state, source="under_way", target="waiting", custom={"title": "要求补充材料"})
    def pause(self) -> None:
        """An evidence request has been served: the clock stands still (M9.2)."""

    @transition(state, source="waiting", target="under_way", custom={"title": "补充材料到齐"})
    def resume(self) -> None:
        """Everything asked for is in."""

    @transition(state, source="under_way", target="passed", custom={"title": "合格"})
    def passes(self) -> None:
        """Result: pass (M9.4)."""

    @transition(state, source="under_way", target="failed", custom={"title": "不合格"})
    def fails(self) -> None:
        """Result: fail (M9.4)."""

    @transition(state, source=["under_way", "waiting"], target="ended", custom={"title": "申请结束"})
    def end(self) -> None:
        """The application ended before a result."""

    @transition(state, source="*", target=RETURN_VALUE("under_way", "waiting", "passed", "failed", "ended"), custom={"title": "更正"})
    def realign(self, derived: str) -> str:
        """Follow the road after something was voided by a correction."""
        return derived


class TeamMember(models.Model):
    """A member of the team with specialty and no-conflict statement (M9.1)."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="members")
    name = models.CharField(max_length=80)
    specialty = models.CharField(max_length=12, choices=SPECIALTIES)
    unit = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name}({self.get_specialty_display()})"


class Finding(models.Model):
    """The finding for one rubric item, with its evidence; a later one replaces an earlier one, which stays (M9.3)."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="findings")
    item = models.CharField(max_length=20)
    met = models.BooleanField()
    mode = models.CharField(max_length=10, choices=[("written", "书面"), ("on_site", "现场")], default="on_site")
    evidence = models.TextField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "item"], condition=Q(replaced_at__isnull=True), name="one_finding_an_item")
        ]

    def __str__(self) -> str:
        return f"{self.item}: {'符合' if self.met else '不符合'}"


class Notice(models.Model):
    """A public notice of institutions to be signed: one list, one period (M9.5, R12)."""

    STATES = [("open", "公示中"), ("over", "公示期满")]

    opened_on = models.DateField()
    last_day = models.DateField()
    days = models.PositiveSmallIntegerField()
    state = FSMField(default="open", choices=STATES)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "last_day"], name="notice_state")]

    def __str__(self) -> str:
        return f"{self.opened_on}公示"

    @transition(state, source="open", target="over", custom={"title": "公示期满"})
    def finish(self) -> None:
        """The last day has passed."""

    @transition(state, source="over", target="open", custom={"title": "更正"})
    def reopen(self) -> None:
        """The calendar was overruled and the period lasts longer."""


class NoticeEntry(models.Model):
    """One institution on a public notice."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="entries")
    application = models.ForeignKey(Application, models.PROTECT, related_name="notice_entries")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["notice", "application"], name="once_on_a_notice")]

    def __str__(self) -> str:
        return f"{self.notice} {self.application}"


class Objection(models.Model):
    """Who objected and what for; the road knows it by its fact. The objector's name is not public (M35)."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="objections")
    fact_id = models.BigIntegerField(unique=True)
    text = models.TextField()
    objector = models.CharField(max_length=120, blank=True)
    contact = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()
    outcome = models.TextField(blank=True)
    upheld = models.BooleanField(null=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:40]
