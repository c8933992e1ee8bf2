"""Failed evaluations across the applications of one institution: the gate and the second failure follow it (M9.7, M9.8, R3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import F, OuterRef, Subquery

from applications import road as rules
from casework.facts import PlainFact
from deadlines.loading import working_calendar
from deadlines.periods import Computed
from institutions.models import Institution
from law.clauses import numbered
from standing.models import StandingFact

if TYPE_CHECKING:
    from applications.models import Application
    from applications.road import Road, Round
    from deadlines.calendar import WorkingCalendar


class _Owner(NamedTuple):
    """An application, whose it is, and until when a second failure taken over from the paper file closes what came before."""

    application: int
    institution: int
    closed_on: date | None


class _Result(NamedTuple):
    """A result, and when its application was filed; none for an application that has no result yet."""

    filed_on: date
    round: Round | None


def roads_of(institution_ids: Iterable[int], calendar: WorkingCalendar | None = None) -> dict[int, Road]:
    """Application → road of every application of these institutions, in order, each knowing the failures before it. One query."""
    return {owner.application: road for owner, road, _ in _in_order(_facts_of(institution_ids), calendar)}


def road_of(application: Application) -> Road:
    """The road of one application, knowing the failures of earlier ones (R3). One query."""
    facts = _facts_of([application.institution_id], through=application.pk)
    if not any(owner.application == application.pk for owner in facts):
        return rules.read([], working_calendar(), 0)
    return next(road for owner, road, _ in _in_order(facts) if owner.application == application.pk)


def _facts_of(institution_ids: Iterable[int], through: int | None = None) -> dict[_Owner, list[PlainFact]]:
    """The facts that stand, application by application; with ``through`` only of applications up to that id."""
    from applications.models import ApplicationFact

    rows = ApplicationFact.objects.filter(application__institution_id__in=list(institution_ids), voided_at__isnull=True)
    if through is not None:
        rows = rows.filter(application_id__lte=through)
    on_paper = StandingFact.objects.filter(kind="second_fail", voided_at__isnull=True, data__paper=True).order_by("-on")
    closed_on = Subquery(on_paper.filter(institution=OuterRef("application__institution")).values("on")[:1])
    facts: dict[_Owner, list[PlainFact]] = {}
    for row in rows.annotate(whose=F("application__institution_id"), closed_on=closed_on).order_by("application_id", "id"):
        facts.setdefault(_Owner(row.application_id, row.whose, row.closed_on), []).append(row.plain())
    return facts


def _in_order(facts: dict[_Owner, list[PlainFact]], calendar: WorkingCalendar | None = None) -> Iterator[tuple[_Owner, Road, int]]:
    """Application by application: its road, and the failures of its institution that still count after it."""
    calendar = calendar or working_calendar()
    results: dict[int, list[_Result]] = {}
    for owner, own in facts.items():
        earlier = results.setdefault(owner.institution, [])
        filed_on = next((fact.on for fact in own if fact.kind == "filed"), date.max)
        road = rules.read(own, calendar, _counted(earlier, owner.closed_on, filed_on))
        earlier += [_Result(filed_on, each) for each in road.rounds if each.result]
        yield owner, road, _counted(earlier, owner.closed_on, date.max)


def _counted(results: list[_Result], closed_on: date | None, day: date) -> int:
    """Failures that still count for an application filed on a day: a pass starts anew, and so does a second failure once served.

    One that nobody was told bars from nothing (M9.8), so it does not use up the count either: the next failure is a second one again.
    A second failure taken over from the paper file closes what came through its day.
    """
    failures: list[Round] = []
    for filed_on, each in [*results, _Result(day, None)]:
        if len(failures) == 2:
            failures = [] if _served(failures[1], filed_on) else failures[:1]
        if each is None:
            break
        if each.result == "pass" or (closed_on is not None and each.result_on is not None and each.result_on <= closed_on):
            failures = []
        else:
            failures = [*failures, each]
    return len(failures)


def _served(each: Round, day: date) -> bool:
    return each.served_on is not None and each.served_on <= day


def gate_for(institution: Institution, day: date) -> Computed | None:
    """The 3-month gate of a first failure that still binds a new application on a day (M9.7, R3)."""
    gate = None
    clause = numbered("M9.7", institution.kind)
    for _, road, failures in _in_order(_facts_of([institution.pk])):
        if failures == 1 and road.first_failure_served_on is not None:
            gate = road.gate(clause)
        elif failures != 1:
            gate = None
    return gate if gate is not None and day < gate.day + timedelta(days=1) else None
