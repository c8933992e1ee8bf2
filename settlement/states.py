"""Agreements by their state of today, for lists: right at midnight, whatever a timer has done (R7)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import BooleanField, Case, F, Func, JSONField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from agreements.models import Agreement, Suspension
from agreements.term import Span
from settlement.answer import span_on
from settlement.lines import load
from settlement.models import SettlementLine

NOBODY = 0  # an id that no row has: the statement is asked for an empty list, too
# The kept spans are lists (settlement.lines.dump): first day, last day or none, state. Days written so compare as texts.
SUSPENDED = 'strict $.spans[*] ? (@[2] == "suspended" && @[0] <= $day && (@[1] == null || @[1] >= $day)%s)'
OF_KIND = {None: "", True: " && @[5] == true", False: " && @[5] == false"}


def in_state(state: str, day: date) -> Q:
    """Agreements in a state on a day, as their facts say it: by the kept days, and for suspensions by the kept time line. One query."""
    standing = Q(annulled=False)
    began = standing & Q(first_day__lte=day, ended_on__gte=day)
    if state == "suspended":
        return began & _suspended(day)
    if state == "active":
        return began & ~_suspended(day)
    if state == "pending":
        return standing & Q(state="pending", first_day__gt=day, ended_on__gte=day)  # the calendar never brings one back to this
    if state == "terminated":
        return standing & Q(ended_on__lt=day, end_state="terminated")
    if state == "expired":
        return standing & Q(ended_on__lt=day) & ~Q(end_state="terminated")
    return Q(state=state)


def _suspended(day: date) -> Q:
    """Suspended on a day, of those whose term runs on it.

    The first condition names all that can be: stored as suspended, or brought there by the calendar since then. The time line is
    read for those only.
    """
    coming = list(Suspension.objects.filter(state="coming").values_list("agreement_id", flat=True)) or [NOBODY]
    can_be = Q(state="suspended") | Q(state="pending") | Q(pk__in=coming) | Q(main__in=coming)
    return can_be & suspended_on(day)


def suspended_on(day: date, *, at_request: bool | None = None) -> Q:
    """Rows of an institution that is suspended on a day by its kept time line: at all, or at its request or not.

    Scalar, or the database would read all lines at once; where no line is kept, as the row is stored.
    """
    path = SUSPENDED % OF_KIND[at_request]
    held = Func(F("data"), Value(path), Value({"day": day.isoformat()}, JSONField()), Value(True), function="jsonb_path_exists")
    held.output_field = BooleanField()
    kept = SettlementLine.objects.filter(institution=OuterRef("institution")).values(held=held)
    stored = Case(When(state__in=["suspended", "running"], then=True), default=False, output_field=BooleanField())
    return Q(Coalesce(Subquery(kept), stored))


def spans_of(agreements: Iterable[Agreement], day: date) -> dict[int, Span]:
    """Agreement → the stretch in which its institution stands on a day, if that is a suspension; one query for the list."""
    rows = list(agreements)
    kept = SettlementLine.objects.filter(institution__in={row.institution_id for row in rows} or {NOBODY})
    lines = {institution: load(kind, data) for institution, kind, data in kept.values_list("institution_id", "institution__kind", "data")}
    found = {}
    for row in rows:
        line = lines.get(row.institution_id)
        span = span_on(line.spans, day) if line is not None else Span(row.first_day, None, row.state)
        if span is not None and span.state == "suspended" and row.first_day <= day <= row.ended_on:
            found[row.pk] = span
    return found
