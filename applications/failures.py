"""Failed evaluations across the applications of one institution: the gate and the second failure follow it (M9.7, M9.8, R3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

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

    Four queries however many; ``before``: only applications with a smaller id.
    """
    from applications.models import ApplicationFact

    ids = list(institution_ids)
    rows = ApplicationFact.objects.filter(application__institution_id__in=ids, voided_at__isnull=True)
    if before is not None:
        rows = rows.filter(application_id__lt=before)
    facts: dict[tuple[int, int], list[PlainFact]] = {}
    for row in rows.select_related("application").order_by("application_id", "id"):
        facts.setdefault((row.application_id, row.application.institution_id), []).append(row.plain())
    closed = _second_taken_over(ids)
    calendar = working_calendar()
    roads: dict[int, Road] = {}
    failures: dict[int, int] = {}
    for (application, institution), own in facts.items():
        earlier = failures.get(institution, 0)
        roads[application] = rules.read(own, calendar, 0 if institution in closed else earlier % 2)
        failures[institution] = _counted(roads[application], earlier)
    return roads


def _counted(road: Road, failures: int) -> int:
    """Failures that still count after a road: a pass, or the second failure itself, starts anew."""
    for each in road.rounds:
        if each.result == "fail":
            failures = failures + 1 if failures < 2 else 1
        elif each.result == "pass":
            failures = 0
    return failures


def failures_before(application: Application) -> int:
    """Failed results of earlier applications that make a failure of this one the second (R3): 0 or 1."""
    failures = 0
    for road in roads_of([application.institution_id], application.pk).values():
        failures = _counted(road, failures)
    return 0 if _second_taken_over([application.institution_id]) else failures % 2


def _second_taken_over(institution_ids: list[int]) -> set[int]:
    """Institutions whose second failure was taken over from the paper file: it has closed the count."""
    rows = StandingFact.objects.filter(institution_id__in=institution_ids, kind="second_fail", voided_at__isnull=True, data__paper=True)
    return {pk for pk in rows.values_list("institution_id", flat=True) if pk is not None}


def gate_for(institution: Institution, day: date) -> Computed | None:
    """The 3-month gate of a first failure that still binds a new application on a day (M9.7, R3)."""
    failures = 0
    gate = None
    clause = numbered("M9.7", institution.kind)
    for road in roads_of([institution.pk]).values():
        failures = _counted(road, failures)
        if failures == 1 and road.first_failure_served_on is not None:
            gate = road.gate(clause)
        elif failures != 1:
            gate = None
    return gate if gate is not None and day < gate.day + timedelta(days=1) else None
