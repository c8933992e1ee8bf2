"""What is due since midnight, fired with its papers: python -m bench.sweep [--limit 5000] [--workers 4]

Make the data with ``make_data --due N`` on the same day. With several workers each is a process of its own.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

from bench.common import ready, tell


def counts() -> tuple[int, int, int]:
    """Firings, the dates they are of, papers."""
    from deadlines.models import Firing
    from documents.models import Document

    return Firing.objects.count(), Firing.objects.values("deadline", "due_on").distinct().count(), Document.objects.count()


def work(limit: int | None) -> None:
    from deadlines import clock
    from deadlines.timers import sweep

    cpu, begun = time.process_time(), time.monotonic()
    swept = sweep(clock.now(), limit)
    seconds = time.monotonic() - begun
    tell(fired=swept.fired, failed=swept.failed, seconds=seconds, fired_per_second=swept.fired / seconds, cpu=time.process_time() - cpu)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--limit", type=int)
    asked.add_argument("--workers", type=int, default=0)
    given = asked.parse_args()
    ready()
    if not given.workers:
        before = counts()
        work(given.limit)
        after = counts()
        tell(papers_issued=after[2] - before[2], fired_twice=after[0] - after[1])
        return
    before, begun = counts(), time.monotonic()
    command = [sys.executable, "-m", "bench.sweep", *(["--limit", str(given.limit // given.workers)] if given.limit else [])]
    workers = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(given.workers)]
    assert [each.wait() for each in workers] == [0] * given.workers
    after = counts()
    tell(workers=given.workers, fired=after[0] - before[0], papers_issued=after[2] - before[2], fired_twice=after[0] - after[1])
    tell(seconds_with_start=time.monotonic() - begun)


if __name__ == "__main__":
    main()
