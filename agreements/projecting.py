"""What the facts of an agreement say, written where lists, timers and the settlement answer read it (R7)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from agreements import deadlines
from agreements.models.agreement import Agreement
from agreements.models.matters import Change, Renewal, Suspension, TerminationCase, TerminationRequest
from deadlines.loading import working_calendar
from deadlines.sync import sync

if TYPE_CHECKING:
    from collections.abc import Callable

MATTERS = (Suspension, TerminationCase, TerminationRequest, Renewal, Change)
# What higher floors keep of an agreement; called once for each institution concerned, when all its agreements are projected.
kept_above: list[Callable[[int], None]] = []


def project(agreement: Agreement, day: date) -> None:
    """Rewrite one agreement's projections, then those of the agreements that follow it."""
    term = agreement.term()
    agreement.annulled = term.annulled
    if not term.annulled:
        agreement.ended_on, agreement.end_state = term.ended_on, term.end.state
    derived = term.state(day)
    if derived != agreement.state:
        agreement.follow(derived)
    agreement.save()
    for model in MATTERS:
        model.sync(agreement, term, day)
    rows = deadlines.wanted(agreement, term, working_calendar(), day)
    sync(agreement.label, agreement.pk, rows, agreement.institution_id, agreement.institution.district_id or "")
    for follower in followers(agreement):
        project(follower, day)
    for keep in kept_above:
        keep(agreement.institution_id)


def followers(agreement: Agreement) -> list[Agreement]:
    """Supplementary agreements under it, and the one that renewed it."""
    rows = Agreement.objects.select_for_update(of=("self",)).select_related("institution")
    return [*rows.filter(main=agreement), *rows.filter(previous=agreement)]
