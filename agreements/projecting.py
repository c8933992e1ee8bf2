"""What the facts of an agreement say, written where lists, timers and the settlement answer read it (R7)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from agreements import deadlines
from agreements.models.agreement import Agreement, AgreementSpan
from agreements.models.matters import Change, Renewal, Suspension, TerminationCase, TerminationRequest
from agreements.term import Span, Term
from deadlines.loading import working_calendar
from deadlines.sync import sync

if TYPE_CHECKING:
    from collections.abc import Callable

MATTERS = (Suspension, TerminationCase, TerminationRequest, Renewal, Change)
# What higher floors keep of a time line that has changed.
changed: list[Callable[[Agreement], None]] = []


def project(agreement: Agreement, day: date) -> None:
    """Rewrite one agreement's projections, then those of the agreements that follow it."""
    term = agreement.term()
    agreement.annulled = term.annulled
    if not term.annulled:
        agreement.ended_on = term.ended_on
    derived = term.state(day)
    if derived != agreement.state:
        agreement.follow(derived)
    agreement.save()
    for model in MATTERS:
        model.sync(agreement, term, day)
    if write_spans(agreement, term):
        for tell in changed:
            tell(agreement)
    rows = deadlines.wanted(agreement, term, working_calendar(), day)
    sync(agreement.label, agreement.pk, rows, agreement.institution_id, agreement.institution.district_id or "")
    for follower in followers(agreement):
        project(follower, day)


def followers(agreement: Agreement) -> list[Agreement]:
    """Supplementary agreements under it, and the one that renewed it."""
    rows = Agreement.objects.select_for_update(of=("self",)).select_related("institution")
    return [*rows.filter(main=agreement), *rows.filter(previous=agreement)]


def write_spans(agreement: Agreement, term: Term) -> bool:
    """The stored time line; whether it changed."""
    wanted = term.spans
    stored = list(agreement.spans.order_by("first_day"))
    if [_plain(row) for row in stored] == wanted:
        return False
    agreement.spans.all().delete()
    AgreementSpan.objects.bulk_create(rows_of(agreement, wanted))
    return True


def rows_of(agreement: Agreement, spans: list[Span]) -> list[AgreementSpan]:
    """Rows for a time line, unsaved."""
    return [
        AgreementSpan(
            agreement=agreement, institution_id=agreement.institution_id, first_day=each.first_day, last_day=each.last_day,
            state=each.state, clause=each.clause, decided_on=each.decided_on, at_request=each.at_request,
        )
        for each in spans
    ]  # fmt: skip


def _plain(row: AgreementSpan) -> Span:
    return Span(row.first_day, row.last_day, row.state, row.clause, row.decided_on, row.at_request)
