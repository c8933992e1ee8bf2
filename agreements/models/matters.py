"""Stored states of what is under way beside an agreement: for lists and desks. Every answer comes from the fold (R7)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django_fsm import RETURN_VALUE, FSMField, transition

from agreements.grounds import own_ground
from agreements.models.agreement import Agreement
from casework.models import Case
from deadlines.rows import update
from institutions.models import Institution
from institutions.placing import TAKEN_OVER, Placed

if TYPE_CHECKING:
    from agreements.term import Term


class Matter(Case, Placed):
    """Base: one row per fact that opened something; its state follows the agreement's facts."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="%(class)ss")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    opened_by = models.BigIntegerField(unique=True)  # the fact
    opened_on = models.DateField()
    state = ""
    STATES: ClassVar[list[tuple[str, str]]] = []
    FILLED: ClassVar[list[str]] = []
    """What ``fill`` keeps beside the day and the state."""

    class Meta:
        abstract = True
        ordering = ["id"]
        triggers = [TAKEN_OVER]

    def institution_ids(self) -> Iterable[int]:
        return [self.institution_id]

    def derived(self, day: date) -> str:
        """The state on a day by the agreement's facts alone."""
        term = self.agreement.term()
        return next((self.state_on(each, term, day) for each in self.pure(term) if each.id == self.opened_by), "annulled")

    @classmethod
    def pure(cls, term: Term) -> list[Any]:
        """The pure rows of this kind, each under the id of the fact that opened it."""
        raise LookupError(f"{cls.__name__} is of no fact of a term")

    @staticmethod
    def state_on(each: Any, term: Term, day: date) -> str:
        """State of one pure row on a day."""
        return str(each.state(day, term.ended_on))

    def fill(self, each: Any) -> None:
        """Keep what lists show."""
        self.opened_on = each.on

    def follow(self, derived: str) -> None:
        """Move to the derived state by the named transition that leads there, else by correction."""
        for each in self.get_available_state_transitions():  # type: ignore[attr-defined]
            if each.target == derived:
                getattr(self, each.name)()
                return
        self.correct(derived)  # type: ignore[attr-defined]

    @classmethod
    def sync(cls, agreements: Iterable[tuple[Agreement, Term]], day: date) -> None:
        """Bring the rows of agreements to what their facts say; called with the institutions locked."""
        terms = list(agreements)
        stored: dict[int, dict[int, Any]] = {agreement.pk: {} for agreement, _ in terms}
        for row in cls._default_manager.filter(agreement__in=stored):
            stored[row.agreement_id][row.opened_by] = row
        created, changed = [], []
        for agreement, term in terms:
            pure = {each.id: each for each in cls.pure(term)}
            for fact in {**stored[agreement.pk], **pure}:
                row = stored[agreement.pk].get(fact) or cls(opened_by=fact)
                row.agreement, row.institution = agreement, agreement.institution
                before = (row.opened_on, row.state)
                derived = "annulled"
                if fact in pure:
                    row.fill(pure[fact])
                    derived = cls.state_on(pure[fact], term, day)
                if row.state != derived:
                    row.follow(derived)
                if row.pk is None:
                    created.append(row)
                elif (row.opened_on, row.state) != before:
                    changed.append(row)
        cls._default_manager.bulk_create(created)
        update(cls, changed, ["opened_on", "state", *cls.FILLED])


class Suspension(Matter):
    """A suspension, imposed or asked for (M42)."""

    label: ClassVar[str] = "suspension"
    FILLED: ClassVar = ["imposed"]
    STATES: ClassVar = [
        ("requested", "待决定"),
        ("withdrawn", "已撤回"),
        ("refused", "不同意"),
        ("coming", "待开始"),
        ("running", "中止中"),
        ("over", "已结束"),
        ("annulled", "已更正"),
    ]
    imposed = models.BooleanField(default=False)
    state = FSMField(default="requested", choices=STATES)

    class Meta(Matter.Meta):
        indexes = [
            models.Index(fields=["state", "id"], name="suspension_state"),
            models.Index(fields=["district", "state", "id"], name="suspension_district"),
            models.Index(fields=["agreement"], name="suspension_of"),
        ]

    def __str__(self) -> str:
        return f"中止 {self.opened_on}"

    @classmethod
    def pure(cls, term: Term) -> list[Any]:
        return list(term.suspensions)

    @staticmethod
    def state_on(each: Any, term: Term, day: date) -> str:
        return str(each.state(day, term.reach(each.id)))

    def fill(self, each: Any) -> None:
        self.opened_on, self.imposed = each.requested_on or each.decided_on, each.imposed

    @transition(state, source="requested", target="withdrawn", custom={"title": "撤回申请"})
    def withdraw(self) -> None:
        """The institution took it back before it was decided (M44.1)."""

    @transition(state, source="requested", target="refused", custom={"title": "不同意中止"})
    def refuse(self) -> None:
        """The request was not granted (M42.4)."""

    @transition(state, source="requested", target="coming", custom={"title": "决定中止"})
    def decide(self) -> None:
        """Granted or imposed for days to come."""

    @transition(state, source=["requested", "coming"], target="running", custom={"title": "中止开始"})
    def begin(self) -> None:
        """Its first day (M42.1)."""

    @transition(state, source=["requested", "coming", "running"], target="over", custom={"title": "中止结束"})
    def finish(self) -> None:
        """Its last day is over, it was resumed, or the agreement has ended (M42.2)."""

    @transition(state, source="*", target=RETURN_VALUE(*dict(STATES)), custom={"title": "更正"})
    def correct(self, derived: str) -> str:
        """Follow the facts after a mistake was voided."""
        return derived


class TerminationCase(Matter):
    """A case in which a termination must be decided (M43)."""

    label: ClassVar[str] = "termination_case"
    FILLED: ClassVar = ["ground"]
    STATES: ClassVar = [("coming", "待立案"), ("open", "待决定"), ("closed", "已结案"), ("annulled", "已更正")]
    ground = models.CharField(max_length=20, blank=True)
    state = FSMField(default="coming", choices=STATES)

    class Meta(Matter.Meta):
        indexes = [
            models.Index(fields=["state", "id"], name="termination_case_state"),
            models.Index(fields=["district", "state", "id"], name="termination_case_district"),
            models.Index(fields=["agreement"], name="termination_case_of"),
        ]

    def __str__(self) -> str:
        return f"解除立案 {self.ground} {self.opened_on}"

    @classmethod
    def pure(cls, term: Term) -> list[Any]:
        return list(term.cases)

    @staticmethod
    def state_on(each: Any, term: Term, day: date) -> str:
        return str(each.state(day))

    def fill(self, each: Any) -> None:
        self.opened_on, self.ground = each.opened_on, own_ground(each.ground, self.institution.kind)

    @transition(state, source="coming", target="open", custom={"title": "立案"})
    def open(self) -> None:
        """The ground has come up (M43(1), M43(10))."""

    @transition(state, source=["coming", "open"], target="closed", custom={"title": "结案"})
    def close(self) -> None:
        """Decided, or the agreement has ended."""

    @transition(state, source="*", target=RETURN_VALUE(*dict(STATES)), custom={"title": "更正"})
    def correct(self, derived: str) -> str:
        """Follow the facts after a mistake was voided."""
        return derived


class TerminationRequest(Matter):
    """The institution asks to leave (M44.1)."""

    label: ClassVar[str] = "termination_request"
    STATES: ClassVar = [
        ("requested", "待决定"),
        ("withdrawn", "已撤回"),
        ("granted", "已同意"),
        ("refused", "不同意"),
        ("over", "未办结"),
        ("annulled", "已更正"),
    ]
    state = FSMField(default="requested", choices=STATES)

    class Meta(Matter.Meta):
        indexes = [
            models.Index(fields=["state", "id"], name="termination_request_state"),
            models.Index(fields=["district", "state", "id"], name="termination_request_district"),
            models.Index(fields=["agreement"], name="termination_request_of"),
        ]

    def __str__(self) -> str:
        return f"申请解除 {self.opened_on}"

    @classmethod
    def pure(cls, term: Term) -> list[Any]:
        return list(term.requests)

    @staticmethod
    def state_on(each: Any, term: Term, day: date) -> str:
        return str(each.state(day, term.reach(each.id)))

    @transition(state, source="requested", target="withdrawn", custom={"title": "撤回申请"})
    def withdraw(self) -> None:
        """The institution took it back before it was decided (M44.1)."""

    @transition(state, source="requested", target="granted", custom={"title": "同意解除"})
    def grant(self) -> None:
        """The city agency agrees (M43(12))."""

    @transition(state, source="requested", target="refused", custom={"title": "不同意解除"})
    def refuse(self) -> None:
        """The city agency does not agree (M44.2)."""

    @transition(state, source="requested", target="over", custom={"title": "协议已终止"})
    def lapse(self) -> None:
        """The agreement ended first."""

    @transition(state, source="*", target=RETURN_VALUE(*dict(STATES)), custom={"title": "更正"})
    def correct(self, derived: str) -> str:
        """Follow the facts after a mistake was voided."""
        return derived


class Renewal(Matter):
    """What the institution asked about the time after the term (M41, M44.1)."""

    label: ClassVar[str] = "renewal"
    FILLED: ClassVar = ["last_day"]
    STATES: ClassVar = [
        ("requested", "待决定"),
        ("withdrawn", "已撤回"),
        ("agreed", "已续签"),
        ("declined", "不续签"),
        ("over", "未办结"),
        ("annulled", "已更正"),
    ]
    state = FSMField(default="requested", choices=STATES)
    last_day = models.DateField()  # of the term it is about: what the list of what to do is sorted by

    class Meta(Matter.Meta):
        indexes = [
            models.Index(fields=["state", "id"], name="renewal_state"),
            models.Index(fields=["district", "state", "id"], name="renewal_district"),
            models.Index(fields=["agreement"], name="renewal_of"),
            models.Index(fields=["last_day", "id"], condition=Q(state="requested"), name="renewal_waiting"),
        ]

    def __str__(self) -> str:
        return f"续签 {self.opened_on}"

    def fill(self, each: Any) -> None:
        super().fill(each)
        self.last_day = self.agreement.last_day

    @classmethod
    def pure(cls, term: Term) -> list[Any]:
        return list(term.renewals)

    @transition(state, source="requested", target="withdrawn", custom={"title": "撤回申请"})
    def withdraw(self) -> None:
        """The institution took it back before it was decided (M41.1, M44.1)."""

    @transition(state, source="requested", target="agreed", custom={"title": "同意续签"})
    def agree(self) -> None:
        """A new agreement was made (M41.2)."""

    @transition(state, source="requested", target="declined", custom={"title": "不予续签"})
    def decline(self) -> None:
        """No agreement was reached, or none was wanted (M41.3)."""

    @transition(state, source="requested", target="over", custom={"title": "逾期未办结"})
    def lapse(self) -> None:
        """The term ended first (M41.3)."""

    @transition(state, source="*", target=RETURN_VALUE(*dict(STATES)), custom={"title": "更正"})
    def correct(self, derived: str) -> str:
        """Follow the facts after a mistake was voided."""
        return derived


class Change(Matter):
    """A change of the institution's data under its agreement (M40)."""

    label: ClassVar[str] = "change"
    FILLED: ClassVar = ["field", "major"]
    STATES: ClassVar = [
        ("reported", "待核准"),
        ("approved", "已核准"),
        ("refused", "不予核准"),
        ("withdrawn", "已撤回"),
        ("annulled", "已更正"),
    ]
    field = models.CharField(max_length=40, blank=True)
    major = models.BooleanField(default=True)
    state = FSMField(default="reported", choices=STATES)

    class Meta(Matter.Meta):
        indexes = [
            models.Index(fields=["state", "id"], name="change_state"),
            models.Index(fields=["district", "state", "id"], name="change_district"),
            models.Index(fields=["district", "id"], condition=Q(state="reported", major=False), name="change_waiting"),
            models.Index(fields=["agreement"], name="change_of"),
        ]

    def __str__(self) -> str:
        return f"变更 {self.field} {self.opened_on}"

    @classmethod
    def pure(cls, term: Term) -> list[Any]:
        return list(term.changes)

    @staticmethod
    def state_on(each: Any, term: Term, day: date) -> str:
        return str(each.state)

    def fill(self, each: Any) -> None:
        self.opened_on, self.field, self.major = each.on, each.field, each.major

    @transition(state, source="reported", target="approved", custom={"title": "核准变更"})
    def approve(self) -> None:
        """Made (M40)."""

    @transition(state, source="reported", target="withdrawn", custom={"title": "撤回申报"})
    def withdraw(self) -> None:
        """The institution took it back before it was decided (M40.1)."""

    @transition(state, source="reported", target="refused", custom={"title": "不予核准"})
    def refuse(self) -> None:
        """Not made, with the reason."""

    @transition(state, source="*", target=RETURN_VALUE(*dict(STATES)), custom={"title": "更正"})
    def correct(self, derived: str) -> str:
        """Follow the facts after a mistake was voided."""
        return derived
