"""The beat's tick. The broker only wakes a worker: what is due lives in PostgreSQL rows, so a lost message loses nothing."""
from __future__ import annotations

import os
import time

from celery import shared_task

from deadlines import clock
from deadlines.calendar_changes import recompute_pending
from deadlines.timers import sweep

INTERVAL = float(os.environ.get("DINGDIAN_TICK_SECONDS", "60"))
BUDGET = INTERVAL * 0.8
BATCH = 200


@shared_task(name="deadlines.tick", expires=INTERVAL, ignore_result=True)
def tick() -> None:
    """Follow a change of the calendar, then sweep batches until nothing is due or most of the interval is used."""
    started = time.monotonic()
    recompute_pending()
    while time.monotonic() - started < BUDGET:
        if sweep(clock.now(), limit=BATCH).done:
            return
