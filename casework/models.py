"""The log, the base of facts and cases, and proposals waiting for a second signature."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.timezone import localtime

from casework import remembering
from casework.facts import PlainFact
from offices.actors import Actor


class ActRecordQuerySet(models.QuerySet):
    """The log as an office may correct it: only what it did itself; what the system recorded is the city agency's (R16)."""

    def visible_to(self, actor: Actor) -> ActRecordQuerySet:
        if not actor.office_id:
            return self.none()
        own = models.Q(office_id=actor.office_id)
        return self.filter(own | models.Q(by_system=True)) if actor.role == "city_agency" else self.filter(own)


class ActRecord(models.Model):
    """One act done: who, when, what, before and after (M26). Append-only in the database."""

    word = models.CharField(max_length=60)
    title = models.CharField(max_length=80)
    case_label = models.CharField(max_length=40)
    case_id = models.BigIntegerField(null=True)
    institution_id = models.BigIntegerField(null=True)
    on = models.DateField()
    at = models.DateTimeField()
    role = models.CharField(max_length=20)
    office_id = models.BigIntegerField(null=True)
    office_name = models.CharField(max_length=120, blank=True)
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=80, blank=True)
    reviewer_id = models.BigIntegerField(null=True)
    reviewer_name = models.CharField(max_length=80, blank=True)
    by_system = models.BooleanField(default=False)
    before = models.CharField(max_length=30, blank=True)
    after = models.CharField(max_length=30, blank=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    request_id = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = ActRecordQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["case_label", "case_id", "id"], name="act_record_case"),
            models.Index(fields=["institution_id", "id"], name="act_record_institution"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.on} {self.title}"

    def institution_ids(self) -> Iterable[int]:
        """Institutions to lock when this record is corrected."""
        return [self.institution_id] if self.institution_id else []

    @property
    def who(self) -> str:
        """The name a log shows."""
        if self.by_system:
            return f"系统({self.user_name})" if self.user_name else "系统"
        return f"{self.office_name} {self.user_name}".strip()


class Fact(models.Model):
    """A dated fact or decision. Never deleted; a mistake is voided by an act with reason and second signature."""

    kind = models.CharField(max_length=40)
    on = models.DateField()
    at = models.DateTimeField()
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    act = models.ForeignKey(ActRecord, models.PROTECT, related_name="+")
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(ActRecord, models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True
        ordering = ["id"]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="facts_stand", fields=["kind", "on", "at", "data", "act"]),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        remembering.forget()

    def plain(self) -> PlainFact:
        """The fact for the pure rules; its moment in Asia/Shanghai, for the rules take the day of it."""
        return PlainFact(self.kind, self.on, self.data, self.pk, localtime(self.at), self.voided_at)


class CaseQuerySet(models.QuerySet):
    """Cases filtered by what an office may see: other districts' files do not exist (M3, R16)."""

    def visible_to(self, actor: Actor) -> CaseQuerySet:
        """City offices and the auditor see all; a district its own; an institution itself; the administrator none."""
        if actor.role in ("city_bureau", "city_agency", "auditor", "system"):
            return self
        if actor.role in ("district_bureau", "district_agency") and actor.district:
            return self.filter(district=actor.district)
        if actor.role == "institution" and actor.institution_id:
            own = models.Q(institution_id=actor.institution_id) | models.Q(institution__parent_id=actor.institution_id)
            return self.filter(own)
        return self.none()


class Case(models.Model):
    """Base of everything an act can be done to: a version for stale forms, an owner, a derived state."""

    version = models.PositiveIntegerField(default=0)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    label: ClassVar[str] = ""
    objects: ClassVar[Any] = CaseQuerySet.as_manager()

    class Meta:
        abstract = True

    def institution_ids(self) -> Iterable[int]:
        """Institutions to lock before an act."""
        raise LookupError(f"{type(self).__name__} names no institution")

    def derived(self, day: date) -> str:
        """The state on a day as it follows from the facts. Raises Impossible when facts have lost their ground."""
        raise LookupError(f"{type(self).__name__} derives no state")

    def catch_up(self, day: date) -> tuple[str, date] | None:
        """Bring the stored state up to the derived one (R7); title and day of the transition when one was made."""
        return None

    def project(self, day: date) -> None:
        """Save, with stored projections and deadline rows rewritten from the facts; called after every act."""
        self.save()

    def follow_calendar(self, day: date) -> None:
        """The same when only time has passed and no fact is new: what a timer does."""
        self.project(day)


class Proposal(models.Model):
    """An act prepared by its handler, waiting for the reviewer's signature (M29)."""

    OPEN, CONFIRMED, RETURNED, WITHDRAWN = "open", "confirmed", "returned", "withdrawn"

    word = models.CharField(max_length=60)
    case_label = models.CharField(max_length=40)
    case_id = models.BigIntegerField(null=True)
    institution_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    case_version = models.PositiveIntegerField(default=0)
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="+")
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    state = models.CharField(max_length=12, default=OPEN)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    remark = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["office", "state", "id"], name="proposal_office")]
        constraints = [
            models.UniqueConstraint(fields=["case_label", "case_id", "word"], condition=models.Q(state="open"), name="one_open_proposal")
        ]

    def __str__(self) -> str:
        return f"{self.word} {self.case_label} {self.case_id}"


class AttachmentQuerySet(models.QuerySet):
    """Files by what an office may see (M3, R16): what is not yet part of an act is its office's alone."""

    def visible_to(self, actor: Actor) -> AttachmentQuerySet:
        """City offices and the auditor see what acts took; a district that of its own; an institution its own and what is shared."""
        kept = models.Q(act__isnull=True, office_id=actor.office_id) if actor.office_id else models.Q(pk__in=[])
        taken = models.Q(act__isnull=False)
        if actor.whole_city:
            return self.filter(kept | taken)
        institutions = apps.get_model("institutions.Institution")._default_manager
        if actor.role in ("district_bureau", "district_agency") and actor.district:
            here = institutions.filter(district=actor.district).values("pk")
            return self.filter(kept | taken & models.Q(institution_id__in=here))
        if actor.role == "institution" and actor.institution_id:
            own = models.Q(institution_id=actor.institution_id) | models.Q(
                institution_id__in=institutions.filter(parent_id=actor.institution_id).values("pk")
            )
            return self.filter(kept | taken & own & (models.Q(shared=True) | models.Q(office_id=actor.office_id)))
        return self.filter(kept)


class Attachment(models.Model):
    """A file given with an act: kept for its office until the act is done, then part of its record for good (M26)."""

    institution_id = models.BigIntegerField()
    office_id = models.BigIntegerField(null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    kept_at = models.DateTimeField()
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to="attachments/%Y/%m/", max_length=200)
    content_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    act = models.ForeignKey(ActRecord, models.PROTECT, null=True, related_name="attachments")
    shared = models.BooleanField(default=False)  # open to the institution whoever gave it

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["institution_id", "id"], name="attachment_institution")]
        triggers = [
            pgtrigger.Protect(
                name="taken_stays", operation=pgtrigger.Update | pgtrigger.Delete, condition=pgtrigger.Q(old__act__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return self.name


class CaseCounter(models.Model):
    """The last number given to a kind of case in one place and year."""

    name = models.CharField(max_length=40)
    place = models.CharField(max_length=10, blank=True)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "place", "year"], name="one_case_counter")]

    def __str__(self) -> str:
        return f"{self.name} {self.place} {self.year}: {self.last}"
