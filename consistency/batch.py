"""Everything the checks need to know of some institutions, read in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from agreements.models import Agreement
from agreements.projecting import MATTERS
from agreements.term import Term
from applications.failures import roads_of
from applications.models import Application
from applications.road import Road
from casework.models import ActRecord
from casework.refusals import Impossible
from deadlines.calendar import WorkingCalendar
from deadlines.models import Deadline, Firing
from disputes.models import Dispute
from institutions.models import Institution, Person
from settlement.answer import Line
from settlement.keeping import with_grounds
from settlement.lines import line_of
from settlement.models import SettlementLine
from standing.models import StandingFact


class Batch:
    """Some institutions on a day, with their agreements folded anew."""

    def __init__(self, ids: Iterable[int], day: date, calendar: WorkingCalendar) -> None:
        self.day, self.calendar = day, calendar
        self.institutions = {row.pk: row for row in Institution.objects.filter(pk__in=list(ids))}
        own = list(self.institutions)
        self.lost: list[tuple[Any, str]] = []  # cases whose facts no longer fold, with what was said
        self.terms: dict[int, Term] = {}
        self.agreements = self._agreements(own)
        self.roads: dict[int, Road] = {}
        self.applications = self._applications(own)
        self.lines = SettlementLine.objects.in_bulk(own)
        self.matters = {model: _grouped(model._default_manager.filter(institution__in=own), "agreement_id") for model in MATTERS}
        self.deadlines = self._deadlines(own)
        self.fired = set(Firing.objects.filter(deadline__institution_id__in=own).values_list("deadline_id", "due_on"))
        self.standing = list(StandingFact.objects.filter(institution__in=own).order_by("id"))
        self.barred = list(StandingFact.objects.filter(kind="barred_person", act__institution_id__in=own).order_by("id"))
        self.disputes = list(Dispute.objects.filter(institution__in=own).prefetch_related("facts").order_by("pk"))
        facts = [*self.agreement_facts(), *self.application_facts(), *self.standing, *self.barred, *self.dispute_facts()]
        self.records = ActRecord.objects.in_bulk({fact.act_id for fact in facts})
        parts = {part.person_id for term in self.terms.values() for part in term.parts if part.person_id}
        self.names = dict(Person.objects.filter(pk__in=parts).values_list("pk", "name"))

    def _agreements(self, own: list[int]) -> dict[int, Agreement]:
        found = {}
        for row in with_grounds(own):
            if row.institution_id not in self.institutions:
                continue
            row.institution = self.institutions[row.institution_id]
            found[row.pk] = row
            try:
                self.terms[row.pk] = row.term()
            except (Impossible, KeyError, ValueError) as error:
                self.lost.append((row, f"{type(error).__name__}: {error}"))
        return found

    def _applications(self, own: list[int]) -> dict[int, Application]:
        rows = Application.objects.filter(institution__in=own).prefetch_related("facts").order_by("pk")
        found = {row.pk: row for row in rows}
        for row in found.values():
            row.institution = self.institutions[row.institution_id]
        try:
            self.roads = roads_of(own)
        except (Impossible, KeyError, ValueError):
            self._roads_one_by_one(found)
        return found

    def _roads_one_by_one(self, applications: dict[int, Application]) -> None:
        """Which of them it is: asked only when one of them has lost its ground."""
        for pk, row in applications.items():
            try:
                self.roads[pk] = row.road()
            except (Impossible, KeyError, ValueError) as error:
                self.lost.append((row, f"{type(error).__name__}: {error}"))

    def _deadlines(self, own: list[int]) -> dict[tuple[str, int], list[Deadline]]:
        found: dict[tuple[str, int], list[Deadline]] = defaultdict(list)
        for row in Deadline.objects.filter(institution_id__in=own):
            found[row.case_label, row.case_id].append(row)
        return found

    def agreement_facts(self) -> list[Any]:
        return [fact for row in self.agreements.values() for fact in row.facts.all()]

    def application_facts(self) -> list[Any]:
        return [fact for row in self.applications.values() for fact in row.facts.all()]

    def dispute_facts(self) -> list[Any]:
        return [fact for row in self.disputes for fact in row.facts.all()]

    def agreements_of(self, institution: int) -> list[Agreement]:
        return [row for row in self.agreements.values() if row.institution_id == institution]

    def line(self, institution: int) -> Line | None:
        """The line from the facts; None where a fact has lost its ground."""
        rows = self.agreements_of(institution)
        if any(row.pk not in self.terms for row in rows):
            return None
        return line_of(self.institutions[institution].kind, [self.terms[row.pk] for row in rows], self.names)


def _grouped(rows: Iterable[Any], name: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found
