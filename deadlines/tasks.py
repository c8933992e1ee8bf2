"""The beat's tick. The broker only wakes a worker: what is due lives in PostgreSQL rows, so a lost message loses nothing."""

from __future__ import annotations

import time

from celery import shared_task
from django.conf import settings

from deadlines import clock
from deadlines.calendar_changes import recompute_pending
from deadlines.timers import sweep

BATCH = 200
BUSY_SHARE = 0.8
"""Of an interval; the rest lets other messages of the same worker through."""


@shared_task(expires=settings.TICK_SECONDS, ignore_result=True)
def tick() -> None:
    """Follow a change of the calendar, then sweep batches until nothing is due or most of the interval is used."""
    until = time.monotonic() + settings.TICK_SECONDS * BUSY_SHARE
    recompute_pending()
    while not sweep(clock.now(), limit=BATCH).done and time.monotonic() < until:
        pass
