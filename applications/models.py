"""Applications with their facts and materials, and what the city bureau may configure about them (M5–M8, M6.6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, cast

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django_fsm import RETURN_VALUE, FSMField, transition

from applications import road as rules
from applications.road import Road
from casework.models import Case, CaseQuerySet, Fact
from casework.remembering import once
from deadlines.models import Deadline
from institutions.models import Institution
from institutions.placing import TAKEN_OVER, Placed
from offices.actors import Actor


class ApplicationQuerySet(CaseQuerySet):
    def visible_to(self, actor: Actor) -> ApplicationQuerySet:
        """A third party sees the applications it is or was commissioned to evaluate (R16), nothing else."""
        if actor.role == "third_party":
            commissioned = Application._default_manager.filter(evaluations__commissioned_to_id=actor.office_id)
            return self.filter(pk__in=commissioned.values("pk"))
        return cast("ApplicationQuerySet", super().visible_to(actor))


class Application(Case, Placed):
    """One application of one institution for designation (M7). The stored state is a projection of its facts (R7)."""

    label: ClassVar[str] = "application"

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="applications")
    number = models.CharField(max_length=40, unique=True, null=True)
    state = FSMField(default="draft", choices=list(rules.STATES.items()))
    started_on = models.DateField()
    attest = models.JSONField(default=dict, blank=True)  # the draft's own statements: clause → true or false
    # Projections for lists, rewritten after every act from the facts; never read for an answer.
    filed_on = models.DateField(null=True)
    accepted_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    paused_since = models.DateField(null=True)
    waits_for = models.CharField(max_length=20, blank=True)

    objects: ClassVar[Any] = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["waits_for", "due_on", "id"], name="application_desk"),
            models.Index(fields=["state", "id"], name="application_state"),
            models.Index(fields=["institution", "-id"], name="application_institution"),
            # The cuts of the list of all applications (pages.desk.matters): with a due day, without one, paused.
            models.Index(fields=["due_on", "id"], condition=Q(due_on__isnull=False, paused_since__isnull=True), name="application_due"),
            models.Index(
                fields=["state", "due_on", "id"], condition=Q(due_on__isnull=False, paused_since__isnull=True), name="application_state_due"
            ),
            models.Index(fields=["state", "id"], condition=Q(due_on__isnull=True, paused_since__isnull=True), name="application_undated"),
            models.Index(fields=["paused_since", "id"], condition=Q(paused_since__isnull=False), name="application_paused"),
            GinIndex(OpClass(F("number"), name="gin_trgm_ops"), name="application_number_trigram"),
            # The same of one district; and what the overview counts, from the index alone.
            models.Index(fields=["district", "waits_for", "due_on", "id"], name="application_district_desk"),
            models.Index(fields=["district", "state", "due_on", "id"], name="application_district_state"),
            models.Index(
                fields=["district", "due_on", "id"],
                condition=Q(due_on__isnull=False, paused_since__isnull=True),
                name="application_district_due",
            ),
            models.Index(
                fields=["district", "id"], condition=Q(due_on__isnull=True, paused_since__isnull=True), name="application_district_undated"
            ),
            models.Index(
                fields=["district", "paused_since", "id"], condition=Q(paused_since__isnull=False), name="application_district_paused"
            ),
            models.Index(
                fields=["institution_kind", "state", "district"], include=["due_on", "paused_since", "waits_for"], name="application_cell"
            ),
        ]
        triggers = [TAKEN_OVER]
        constraints = [
            models.UniqueConstraint(
                fields=["institution"],
                condition=Q(
                    state__in=[
                        "draft",
                        "submitted",
                        "supplementing",
                        "accepted",
                        "evaluating",
                        "passed",
                        "rectifying",
                        "public_notice",
                        "negotiating",
                    ]
                ),
                name="one_open_application",
            )
        ]

    def __str__(self) -> str:
        return self.number or f"申请草稿 {self.pk}"

    def institution_ids(self) -> Iterable[int]:
        return [self.institution_id]

    def road(self) -> Road:
        """The fold of the facts that stand, with the failures of earlier applications (R3)."""
        from applications.failures import road_of

        return once(("road", self.pk), lambda: road_of(self))

    def derived(self, day: date) -> str:
        """The state on a day by the facts alone (R7)."""
        return self.road().state(day)

    def catch_up(self, day: date) -> tuple[str, date] | None:
        """What the calendar alone has changed: the notice is over, or a service by announcement is complete."""
        road = self.road()
        derived = road.state(day)
        if derived == self.state:
            return None
        if derived == "negotiating":
            self.begin_negotiation()
            return "公示期满", road.notice_last_day or day
        if derived == "rectifying":
            self.begin_rectification()
            served = road.round.served_on if road.round else None
            return "送达期满", served or day
        self.correct(derived)
        return "状态校正", day

    def project(self, day: date) -> None:
        """Rewrite projections and deadline rows; the stored state must be the derived one."""
        from applications.deadlines import waits_for, wanted
        from deadlines.sync import sync

        road = self.road()
        derived = road.state(day)
        if derived != self.state:
            raise AssertionError(f"application {self.pk}: stored {self.state}, derived {derived}")
        rows = wanted(self, road, day)
        self.filed_on, self.accepted_on = road.filed_on, road.accepted_on
        self.waits_for, self.due_on, self.paused_since = waits_for(road, rows, day)
        self.save()
        sync(self.label, self.pk, rows, self.institution_id, self.institution.district_id or "")

    def deadlines(self) -> models.QuerySet[Deadline]:
        """The deadline rows of this application."""
        return Deadline.announced.filter(case_label=self.label, case_id=self.pk)

    # Named transitions: sources come from the road's table, so that pages, API and tests share them.

    @transition(state, source=rules.sources_of("filed"), target="submitted", custom={"title": "提交"})
    def submit(self) -> None:
        """Filed by the institution (M7)."""

    @transition(state, source=rules.sources_of("supplement_requested"), target="supplementing", custom={"title": "一次性告知补正"})
    def ask_supplement(self) -> None:
        """One notice naming everything missing (M8.2)."""

    @transition(state, source=rules.sources_of("supplied"), target="submitted", custom={"title": "补正到齐"})
    def complete_supplement(self) -> None:
        """The last missing item has arrived (R3)."""

    @transition(state, source=rules.sources_of("accepted"), target="accepted", custom={"title": "受理"})
    def accept(self) -> None:
        """Accepted, dated by arrival (M8.1)."""

    @transition(state, source=rules.sources_of("refused"), target="refused", custom={"title": "不予受理"})
    def refuse(self) -> None:
        """Refused by document (M12, R15); after acceptance only for a bar (R3)."""

    @transition(state, source=rules.sources_of("withdrawn"), target="withdrawn", custom={"title": "撤回"})
    def withdraw(self) -> None:
        """Withdrawn by the institution."""

    @transition(state, source=rules.sources_of("closed"), target="closed", custom={"title": "结束办理"})
    def close(self) -> None:
        """Closed by the agency with a reason, or by an upheld objection (R12)."""

    @transition(state, source=rules.sources_of("team_formed"), target="evaluating", custom={"title": "组成评估小组"})
    def begin_evaluation(self) -> None:
        """The team is formed (M9.1)."""

    @transition(state, source=rules.sources_of("result_recorded"), target="passed", custom={"title": "评估合格"})
    def passes(self) -> None:
        """Result: pass (M9.4)."""

    @transition(state, source=rules.sources_of("result_recorded"), target="failed", custom={"title": "评估不合格"})
    def fails(self) -> None:
        """Result: fail (M9.6)."""

    @transition(state, source="failed", target="rectifying", custom={"title": "进入整改"})
    def begin_rectification(self) -> None:
        """The first failed result has been served (M9.7)."""

    @transition(state, source=rules.sources_of("notice_opened"), target="public_notice", custom={"title": "公示"})
    def publish(self) -> None:
        """Shown to the public (M9.5)."""

    @transition(state, source="public_notice", target="negotiating", custom={"title": "公示期满"})
    def begin_negotiation(self) -> None:
        """The notice is over and no objection open (R12)."""

    @transition(state, source=rules.sources_of("signed"), target="signed", custom={"title": "签约"})
    def sign(self) -> None:
        """Agreement signed (M10.1)."""

    @transition(state, source=rules.sources_of("declined"), target="declined", custom={"title": "不予签约"})
    def decline(self) -> None:
        """Either party declined (M10.1)."""

    @transition(state, source="*", target=RETURN_VALUE(*rules.STATES), custom={"title": "更正"})
    def correct(self, derived: str) -> str:
        """Follow the facts after a mistake was voided: the only way back."""
        return derived


class ApplicationFact(Fact):
    """A dated fact on an application's road."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="facts")

    class Meta(Fact.Meta):
        indexes = [
            models.Index(fields=["application", "id"], name="application_fact"),
            models.Index(
                fields=["-on", "application"], condition=Q(kind="result_recorded", voided_at__isnull=True), name="application_fact_result"
            ),
        ]


class MaterialSlot(models.Model):
    """A listed material (M7, P6), from a day on; the city bureau may add, rename and end slots."""

    kind = models.CharField(max_length=10, choices=[("hospital", "医疗机构"), ("pharmacy", "零售药店")])
    slot = models.CharField(max_length=20)  # M7(1)
    title = models.CharField(max_length=120)
    parts = models.JSONField(default=list, blank=True)  # titles of sub-slots: internal rules that must each be on file (M6.4)
    hint = models.CharField(max_length=300, blank=True)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "id"]
        constraints = [models.UniqueConstraint(fields=["kind", "slot", "from_on"], name="one_slot_a_day")]

    def __str__(self) -> str:
        return f"{self.slot} {self.title}"


class ConditionRule(models.Model):
    """A further condition set at city level or above (M6.6, P5.7): dated, attested by the applicant, checked like the others."""

    kind = models.CharField(max_length=10, choices=[("hospital", "医疗机构"), ("pharmacy", "零售药店")])
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "id"]

    def __str__(self) -> str:
        return self.title


class Material(models.Model):
    """One uploaded file for one item (slot, or slot and part). A later upload replaces, never deletes."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="materials")
    item = models.CharField(max_length=30)  # M7(1), or M7(3).2 for the second part
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to="materials/%Y/%m/", max_length=200)
    content_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["item", "id"]
        indexes = [models.Index(fields=["application", "item"], name="material_item")]

    def __str__(self) -> str:
        return f"{self.item} {self.name}"
