"""What the facts of an agreement say, written where lists, timers and the settlement answer read it (R7)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q

from agreements import deadlines
from agreements.models.agreement import Agreement
from agreements.models.matters import Change, Matter, Renewal, Suspension, TerminationCase, TerminationRequest
from deadlines.loading import working_calendar
from deadlines.sync import sync

if TYPE_CHECKING:
    from collections.abc import Callable

    from agreements.term import Term

MATTERS: tuple[type[Matter], ...] = (Suspension, TerminationCase, TerminationRequest, Renewal, Change)
PROJECTED = ["annulled", "filed_on", "ended_on", "end_state", "state", "decision_from", "check_since", "hold_demanded_on"]
# What higher floors keep of an agreement; called once for each institution concerned, when all its agreements are projected.
kept_above: list[Callable[[int], None]] = []


def project(agreement: Agreement, day: date, *, above: bool = True) -> None:
    """Rewrite one agreement's projections, then those of the agreements that follow it.

    Without ``above`` only what the calendar moves: what higher floors keep follows from facts alone, and none is new.
    """
    term = agreement.term()
    before = [getattr(agreement, name) for name in PROJECTED]
    agreement.annulled, agreement.filed_on = term.annulled, term.filed_on
    if not term.annulled:
        agreement.ended_on, agreement.end_state = term.ended_on, term.end.state
    for name, since in term.waiting.items():
        setattr(agreement, name, since)
    derived = term.state(day)
    if derived != agreement.state:
        agreement.follow(derived)
    if above or before != [getattr(agreement, name) for name in PROJECTED]:
        agreement.save()
    for model in _concerned(agreement, term):
        model.sync(agreement, term, day)
    earlier = agreement.previous
    if earlier is not None and term.previous is not None and term.previous.going_on:
        # What goes on from the term before ends with this one's facts (R6).
        before_it = earlier.term()
        for model in (Suspension, TerminationCase):
            model.sync(earlier, before_it, day)
    rows = deadlines.wanted(agreement, term, working_calendar(), day)
    sync(agreement.label, agreement.pk, rows, agreement.institution_id, agreement.institution.district_id or "")
    for follower in followers(agreement):
        project(follower, day, above=above)
    for keep in kept_above if above else ():
        keep(agreement.institution_id)


_WITH_ROWS = " union all ".join(
    f'select {number} where exists (select from "{model._meta.db_table}" where agreement_id = %(agreement)s)'  # noqa: S608  tables of our own
    for number, model in enumerate(MATTERS)
)


def _concerned(agreement: Agreement, term: Term) -> list[type[Matter]]:
    """Kinds of matter that the facts know or that have rows: one query for all kinds."""
    with connection.cursor() as cursor:
        cursor.execute(_WITH_ROWS, {"agreement": agreement.pk})
        with_rows = {number for (number,) in cursor.fetchall()}
    return [model for number, model in enumerate(MATTERS) if number in with_rows or model.pure(term)]


def followers(agreement: Agreement) -> list[Agreement]:
    """Supplementary agreements under it, and the one that renewed it."""
    rows = Agreement.objects.select_for_update(of=("self",)).select_related("institution")
    return list(rows.filter(Q(main=agreement) | Q(previous=agreement)).order_by("pk"))
