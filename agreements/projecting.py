"""What the facts of agreements say, written where lists, timers and the settlement answer read it (R7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.db import connection

from agreements import deadlines
from agreements.models.agreement import Agreement
from agreements.models.matters import Change, Matter, Renewal, Suspension, TerminationCase, TerminationRequest
from agreements.reading import Loaded, load
from agreements.term import Term
from casework import catching_up
from casework.models import ActRecord
from deadlines.loading import working_calendar
from deadlines.rows import update
from deadlines.sync import Listing, sync_all

MATTERS: tuple[type[Matter], ...] = (Suspension, TerminationCase, TerminationRequest, Renewal, Change)
# What goes on from the term before ends with the facts of the next one (R6).
CARRIED = (Suspension, TerminationCase, TerminationRequest)
PROJECTED = ["annulled", "filed_on", "ended_on", "end_state", "decision_from", "check_since", "hold_demanded_on", "renewal_stage", "state"]
# What higher floors keep of agreements; called once with the institutions concerned, when all their agreements are projected.
kept_above: list[Callable[[list[int]], None]] = []


def project(agreement: Agreement, day: date) -> None:
    """After an act: rewrite one agreement's projections, those of the agreements that follow it, and what higher floors keep."""
    loaded = load([agreement.pk], own=[agreement])
    for each in loaded.moved:
        _write_down(each, loaded.term(each), day)
        each.save()
    _rewrite(loaded, day)
    for keep in kept_above:
        keep(sorted({each.institution_id for each in loaded.moved}))


def follow_calendar(loaded: Loaded, day: date) -> None:
    """Rewrite what the calendar moves, logged as the system's; what higher floors keep follows from facts alone, and none is new."""
    changed: list[Agreement] = []
    records: list[ActRecord] = []
    for each in loaded.moved:
        term, was, before = loaded.term(each), each.state, [getattr(each, name) for name in PROJECTED]
        title, span = _write_down(each, term, day), term.span(day)
        if title and span is not None:
            records.append(catching_up.moved(each, was, title, span.first_day))
        if before != [getattr(each, name) for name in PROJECTED]:
            changed.append(each)
    update(Agreement, changed, [*PROJECTED, "version"])
    ActRecord.objects.bulk_create(records)
    _rewrite(loaded, day)


def _write_down(agreement: Agreement, term: Term, day: date) -> str:
    """What is stored of the term on the agreement itself; the title of the transition if the state moved."""
    agreement.annulled, agreement.filed_on = term.annulled, term.filed_on
    if not term.annulled:
        agreement.ended_on, agreement.end_state = term.ended_on, term.end.state
    agreement.renewal_stage = term.renewal_stage
    for name, since in term.waiting.items():
        setattr(agreement, name, since)
    derived = term.state(day)
    return agreement.follow(derived) if derived != agreement.state else ""


def _rewrite(loaded: Loaded, day: date) -> None:
    """Rows of what is under way, and of deadlines."""
    terms = {each.pk: loaded.term(each) for each in loaded.moved}
    earlier = [each.previous for each in loaded.moved if each.previous is not None and each.previous.pk not in terms]
    carried = {each.pk: loaded.term(each) for each in earlier if loaded.term(each).going_on}
    concerned = _with_rows([*terms, *carried])
    for model in MATTERS:
        about = {**terms, **carried} if model in CARRIED else terms
        about = {pk: term for pk, term in about.items() if pk in concerned[model] or model.pure(term)}
        if about:
            model.sync([(loaded.rows[pk], term) for pk, term in about.items()], day)
    calendar = working_calendar()
    sync_all(
        [
            Listing(
                each.label,
                each.pk,
                deadlines.wanted(each, terms[each.pk], calendar, day),
                each.institution_id,
                each.institution.district_id or "",
            )
            for each in loaded.moved
        ]
    )


_ROWS = " union all ".join(
    f'select {number}, agreement_id from "{model._meta.db_table}" where agreement_id = any(%(agreements)s)'  # noqa: S608  tables of our own
    for number, model in enumerate(MATTERS)
)


def _with_rows(agreements: Iterable[int]) -> dict[type[Matter], set[int]]:
    """For each kind of matter the agreements that have rows of it: one query for all kinds."""
    found: dict[type[Matter], set[int]] = {model: set() for model in MATTERS}
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"agreements": list(agreements)})
        for number, agreement in cursor.fetchall():
            found[MATTERS[number]].add(agreement)
    return found
