"""Warnings and escalations: written as rows, at most one per deadline, due date, mark and role; each office reads its own."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from deadlines import clock, registry
from deadlines.models import Deadline, Reminder

INSTITUTION = "institution"
DISTRICT_ROLES = ("district_bureau", "district_agency")
CITY_ROLES = ("city_bureau", "city_agency")


def warning(row: Deadline, mark: int) -> Reminder:
    """Tells the responsible role how many days are left (M9.2: reminders before)."""
    assert row.due_on is not None
    days_left = (row.due_on - clock.today()).days
    left = "今天到期" if days_left == 0 else f"还有{days_left}天到期"
    text = f"{registry.title(row.kind)}{left}（{row.due_on}，依据 {row.clause}）。{_why(row)}"
    return _reminder(row, row.responsible, str(mark), text)


def escalations(row: Deadline, roles: Iterable[str]) -> list[Reminder]:
    """Tell the roles above that a duty was missed (M8.2, M9.2: escalation after)."""
    text = f"{registry.title(row.kind)}已于{row.due_on}到期，责任单位未按期办理（依据 {row.clause}）。{_why(row)}"
    return [_reminder(row, role, Reminder.ESCALATION, text) for role in roles]


def write(reminders: Iterable[Reminder]) -> None:
    """A second one of the same row, due date, mark and role is silently the first."""
    Reminder.objects.bulk_create(reminders, ignore_conflicts=True)


def _reminder(row: Deadline, role: str, mark: str, text: str) -> Reminder:
    assert row.due_on is not None
    return Reminder(
        deadline=row,
        due_on=row.due_on,
        mark=mark,
        role=role,
        district=row.district,
        institution_id=row.institution_id,
        days_left=(row.due_on - clock.today()).days,
        text=text,
        created_at=clock.now(),
    )


def addressed_to(
    role: str, district: str | None = None, institution_id: int | None = None, *, supervising: bool = True
) -> QuerySet[Reminder]:
    """The reminders an office may read: an institution its own, a district office its district's, a city office all of its role.

    That the office itself missed a duty is told to those who supervise it (M8.2); whoever works there sees it among what is overdue.
    """
    found = Reminder.objects.filter(role=role)
    if not supervising:
        found = found.exclude(mark=Reminder.ESCALATION, deadline__responsible=role)
    if role == INSTITUTION:
        return found.none() if institution_id is None else found.filter(institution_id=institution_id)
    if role in DISTRICT_ROLES:
        return found.none() if district is None else found.filter(district=district)
    return found if role in CITY_ROLES else found.none()


def _why(row: Deadline) -> str:
    computed = row.computed
    return f"计算：{computed.explanation}。" if computed and computed.steps else ""
