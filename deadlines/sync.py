"""Bring the deadline rows of a case to what its facts say; called by the door inside each act's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from deadlines import registry
from deadlines.models import Deadline, Firing
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


def sync(case_label: str, case_id: int, wanted: Iterable[WantedDeadline], institution_id: int, district: str) -> None:
    """Upsert the case's rows from the derived list, in at most four queries; a row no longer wanted is cancelled.

    What the timer has done stays done unless the due date really moved; a date it has already acted on never fires again.
    """
    listed = {(each.kind, each.key): each for each in wanted}
    rows = {(row.kind, row.key): row for row in Deadline.objects.filter(case_label=case_label, case_id=case_id)}
    created = [
        _filled(Deadline(case_label=case_label, case_id=case_id, kind=each.kind, key=each.key), each, institution_id, district)
        for name, each in listed.items()
        if name not in rows
    ]
    changed = []
    moved = []
    for name, row in rows.items():
        before = _values(row)
        if name in listed:
            _filled(row, listed[name], institution_id, district)
        elif row.fired_at is None:
            row.state = Deadline.State.CANCELLED
        if row.last_due_on != before["last_due_on"]:
            moved.append(row)
        _wake(row)
        if _values(row) != before:
            changed.append(row)
    _remember_firings(moved)
    if created:
        Deadline.objects.bulk_create(created)
    if len(changed) == 1:  # as the timers find it: one statement over many rows costs five times as much for one
        changed[0].save(update_fields=UPDATED)
    elif changed:
        Deadline.objects.bulk_update(changed, UPDATED)


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


def _values(row: Deadline) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(row, name) for name in UPDATED}
    return values | {"warned": list(row.warned), "steps": list(row.steps)}
