"""Agreements, their facts, the versioned template, places allocated (M10, M5.2, M52, M4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django_fsm import RETURN_VALUE, FSMField, transition

from agreements import term as rules
from agreements.term import Term
from applications.models import Application
from casework.models import ActRecord, Case, CaseQuerySet, Fact
from deadlines.loading import working_calendar
from institutions.models import DaysOf, Institution

KINDS = [("annual", "年度协议"), ("fixed", "固定协议"), ("supplementary", "补充协议")]
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


class AgreementQuerySet(CaseQuerySet):
    def in_force_on(self, day: date) -> AgreementQuerySet:
        """In force or suspended on a day, by dates alone: what the public list shows (M11, R6, R7)."""
        return self.filter(first_day__lte=day, ended_on__gte=day, annulled=False)


class Agreement(Case):
    """One signed agreement; first and last day belong to its term. ``ended_on`` projects the fold for lists and constraints."""

    label: ClassVar[str] = "agreement"

    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="agreements")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="agreements")
    main = models.ForeignKey("self", models.PROTECT, null=True, related_name="supplements")
    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=15, choices=KINDS, default="annual")
    template = models.ForeignKey(AgreementTemplate, models.PROTECT, null=True)
    first_day = models.DateField()
    last_day = models.DateField()
    ended_on = models.DateField()
    annulled = models.BooleanField(default=False)
    state = FSMField(default="pending", choices=list(rules.STATES.items()))

    objects: ClassVar[Any] = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["institution", "-first_day"], name="agreement_institution"),
            models.Index(fields=["ended_on", "id"], name="agreement_end"),
            models.Index(fields=["state", "id"], name="agreement_state"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="agreement_ends_after_it_begins"),
            # One taken over by mistake is voided and taken over again under the number on its paper.
            models.UniqueConstraint(fields=["number"], condition=Q(annulled=False), name="one_agreement_number"),
            ExclusionConstraint(
                name="one_agreement_at_a_time",
                expressions=[
                    ("institution", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (DaysOf("first_day", "ended_on"), RangeOperators.OVERLAPS),
                ],
                condition=Q(annulled=False, ended_on__gte=F("first_day")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def institution_ids(self) -> Iterable[int]:
        return [self.institution_id]

    def term(self) -> Term:
        """The fold of the facts that stand; a supplementary agreement ends with its main one (M5.2)."""
        facts = [fact.plain() for fact in self.facts.all() if fact.voided_at is None]
        return rules.read(facts, self.main.term() if self.main else None)

    def derived(self, day: date) -> str:
        """The state on a day by the facts alone (R7)."""
        return self.term().state(day)

    def catch_up(self, day: date) -> tuple[str, date] | None:
        """Pending becomes active, active becomes expired by the calendar alone (M41.3)."""
        term = self.term()
        derived = term.state(day)
        if derived == self.state:
            return None
        if derived == "active" and self.state == "pending":
            self.begin()
            return "协议生效", self.first_day
        if derived == "expired" and self.state in ("pending", "active"):
            self.expire()
            return "协议到期终止", date.fromordinal(term.ended_on.toordinal() + 1)
        self.correct(derived)
        return "状态校正", day

    def project(self, day: date) -> None:
        """Rewrite projections and deadline rows; the stored state must be the derived one."""
        from agreements.deadlines import wanted
        from deadlines.sync import sync

        term = self.term()
        self.annulled = term.annulled
        if not term.annulled:
            self.ended_on = term.ended_on
        derived = term.state(day)
        if derived != self.state:
            raise AssertionError(f"agreement {self.pk}: stored {self.state}, derived {derived}")
        self.save()
        rows = wanted(self, term, working_calendar(), day)
        sync(self.label, self.pk, rows, self.institution_id, self.institution.district_id or "")

    @transition(state, source="pending", target="active", custom={"title": "生效"})
    def begin(self) -> None:
        """The first day of the term."""

    @transition(state, source=["pending", "active", "suspended"], target="expired", custom={"title": "到期终止"})
    def expire(self) -> None:
        """The day after the last day (M41.3)."""

    @transition(state, source="*", target=RETURN_VALUE(*rules.STATES), custom={"title": "更正"})
    def correct(self, derived: str) -> str:
        """Follow the facts after a mistake was voided."""
        return derived


class AgreementFact(Fact):
    """A dated fact of an agreement's life."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="facts")

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["agreement", "id"], name="agreement_fact")]


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
