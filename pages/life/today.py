"""What is under way beside agreements by its state of today, for lists: the calendar may have moved it since any act or timer (R7).

A request dies with its term; a suspension begins and ends by its days; the case that a second suspension opens begins on that one's first
day; everything that rests on an agreement ends with it. Conditions for the database: each asks only the rows of an index.

Every day on which the calendar moves a stored state has a deadline row that wakes the timer. While none is due, what is stored holds, and
is asked for alone: the careful conditions cost ten times as much, and are needed only for as long as the timers are behind.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import LessThan, LessThanOrEqual

from agreements.models import Agreement, AgreementFact, Renewal, Suspension, TerminationCase, TerminationRequest
from deadlines import clock
from deadlines.models import Deadline
from settlement.states import suspended_on

REQUESTS = (TerminationRequest, Renewal)
MOVED = {Suspension: ("requested", "coming", "running", "over"), TerminationCase: ("coming", "open", "closed")}
MOVED |= dict.fromkeys(REQUESTS, ("requested", "over"))


def unswept(day: date) -> date | None:
    """The day for the conditions below: none where every timer has run, so that the stored states are those of the day."""
    waiting = Q(wake_at__lte=clock.now()) | Q(attempts__gt=0, wake_at__isnull=False)
    return day if Deadline.objects.filter(waiting).exists() else None


def in_state(model: Any, state: str, day: date | None) -> Q:
    """Rows of a kind of matter in a state on a day; None: by what is stored."""
    if day is None or state not in MOVED.get(model, ()):
        return Q(state=state)
    stored, alive = Q(state=state), Q(agreement__ended_on__gte=day)
    if state == "requested":
        return stored & alive
    if model in REQUESTS:
        return stored | (Q(state="requested") & ~alive)
    if model is TerminationCase:
        return _case(state, day, alive)
    running, begun = _running(day), _begun(day)
    if state == "coming":
        return stored & alive & ~begun
    if state == "running":
        return Q(state__in=["coming", "running"]) & begun & running
    passed = (begun & ~running) | (Q(state="coming") & ~begun & ~alive)
    return stored | (Q(state="requested") & ~alive) | (Q(state__in=["coming", "running"]) & passed)


def underway(model: Any, states: list[str], day: date | None) -> Q:
    """Rows in any of some states on a day."""
    found = Q()
    for state in states:
        found |= in_state(model, state, day)
    # Said twice: the index of the stored states knows only the first.
    return Q(state__in=states) & found


def with_state(rows: QuerySet[Any], day: date | None) -> QuerySet[Any]:
    """The rows with their state on a day beside the stored one, as ``stands``."""
    model = rows.model
    if day is None:
        return rows.annotate(stands=F("state"))
    cases = [When(in_state(model, state, day), then=Value(state)) for state in MOVED.get(model, ())]
    return rows.annotate(stands=Case(*cases, default=F("state"), output_field=CharField()))


def _case(state: str, day: date, alive: Q) -> Q:
    stored, waits, begun = Q(state=state), Q(state__in=["coming", "open"]), Q(opened_on__lte=day)
    # That of a failed rectification goes on with its suspension into the next term (R6).
    failed = AgreementFact.objects.filter(pk=OuterRef("opened_by"), kind="rectification_recorded")
    later = Agreement.objects.filter(
        institution=OuterRef("institution"), previous__isnull=False, annulled=False, first_day__lte=day, ended_on__gte=day
    )
    goes_on = alive | (Q(there_is(failed)) & Q(there_is(later)))
    if state == "coming":
        return stored & ~begun & alive
    return waits & begun & goes_on if state == "open" else stored | (waits & ~goes_on)


def _begun(day: date) -> Q:
    """A suspension's first day is come."""
    return Q(state="running") | Q(LessThanOrEqual(_day("starts_on"), day))


def _running(day: date) -> Q:
    """The institution is suspended, and not by another one: that at request ends with an imposed one, an imposed one with its stated days.

    One whose rectification failed goes on until its case is decided (R6).
    """
    failed = AgreementFact.objects.annotate(of=Cast(KT("data__of"), CharField())).filter(
        agreement=OuterRef("agreement"), kind="rectification_recorded", of=_key(), data__passed=False, voided_at=None
    )
    passed = Q(LessThan(_day("due_on"), day)) & ~Q(there_is(failed))
    return (Q(imposed=False) & suspended_on(day, at_request=True)) | (Q(imposed=True) & ~passed & suspended_on(day, at_request=False))


def _day(name: str) -> Coalesce:
    """The first or the stated last day of a suspension, as its deadline row keeps it."""
    row = Deadline.objects.filter(case_label="agreement", case_id=OuterRef("agreement"), kind="suspension_end", key=_key())
    return Coalesce(Subquery(row.values(name)[:1]), Value(date.max))


def there_is(rows: QuerySet[Any]) -> Coalesce:
    """Whether there is one, asked for this row alone: beside an "or" the database would read all that any row could have."""
    return Coalesce(Subquery(rows.values(there=Value(True))[:1]), Value(False))


def _key() -> Cast:
    return Cast(OuterRef("opened_by"), CharField())
