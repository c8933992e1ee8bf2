"""The timers: rows whose moment has come are looked at in order, many in one transaction, each effect exactly once (R7).

A row says when it must be looked at (`wake_at`). Looking means: lock the cases as the door does, derive their deadlines anew,
and only if a row is still due act on it. Rows are claimed by advisory locks that never wait, not by row locks: an act locks
the case first and its deadline rows last, and the timer must take them in the same order.

Rows of one moment and one kind of case, each of another case, are looked at together. If anything fails nothing is done, and
each half is looked at by itself, until the row that fails is alone: it is put off and holds up nobody.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Min, Q, QuerySet, Value
from django.db.models.functions import Least

from deadlines import clock, loading, reminders, rows, switches
from deadlines.models import Deadline, Firing, Reminder
from deadlines.registry import Cases, Effect, Kind, cases, kinds
from deadlines.wakes import collapsed_mark, due_moment, next_wake
from offices import settings as office_settings

__all__ = ["Cases", "Kind", "Swept", "cases", "failing", "kinds", "sweep", "wake_open_cases"]

logger = logging.getLogger(__name__)

CLAIM = 20260401
"""Namespace of the advisory locks that claim a row."""
PUSHED_AHEAD = timedelta(hours=1)
MOST_LOOKS = 20
"""A row that moves its own date again and again is left for the next sweep after so many looks."""
SIDE_BY_SIDE = 8
"""So many workers find rows of their own at once; one more looks at what comes later, or ends."""
SAVED = ["state", "warned", "escalated_at", "fired_at", "wake_at", "attempts", "last_error"]


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
        found = _next_due(now, passed_over)
        if found is None:
            swept.done = True
            break
        label, candidates = found
        most = min(len(candidates), cases.get(label, Cases).together, limit - swept.looked if limit is not None else len(candidates))
        claimed = _look(label, candidates, most, now, swept)
        looks.update(claimed)
        # What others hold is theirs; what moves its own date again and again is the next sweep's.
        passed_over |= {pk for pk in claimed if looks[pk] >= MOST_LOOKS} if claimed else set(candidates)
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


def _next_due(now: datetime, passed_over: Iterable[int]) -> tuple[str, list[int]] | None:
    """The rows that have waited longest, by the index on wake_at: those of one moment and one kind of case, one of each case.

    A row held by a switch is passed by once its escalation is out.
    """
    over = Q(due_on__lt=now.astimezone(clock.SHANGHAI).date())
    told = Q(nature=Deadline.Nature.PERIOD) | ~Q(escalated_at=None)
    held = Q(switches.off_for_row()) & over & told & Q(kind__in=[name for name, kind in kinds.items() if kind.on_due])
    due = Deadline.objects.filter(wake_at__lte=now).exclude(pk__in=passed_over).exclude(held).order_by("wake_at", "pk")
    first = due.values_list("wake_at", "case_label").first()
    if first is None:
        return None
    moment, label = first
    most = cases.get(label, Cases).together * SIDE_BY_SIDE
    alike = due.filter(wake_at=moment, case_label=label).values_list("case_id", "pk")[:most]
    one_of_each: dict[int, int] = {}
    for case_id, pk in alike:
        one_of_each.setdefault(case_id, pk)
    return label, list(one_of_each.values())


def _look(label: str, candidates: list[int], most: int, now: datetime, swept: Swept) -> list[int]:
    """Claim at most so many rows, compute the truth, act on it: all of them or, if one fails, in halves. The rows that were claimed."""
    claimed: list[int] = []
    try:
        with clock.frozen(now), transaction.atomic():
            claimed = _claim(candidates, most)
            done = _Look(label, now).at(claimed)
    except Exception as error:
        if len(claimed) > 1:
            logger.warning("%s deadlines failed together and are looked at in halves: %s", len(claimed), error)
            half = len(claimed) // 2
            for part in (claimed[:half], claimed[half:]):
                _look(label, part, len(part), now, swept)
        elif claimed:
            _push_ahead(claimed[0], now, error)
            swept.looked += 1
            swept.failed += 1
        else:
            raise
        return claimed
    swept.looked += done.looked
    swept.fired += done.fired
    swept.warned += done.warned
    return claimed


def _claim(candidates: list[int], most: int) -> list[int]:
    """The first so many that no other worker has; the others are not touched, for the rows come one by one up to the limit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id from unnest(%s::bigint[]) as candidate(id) where pg_try_advisory_xact_lock(%s, (id %% 2147483648)::int) limit %s",
            [candidates, CLAIM, most],
        )
        return [pk for (pk,) in cursor.fetchall()]


@dataclass
class _Look:
    """One look at rows of different cases of one kind, in one transaction."""

    label: str
    now: datetime
    looked: int = 0
    fired: int = 0
    warned: int = 0
    saved: list[Deadline] = field(default_factory=list)
    told: list[Reminder] = field(default_factory=list)
    firings: list[Firing] = field(default_factory=list)
    effects: dict[tuple[Effect, datetime], list[Deadline]] = field(default_factory=dict)

    def at(self, claimed: list[int]) -> _Look:
        """Lock, derive anew, decide row by row, write, then let the effects happen."""
        seen = dict(Deadline.objects.filter(pk__in=claimed, wake_at__lte=self.now).order_by("pk").values_list("pk", "case_id"))
        if not seen:
            return self  # another worker was quicker
        self.looked = len(seen)
        found = cases.get(self.label, Cases)(list(seen.values()))
        found.lock()
        # Settings and calendar are read once, and not before the locks: whoever held a case may have gone by newer ones.
        with office_settings.remembered(), loading.held(stable=True):
            found.resync()
            off = switches.all_off()
            for row in Deadline.objects.select_for_update().filter(pk__in=seen).order_by("pk"):
                self.decide(row, off)
            self.write()
            self.act(found)
        return self

    def decide(self, row: Deadline, off: set[tuple[str, str]]) -> None:
        """Warn, fire, or find that the truth has moved: nothing to do any more, or not yet."""
        if row.kind not in kinds:
            raise LookupError(f"时限种类“{row.kind}”没有登记")
        kind = kinds[row.kind]
        if row.wake_at is None or row.wake_at > self.now or row.due_on is None:
            self.save(row, kind)
        elif self.now < due_moment(row.due_on):
            self.warn(row, kind)
        elif row.wake_at < due_moment(row.due_on) and not row.attempts:
            # Its warnings slept through, a row whose day is over takes its turn by that day, not by the warning's.
            row.warned = sorted({*row.warned, *kind.warn_days}, reverse=True)
            self.save(row, kind)
        else:
            self.fire(row, kind, off)

    def warn(self, row: Deadline, kind: Kind) -> None:
        """Send the latest warning that applies at this moment; earlier ones that were missed are not caught up."""
        assert row.due_on is not None
        today = clock.today()
        days_left = (row.due_on - today).days
        mark = collapsed_mark(row.due_on, row.starts_on, kind.warn_days, row.warned, today)
        row.warned = sorted({*row.warned, *(n for n in kind.warn_days if n >= days_left)}, reverse=True)
        self.save(row, kind)
        if mark is None:
            return
        self.warned += 1
        self.told.append(reminders.warning(row, mark))
        if kind.on_warning:
            self.effects.setdefault((kind.on_warning, self.now), []).append(row)

    def fire(self, row: Deadline, kind: Kind, off: set[tuple[str, str]]) -> None:
        """The due day is over: a duty is missed and escalates, a period is met; then the effect, dated as due (R7)."""
        assert row.due_on is not None
        if row.nature == Deadline.Nature.DUTY and row.escalated_at is None:
            self.told += reminders.escalations(row, kind.escalate_to)
            row.escalated_at = self.now
        if kind.on_due and (row.district, row.kind) in off:
            self.saved.append(row)  # it stays due
            return
        row.state = Deadline.State.MISSED if row.nature == Deadline.Nature.DUTY else Deadline.State.MET
        row.fired_at = self.now
        self.firings.append(Firing(deadline=row, due_on=row.due_on, fired_at=self.now))
        self.save(row, kind)
        self.fired += 1
        if kind.on_due:
            self.effects.setdefault((kind.on_due, due_moment(row.due_on)), []).append(row)

    def save(self, row: Deadline, kind: Kind) -> None:
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
        self.saved.append(row)

    def write(self) -> None:
        """Before the effects: what they derive anew must find the rows as done."""
        rows.update(Deadline, self.saved, SAVED)
        Firing.objects.bulk_create(self.firings)
        reminders.write(self.told)

    def act(self, found: Cases) -> None:
        """The effects: of a warning now, of a day that is over dated as due."""
        for (effect, moment), listed in self.effects.items():
            with clock.frozen(moment):
                effect(listed, found)
        found.finish()


def _push_ahead(row_id: int, now: datetime, error: Exception) -> None:
    """A row that fails waits an hour, so that it cannot hold up the others; it is listed by failing()."""
    logger.exception("deadline %s failed and is tried again in an hour", row_id)
    Deadline.objects.filter(pk=row_id).update(
        wake_at=now + PUSHED_AHEAD,
        attempts=F("attempts") + 1,
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )
