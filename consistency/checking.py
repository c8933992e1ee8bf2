"""The nightly check: everything in batches, a constant number of queries each, flat memory; what it finds is kept for the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from consistency import cases, papers  # noqa: F401  the checks register themselves
from consistency.batch import Batch
from consistency.finding import Finding, checks, whole_checks
from consistency.models import Found, Run
from deadlines import clock
from deadlines.loading import working_calendar
from institutions.models import Institution
from offices import settings as office_settings

AT_ONCE = 500
KEPT_RUNS = 30


def batches(first: int = 0, every: int = 1) -> Iterator[list[int]]:
    """Ids of institutions in their order; ``every`` looks at one batch in so many."""
    number, last = 0, first
    while ids := list(Institution.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        if number % every == 0:
            yield ids
        number, last = number + 1, ids[-1]


def look_at(ids: list[int], day: date) -> list[Finding]:
    """Every check on some institutions."""
    batch = Batch(ids, day, working_calendar())
    with office_settings.remembered():
        return [finding for each in checks.values() for finding in each.look(batch)]


def look_at_all(day: date) -> Iterator[Finding]:
    """The checks that are not about one institution."""
    for each in whole_checks.values():
        yield from each.look(day)


def run(every: int = 1, told: Callable[[int], None] = lambda done: None) -> Run:
    """Check everything (or one batch in so many) and keep what is found."""
    kept = Run.objects.create(on=clock.today(), started_at=clock.now())
    for ids in batches(every=every):
        keep(kept, look_at(ids, kept.on))
        kept.looked += len(ids)
        told(len(ids))
    waiting: list[Finding] = []
    for finding in look_at_all(kept.on):
        waiting.append(finding)
        if len(waiting) >= AT_ONCE:
            keep(kept, waiting)
            waiting = []
    keep(kept, waiting)
    kept.ended_at = clock.now()
    kept.save()
    Run.objects.exclude(pk__in=list(Run.objects.values_list("pk", flat=True)[:KEPT_RUNS])).delete()
    return kept


def keep(kept: Run, found: list[Finding]) -> None:
    """Write findings of a run."""
    rows = [
        Found(
            run=kept, check_name=each.check, case_label=each.case_label, case_id=each.case_id, institution_id=each.institution_id,
            sentence=each.sentence,
        )
        for each in found
    ]  # fmt: skip
    Found.objects.bulk_create(rows)
    kept.found += len(rows)
