"""Failed evaluations across the applications of one institution: the gate and the second failure follow it (M9.7, M9.8, R3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import OuterRef, QuerySet, Subquery

from applications import road as rules
from casework.facts import PlainFact
from deadlines.loading import working_calendar
from deadlines.periods import Computed
from institutions.models import Institution
from law.clauses import numbered
from standing.models import StandingFact

if TYPE_CHECKING:
    from applications.models import Application
    from applications.road import Road


def roads_of(institution_ids: Iterable[int], before: int | None = None) -> dict[int, Road]:
    """Application → road of every application of these institutions, in order, each knowing the failures before it.

    One query however many; ``before``: only applications with a smaller id.
    """
    from applications.models import ApplicationFact

    ids = list(institution_ids)
    rows = ApplicationFact.objects.filter(application__institution_id__in=ids, voided_at__isnull=True)
    if before is not None:
        rows = rows.filter(application_id__lt=before)
    rows = rows.annotate(closed_on=Subquery(_on_paper().filter(institution=OuterRef("application__institution")).values("on")[:1]))
    facts: dict[tuple[int, int], list[PlainFact]] = {}
    closed: dict[int, date | None] = {}
    for row in rows.select_related("application").order_by("application_id", "id"):
        facts.setdefault((row.application_id, row.application.institution_id), []).append(row.plain())
        closed[row.application.institution_id] = row.closed_on
    if not facts:
        return {}
    calendar = working_calendar()
    roads: dict[int, Road] = {}
    failures: dict[int, int] = {}
    for (application, institution), own in facts.items():
        earlier = failures.get(institution, 0)
        roads[application] = rules.read(own, calendar, earlier % 2)
        failures[institution] = _counted(roads[application], earlier, closed.get(institution))
    return roads


def _counted(road: Road, failures: int, closed_on: date | None) -> int:
    """Failures that still count after a road: a pass, or the second failure itself, starts anew.

    A second failure taken over from the paper file closes what came through its day.
    """
    for each in road.rounds:
        if each.result == "pass" or (closed_on is not None and each.result_on is not None and each.result_on <= closed_on):
            failures = 0
        elif each.result == "fail":
            failures = failures + 1 if failures < 2 else 1
    return failures


def failures_before(application: Application) -> int:
    """Failed results of earlier applications that make a failure of this one the second (R3): 0 or 1."""
    roads = roads_of([application.institution_id], application.pk)
    closed_on = _second_taken_over([application.institution_id]).get(application.institution_id) if roads else None
    failures = 0
    for road in roads.values():
        failures = _counted(road, failures, closed_on)
    return failures % 2


def _second_taken_over(institution_ids: list[int]) -> dict[int, date]:
    """Institution → the last day on which a second failure taken over from the paper file was served."""
    rows = _on_paper().filter(institution_id__in=institution_ids)
    return {pk: on for pk, on in rows.reverse().values_list("institution_id", "on") if pk is not None}


def _on_paper() -> QuerySet[StandingFact]:
    """Second failures taken over from the paper file, the latest first."""
    return StandingFact.objects.filter(kind="second_fail", voided_at__isnull=True, data__paper=True).order_by("-on")


def gate_for(institution: Institution, day: date) -> Computed | None:
    """The 3-month gate of a first failure that still binds a new application on a day (M9.7, R3)."""
    failures = 0
    gate = None
    clause = numbered("M9.7", institution.kind)
    closed_on = _second_taken_over([institution.pk]).get(institution.pk)
    for road in roads_of([institution.pk]).values():
        failures = _counted(road, failures, closed_on)
        if failures == 1 and road.first_failure_served_on is not None:
            gate = road.gate(clause)
        elif failures != 1:
            gate = None
    return gate if gate is not None and day < gate.day + timedelta(days=1) else None
