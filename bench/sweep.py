"""What is due since midnight, fired with its papers: python -m bench.sweep [--limit 5000] [--workers 4]

Make the data with ``make_data --due N`` on the same day. With several workers each is a process of its own; all begin at one
moment, when the last of them is ready. Time of the machine is told beside the time on the clock: other work on it changes only the latter.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from bench.common import ready, tell


def counts() -> tuple[int, int, int]:
    """Firings, the dates they are of, papers."""
    from deadlines.models import Firing
    from documents.models import Document

    return Firing.objects.count(), Firing.objects.values("deadline", "due_on").distinct().count(), Document.objects.count()


def database_seconds() -> float:
    """Processor time of the database's process behind this connection; 0 where the database is not on this machine."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def work(limit: int | None) -> tuple[float, float]:
    """Sweep and tell; when it began and ended, by the machine's clock."""
    from deadlines import clock
    from deadlines.timers import sweep

    before = database_seconds()
    cpu, begun = time.process_time(), time.monotonic()
    swept = sweep(clock.now(), limit)
    seconds, cpu = time.monotonic() - begun, time.process_time() - cpu
    database = database_seconds() - before
    tell(fired=swept.fired, failed=swept.failed, seconds=seconds, fired_per_second=swept.fired / seconds)
    tell(processor_seconds=cpu, of_the_database=database, fired_per_processor_second=swept.fired / (cpu + database))
    return begun, begun + seconds


def together(workers: int, limit: int | None) -> float:
    """Seconds from the moment when the first begins, all being ready, until the last has nothing more to do."""
    command = [sys.executable, "-m", "bench.sweep", "--wait", *(["--limit", str(limit // workers)] if limit else [])]
    started = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(workers)]
    for each in started:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in started:
        assert each.stdin is not None
        each.stdin.close()
    times = []
    for each in started:
        assert each.stdout is not None
        times.append([float(number) for number in each.stdout.read().splitlines()[-1].split()])
        assert each.wait() == 0
    return max(ended for _, ended in times) - min(begun for begun, _ in times)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--limit", type=int)
    asked.add_argument("--workers", type=int, default=0)
    asked.add_argument("--wait", action="store_true", help=argparse.SUPPRESS)
    given = asked.parse_args()
    ready()
    if given.wait:
        counts()
        print("ready", flush=True)
        sys.stdin.read()
        print(*work(given.limit))
        return
    before = counts()
    if given.workers:
        seconds = together(given.workers, given.limit)
    else:
        work(given.limit)
    after = counts()
    if given.workers:
        fired = after[0] - before[0]
        tell(workers=given.workers, fired=fired, seconds=seconds, fired_per_second=fired / seconds)
    tell(papers_issued=after[2] - before[2], fired_twice=after[0] - after[1])


if __name__ == "__main__":
    main()
