"""Bring the deadline rows of cases to what their facts say; called by the door inside each act's transaction, and by the timers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from deadlines import registry
from deadlines.models import Deadline, Firing
from deadlines.rows import update
from deadlines.wakes import next_wake
from deadlines.wanted import WantedDeadline

UPDATED = [
    "institution_id",
    "district",
    "nature",
    "state",
    "starts_on",
    "due_on",
    "last_due_on",
    "clause",
    "steps",
    "provisional",
    "responsible",
    "wake_at",
    "warned",
    "escalated_at",
    "fired_at",
    "attempts",
    "last_error",
]


@dataclass(frozen=True)
class Listing:
    """What one case's pure fold says about its deadlines, and where they belong."""

    case_label: str
    case_id: int
    wanted: Iterable[WantedDeadline]
    institution_id: int
    district: str


def sync(case_label: str, case_id: int, wanted: Iterable[WantedDeadline], institution_id: int, district: str) -> None:
    """Bring the rows of one case to the derived list."""
    sync_all([Listing(case_label, case_id, wanted, institution_id, district)])


def sync_all(listings: Sequence[Listing]) -> None:
    """Upsert the rows of cases of one kind, in at most four queries for all of them; a row no longer wanted is cancelled.

    What the timer has done stays done unless the due date really moved; a date it has already acted on never fires again.
    """
    if not listings:
        return
    found: dict[int, dict[tuple[str, str], Deadline]] = {each.case_id: {} for each in listings}
    for row in Deadline.objects.filter(case_label=listings[0].case_label, case_id__in=found).order_by():
        found[row.case_id][row.kind, row.key] = row
    created: list[Deadline] = []
    seen: list[tuple[Deadline, list[object]]] = []
    moved: list[Deadline] = []
    for listing in listings:
        rows = found[listing.case_id]
        listed = {(each.kind, each.key): each for each in listing.wanted}
        for name, each in listed.items():
            if name not in rows:
                row = Deadline(case_label=listing.case_label, case_id=listing.case_id, kind=each.kind, key=each.key)
                created.append(_filled(row, each, listing.institution_id, listing.district))
        for name, row in rows.items():
            before = _values(row)
            day = row.last_due_on
            if name in listed:
                _filled(row, listed[name], listing.institution_id, listing.district)
            elif row.fired_at is None:
                row.state = Deadline.State.CANCELLED
            if row.last_due_on != day:
                moved.append(row)
            _wake(row)
            seen.append((row, before))
    _remember_firings(moved)
    if created:
        Deadline.objects.bulk_create(created)
    update(Deadline, [row for row, before in seen if _values(row) != before], UPDATED)


def _filled(row: Deadline, wanted: WantedDeadline, institution_id: int, district: str) -> Deadline:
    due = wanted.due
    row.institution_id, row.district = institution_id, district
    row.nature, row.state, row.clause, row.responsible = wanted.nature, wanted.state, wanted.clause, wanted.responsible
    row.starts_on = wanted.starts_on
    row.due_on = due.day if due else None
    row.steps = list(due.steps) if due else []
    row.provisional = bool(due and due.provisional)
    if due and due.day != row.last_due_on:
        row.last_due_on = due.day
        row.warned = []
        row.escalated_at = row.fired_at = None
        row.attempts, row.last_error = 0, ""
    _wake(row)
    return row


def _wake(row: Deadline) -> None:
    """Set when the timer looks next; a row that failed and is otherwise unchanged keeps its hour of waiting."""
    wake_at = next_wake(
        nature=row.nature,
        state=row.state,
        due_on=row.due_on,
        starts_on=row.starts_on,
        fired=row.fired_at is not None,
        warned=row.warned,
        warn_days=registry.warn_days(row.kind),
    )
    waiting_after_failure = row.attempts and wake_at and row.wake_at and row.wake_at > wake_at
    if not waiting_after_failure:
        row.wake_at = wake_at


def _remember_firings(moved: list[Deadline]) -> None:
    """A date that moved back to one the timer acted on before counts as acted on."""
    if not moved:
        return
    firings = Firing.objects.filter(deadline__in=moved)
    fired: dict[tuple[int, date | None], datetime] = {(firing.deadline_id, firing.due_on): firing.fired_at for firing in firings}
    for row in moved:
        row.fired_at = fired.get((row.pk, row.last_due_on))
        _wake(row)


def _values(row: Deadline) -> list[object]:
    return [list(value) if isinstance(value, list) else value for value in (getattr(row, name) for name in UPDATED)]
