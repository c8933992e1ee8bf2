"""Warnings and escalations: written as rows, at most one per deadline, due date, mark and role; pages and messengers read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import QuerySet

from deadlines import clock, registry
from deadlines.models import Deadline, Reminder

INSTITUTION = "institution"
DISTRICT_ROLES = ("district_bureau", "district_agency")


def write(row: Deadline, roles: Iterable[str], mark: str, text: str, days_left: int) -> None:
    """The default way to notify: one Reminder row per role; a second one for the same mark is silently the first."""
    assert row.due_on is not None
    Reminder.objects.bulk_create(
        [
            Reminder(
                deadline=row,
                due_on=row.due_on,
                mark=mark,
                role=role,
                district=row.district,
                institution_id=row.institution_id,
                days_left=days_left,
                text=text,
                created_at=clock.now(),
            )
            for role in roles
        ],
        ignore_conflicts=True,
    )


notify: Callable[[Deadline, Iterable[str], str, str, int], None] = write


def set_notify(function: Callable[[Deadline, Iterable[str], str, str, int], None]) -> None:
    """A higher floor notifies its own way; it is called in the timer's transaction and may call `write` as well."""
    global notify
    notify = function


def warn(row: Deadline, mark: int, days_left: int) -> None:
    """Tell the responsible role how many days are left (M9.2: reminders before)."""
    left = "今天到期" if days_left == 0 else f"还有{days_left}天到期"
    text = f"{registry.title(row.kind)}{left}（{row.due_on}，依据 {row.clause}）。{_why(row)}"
    notify(row, [row.responsible], str(mark), text, days_left)


def escalate(row: Deadline, roles: Iterable[str], days_left: int) -> None:
    """Tell the roles above that a duty was missed (M8.2, M9.2: escalation after)."""
    text = f"{registry.title(row.kind)}已于{row.due_on}到期，责任单位未按期办理（依据 {row.clause}）。{_why(row)}"
    notify(row, roles, Reminder.ESCALATION, text, days_left)


def addressed_to(role: str, district: str | None = None, institution_id: int | None = None) -> QuerySet[Reminder]:
    """The reminders an office may read: an institution its own, a district office its district's, a city office all of its role."""
    found = Reminder.objects.filter(role=role)
    if role == INSTITUTION:
        return found.none() if institution_id is None else found.filter(institution_id=institution_id)
    if role in DISTRICT_ROLES:
        return found.none() if district is None else found.filter(district=district)
    return found


def _why(row: Deadline) -> str:
    computed = row.computed
    return f"计算：{computed.explanation}。" if computed and computed.steps else ""
