"""Which agreements of a list are suspended today, by the kept time lines: right at midnight, whatever a timer has done (R7)."""

from collections.abc import Iterable
from datetime import date

from agreements.models import Agreement
from agreements.term import Span
from pages.desk.loading import asked
from settlement.answer import span_on
from settlement.lines import load
from settlement.models import SettlementLine


def spans_of(agreements: Iterable[Agreement], day: date) -> dict[int, Span]:
    """Agreement → the stretch in which its institution stands on a day, if that is a suspension; one query for the list."""
    rows = list(agreements)
    kept = SettlementLine.objects.filter(institution__in=asked({row.institution_id for row in rows}))
    lines = {institution: load(kind, data) for institution, kind, data in kept.values_list("institution_id", "institution__kind", "data")}
    found = {}
    for row in rows:
        line = lines.get(row.institution_id)
        span = span_on(line.spans, day) if line is not None else Span(row.first_day, None, row.state)
        if span is not None and span.state == "suspended" and row.first_day <= day <= row.ended_on:
            found[row.pk] = span
    return found
