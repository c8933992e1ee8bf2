"""The dispute register (M46, P42, I7, R11): correction demanded, mediation, reconsideration and lawsuit, with dates and outcome."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django_fsm import RETURN_VALUE, FSMField, transition

from agreements.models import Agreement
from casework.models import ActRecord, Case, CaseQuerySet, Fact
from casework.refusals import Impossible
from deadlines.loading import working_calendar
from deadlines.periods import days_after
from deadlines.sync import sync
from deadlines.wanted import State, WantedDeadline
from institutions.models import Institution
from institutions.placing import TAKEN_OVER, Placed

ANSWER_DAYS = 60
KINDS = [("correction", "要求纠正"), ("mediation", "请求协调处理"), ("reconsideration", "行政复议"), ("lawsuit", "行政诉讼")]
STATES = [("open", "办理中"), ("closed", "已办结"), ("annulled", "已更正")]
OUTCOMES = [("upheld", "维持"), ("annulled", "撤销"), ("answered", "已答复")]


class Dispute(Case, Placed):
    """One matter the institution raises against the agency, or one decision it attacks."""

    label: ClassVar[str] = "dispute"

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="disputes")
    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True, related_name="disputes")
    against = models.ForeignKey(ActRecord, models.PROTECT, null=True, related_name="+")  # the decision
    kind = models.CharField(max_length=15, choices=KINDS)
    number = models.CharField(max_length=40, unique=True)
    agency_breach = models.BooleanField(default=False)  # I7: the agency's own breach is claimed
    text = models.TextField(blank=True)
    opened_on = models.DateField()
    state = FSMField(default="open", choices=STATES)
    outcome = models.CharField(max_length=10, choices=OUTCOMES, blank=True)
    due_on = models.DateField(null=True)

    objects: ClassVar[Any] = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["state", "id"], name="dispute_state"),
            models.Index(fields=["district", "state", "id"], name="dispute_district"),
            models.Index(fields=["institution", "-id"], name="dispute_institution"),
            models.Index(fields=["due_on", "id"], condition=Q(state="open"), name="dispute_waiting"),
        ]
        triggers = [TAKEN_OVER]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def clause(self) -> str:
        """What the matter rests on."""
        return "I7" if self.agency_breach else ""

    def institution_ids(self) -> Iterable[int]:
        return [self.institution_id]

    def standing(self) -> list[DisputeFact]:
        """The facts that stand."""
        return [fact for fact in self.facts.all() if fact.voided_at is None]

    def derived(self, day: date) -> str:
        """Open until answered or decided; nothing where its opening was voided."""
        kinds = [fact.kind for fact in self.standing()]
        if "opened" not in kinds:
            if kinds:
                raise Impossible(kinds[0], "annulled")
            return "annulled"
        return "closed" if "closed" in kinds else "open"

    def wanted(self, day: date) -> list[WantedDeadline]:
        """The bureau answers within 60 days where the agency's own breach is claimed (I7)."""
        if self.kind != "mediation" or not self.agency_breach or self.derived(day) == "annulled":
            return []
        due = days_after(self.opened_on, ANSWER_DAYS, working_calendar(), "I7", "提出申请")
        closed = next((fact.on for fact in self.standing() if fact.kind == "closed"), None)
        state: State = "missed" if day > due.day else "open"
        if closed is not None and closed <= due.day:
            state = "met"
        return [WantedDeadline("mediation", "first", due, state, "duty", "I7", "city_bureau", self.opened_on)]

    def projected(self, day: date) -> tuple[str, str, date | None]:
        """State, outcome and last day to answer, as lists show them."""
        closed = next((fact for fact in self.standing() if fact.kind == "closed"), None)
        due = next((row.due.day for row in self.wanted(day) if row.due), None)
        return self.derived(day), closed.data.get("outcome", "") if closed else "", due

    def project(self, day: date) -> None:
        """Rewrite the stored state and the deadline rows."""
        derived, self.outcome, self.due_on = self.projected(day)
        if derived != self.state:
            self.close() if (self.state, derived) == ("open", "closed") else self.correct(derived)
        self.save()
        sync(self.label, self.pk, self.wanted(day), self.institution_id, self.institution.district_id or "")

    @transition(state, source="open", target="closed", custom={"title": "办结"})
    def close(self) -> None:
        """Answered or decided."""

    @transition(state, source="*", target=RETURN_VALUE(*dict(STATES)), custom={"title": "更正"})
    def correct(self, derived: str) -> str:
        """Follow the facts after a mistake was voided."""
        return derived


class DisputeFact(Fact):
    """A dated fact of a dispute: opened, closed."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="facts")

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["dispute", "id"], name="dispute_fact")]
