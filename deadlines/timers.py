"""The timers: rows whose moment has come are looked at in order, each in a transaction of its own, each effect exactly once (R7).

A row says when it must be looked at (`wake_at`). Looking means: lock the case as the door does, derive its deadlines anew,
and only if the row is still due act on it. The row itself is claimed by an advisory lock that never waits, not by a row lock:
an act locks the case first and its deadline rows last, and the timer must take them in the same order.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Min, Q, QuerySet, Value
from django.db.models.functions import Least

from deadlines import clock, reminders, switches
from deadlines.models import Deadline, Firing
from deadlines.registry import Case, Kind, cases, kinds
from deadlines.wakes import collapsed_mark, due_moment, next_wake
from offices import settings as office_settings

__all__ = ["Case", "Kind", "Swept", "cases", "failing", "kinds", "sweep", "wake_open_cases"]

logger = logging.getLogger(__name__)

CLAIM = 20260401
"""Namespace of the advisory locks that claim a row."""
PUSHED_AHEAD = timedelta(hours=1)
MOST_LOOKS = 20
"""A row that moves its own date again and again is left for the next sweep after so many looks."""


@dataclass
class Swept:
    """What a sweep did: rows looked at, effects and ends of periods, warnings, failures; `done` when nothing more is due."""

    looked: int = 0
    fired: int = 0
    warned: int = 0
    failed: int = 0
    done: bool = False


def sweep(now: datetime, limit: int | None = None) -> Swept:
    """Look at every row that is due at `now`, oldest first, at most `limit` of them. Late, twice or in two workers at once: the same."""
    swept = Swept()
    looks: Counter[int] = Counter()
    passed_over: set[int] = set()
    while limit is None or swept.looked < limit:
        row_id = _next_due(now, passed_over)
        if row_id is None:
            swept.done = True
            break
        swept.looked += 1
        looks[row_id] += 1
        try:
            with clock.frozen(now), transaction.atomic():
                taken = _look(row_id, now, swept)
        except Exception as error:
            _push_ahead(row_id, now, error)
            swept.failed += 1
            continue
        if not taken or looks[row_id] >= MOST_LOOKS:
            passed_over.add(row_id)
    return swept


def failing() -> QuerySet[Deadline]:
    """The rows whose last look failed, with attempts and error, for the page of the administrators."""
    return Deadline.objects.filter(attempts__gt=0).exclude(wake_at=None).order_by("-attempts", "id")


def wake_open_cases() -> None:
    """After a change of the calendar: have the sweep derive every case with an open deadline anew, since any may count its days (R1).

    One row per case is enough, and one row per statement: a statement over many rows could deadlock with acts that hold some of them.
    """
    still_open = Deadline.objects.filter(state__in=[Deadline.State.OPEN, Deadline.State.PAUSED])
    for row_id in still_open.values("case_label", "case_id").annotate(first=Min("pk")).order_by("first").values_list("first", flat=True):
        Deadline.objects.filter(pk=row_id).update(wake_at=Least("wake_at", Value(clock.now())))


def _next_due(now: datetime, passed_over: Iterable[int]) -> int | None:
    """The row that has waited longest, by the index on wake_at. A row held by a switch is passed by once its escalation is out."""
    over = Q(due_on__lt=now.astimezone(clock.SHANGHAI).date())
    told = Q(nature=Deadline.Nature.PERIOD) | ~Q(escalated_at=None)
    held = Q(switches.off_for_row()) & over & told & Q(kind__in=[name for name, kind in kinds.items() if kind.on_due])
    due = Deadline.objects.filter(wake_at__lte=now).exclude(pk__in=passed_over).exclude(held)
    return due.order_by("wake_at", "pk").values_list("pk", flat=True).first()


def _look(row_id: int, now: datetime, swept: Swept) -> bool:
    """Claim the row, compute the truth, act on it. False if another worker has it."""
    if not _claim(row_id):
        return False
    seen = Deadline.objects.filter(pk=row_id, wake_at__lte=now).first()
    if seen is None:
        return True  # another worker was quicker
    if seen.kind not in kinds:
        raise LookupError(f"时限种类“{seen.kind}”没有登记")
    if seen.case_label in cases:
        cases[seen.case_label].lock(seen.case_id)
    # Settings are read once, and not before the locks: whoever held the case may have gone by newer ones.
    with office_settings.remembered():
        return _act_on(seen, now, swept)


def _act_on(seen: Deadline, now: datetime, swept: Swept) -> bool:
    """The case is locked: derive its rows anew, then warn or fire. False if the row is held by another worker."""
    if seen.case_label in cases:
        cases[seen.case_label].resync(seen.case_id)
    row = Deadline.objects.select_for_update(skip_locked=True).filter(pk=seen.pk).first()
    if row is None:
        return False
    if row.wake_at is None or row.wake_at > now or row.due_on is None:
        _save(row, kinds[row.kind])  # the truth has moved: nothing to do any more, or not yet
        return True
    if now < due_moment(row.due_on):
        swept.warned += _warn(row, kinds[row.kind], now)
    elif row.wake_at < due_moment(row.due_on) and not row.attempts:
        _wait_for_own_turn(row, kinds[row.kind])
    else:
        swept.fired += _fire(row, kinds[row.kind], now)
    return True


def _claim(row_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [CLAIM, row_id % 2**31])
        return bool(cursor.fetchone()[0])


def _warn(row: Deadline, kind: Kind, now: datetime) -> bool:
    """Send the latest warning that applies at this moment; earlier ones that were missed are not caught up."""
    assert row.due_on is not None
    days_left = (row.due_on - clock.today()).days
    mark = collapsed_mark(row.due_on, row.starts_on, kind.warn_days, row.warned, clock.today())
    row.warned = sorted({*row.warned, *(n for n in kind.warn_days if n >= days_left)}, reverse=True)
    _save(row, kind, "warned")
    if mark is None:
        return False
    reminders.warn(row, mark, days_left)
    if kind.on_warning:
        kind.on_warning(row, days_left)
    return True


def _wait_for_own_turn(row: Deadline, kind: Kind) -> None:
    """Its warnings slept through, a row whose day is over takes its turn by that day, not by the warning's."""
    assert row.due_on is not None
    row.warned = sorted({*row.warned, *kind.warn_days}, reverse=True)
    _save(row, kind, "warned")


def _fire(row: Deadline, kind: Kind, now: datetime) -> bool:
    """The due day is over: a duty is missed and escalates, a period is met; then the effect, dated as due (R7)."""
    assert row.due_on is not None
    if row.nature == Deadline.Nature.DUTY and row.escalated_at is None:
        reminders.escalate(row, kind.escalate_to, (row.due_on - clock.today()).days)
        row.escalated_at = now
    if kind.on_due and switches.is_off(row.district, row.kind):
        row.save(update_fields=["escalated_at"])
        return False
    row.state = Deadline.State.MISSED if row.nature == Deadline.Nature.DUTY else Deadline.State.MET
    row.fired_at = now
    # Written before the effect: what the effect derives anew must find the row as done.
    Firing.objects.create(deadline=row, due_on=row.due_on, fired_at=now)
    _save(row, kind, "state", "fired_at", "escalated_at")
    if kind.on_due:
        with clock.frozen(due_moment(row.due_on)):
            kind.on_due(row)
    return True


def _save(row: Deadline, kind: Kind, *fields: str) -> None:
    row.wake_at = next_wake(
        nature=row.nature,
        state=row.state,
        due_on=row.due_on,
        starts_on=row.starts_on,
        fired=row.fired_at is not None,
        warned=row.warned,
        warn_days=kind.warn_days,
    )
    row.attempts, row.last_error = 0, ""
    row.save(update_fields=[*fields, "wake_at", "attempts", "last_error"])


def _push_ahead(row_id: int, now: datetime, error: Exception) -> None:
    """A row that fails waits an hour, so that it cannot hold up the others; it is listed by failing()."""
    logger.exception("deadline %s failed and is tried again in an hour", row_id)
    Deadline.objects.filter(pk=row_id).update(
        wake_at=now + PUSHED_AHEAD,
        attempts=F("attempts") + 1,
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )
