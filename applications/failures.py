"""Failed evaluations across the applications of one institution: the gate and the second failure follow it (M9.7, M9.8, R3)."""
from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from casework.facts import PlainFact
from deadlines.loading import working_calendar
from deadlines.periods import Computed
from institutions.models import Institution
from law.clauses import numbered
from standing.models import StandingFact

from applications import road as rules

if TYPE_CHECKING:
    from applications.models import Application
    from applications.road import Road


def _roads(institution_id: int, before: int | None) -> list[Road]:
    """The roads of the institution's applications in order, each knowing the failures before it."""
    from applications.models import ApplicationFact

    rows = ApplicationFact.objects.filter(application__institution_id=institution_id, voided_at__isnull=True)
    if before is not None:
        rows = rows.filter(application_id__lt=before)
    facts: dict[int, list[PlainFact]] = {}
    for row in rows.order_by("application_id", "id"):
        facts.setdefault(row.application_id, []).append(row.plain())
    calendar = working_calendar()
    roads: list[Road] = []
    failures = 0
    for own in facts.values():
        road = rules.read(own, calendar, failures)
        roads.append(road)
        failures = _counted(road, failures)
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
    for road in _roads(application.institution_id, application.pk):
        failures = _counted(road, failures)
    return failures % 2 if not _second_taken_over(application.institution_id) else 0


def _second_taken_over(institution_id: int) -> bool:
    """A second failure taken over from the paper file has closed the count."""
    return StandingFact.objects.filter(institution_id=institution_id, kind="second_fail", voided_at__isnull=True, data__paper=True).exists()


def gate_for(institution: Institution, day: date) -> Computed | None:
    """The 3-month gate of a first failure that still binds a new application on a day (M9.7, R3)."""
    failures = 0
    gate = None
    clause = numbered("M9.7", institution.kind)
    for road in _roads(institution.pk, None):
        failures = _counted(road, failures)
        if failures == 1 and road.first_failure_served_on is not None:
            gate = road.gate(clause)
        elif failures != 1:
            gate = None
    return gate if gate is not None and day < gate.day + timedelta(days=1) else None
