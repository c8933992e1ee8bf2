"""What an act sees while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.apps import apps

from casework.refusals import Refusal
from deadlines.calendar import WorkingCalendar
from deadlines.loading import working_calendar
from law.clauses import numbered
from offices.actors import Actor
from offices.models import Office

if TYPE_CHECKING:
    from casework.acts import Act


@dataclass
class Paper:
    """A document ordered by an act; issued (numbered, frozen) as the last thing in the transaction."""

    number: int
    data: dict[str, Any]
    institutions: list[int]
    issuer: Office | None
    recipient: str
    supersedes: Any = None
    then: Callable[[Any], None] | None = None


@dataclass
class Context:
    """One act on one case: who, when, with what input; collects facts and papers."""

    act: Act
    subject: Any
    actor: Actor
    reviewer: Actor | None
    data: dict[str, Any]
    at: datetime
    record_id: int
    files: dict[str, Any] = field(default_factory=dict)
    papers: list[Paper] = field(default_factory=list)
    touched: list[Any] = field(default_factory=list)
    log: dict[str, Any] = field(default_factory=dict)
    shared: dict[str, Any] = field(default_factory=dict)  # one for all rows of a call

    @property
    def on(self) -> date:
        """The business day of the act (Asia/Shanghai)."""
        return self.at.date()

    @cached_property
    def calendar(self) -> WorkingCalendar:
        return working_calendar()

    @cached_property
    def institution(self) -> Any:
        """The institution the case is about, if it is about one."""
        if self.subject is None or self.subject._meta.model_name == "institution":
            return self.subject
        if hasattr(self.subject, "institution"):
            return self.subject.institution
        about = getattr(self.subject, "institution_id", None)
        return apps.get_model("institutions.Institution")._default_manager.filter(pk=about).first() if about else None

    @cached_property
    def office(self) -> Office | None:
        """The acting office."""
        return Office.objects.filter(pk=self.actor.office_id or 0).first()

    def clause(self, clause: str) -> str:
        """A clause in the numbering of the institution's kind."""
        return numbered(clause, self.institution.kind) if self.institution is not None else clause

    def refuse(self, clause: str, message: str, earliest_on: date | None = None) -> Refusal:
        """A refusal whose clause is given in the hospital numbering or the kind's own."""
        return Refusal(self.clause(clause), message, earliest_on)

    def fact(self, kind: str, /, on: date | None = None, case: Any = None, **data: Any) -> Any:
        """Write a fact of the case (or of another case, which is then projected too)."""
        case = case or self.subject
        self.touch(case)
        return case.facts.create(kind=kind, on=on or self.on, at=self.at, data=data, act_id=self.record_id)

    def warn(self, sentence: str) -> None:
        """Say beside the act what those who sign it should know; kept in the log and shown in the preview."""
        self.log["warnings"] = [*self.log.get("warnings", []), sentence]

    def touch(self, case: Any) -> None:
        """Have a case's projections and deadlines rewritten at the end of the act."""
        if case is not self.subject and case not in self.touched:
            self.touched.append(case)

    def issue(
        self,
        number: int,
        data: dict[str, Any],
        *,
        issuer: Office | None = None,
        recipient: str | None = None,
        about: list[int] | None = None,
        supersedes: Any = None,
        then: Callable[[Any], None] | None = None,
    ) -> None:
        """Order a document of documents.md (docs/papers.md says what ``data`` holds).

        By default it goes to the institution, from the acting office; ``about`` lists the institutions it concerns.
        """
        if about is None:
            about = [self.institution.pk] if self.institution is not None else []
        to = recipient if recipient is not None else (self.institution.name if self.institution is not None else "")
        self.papers.append(Paper(number, data, about, issuer or self.office, to, supersedes, then))
