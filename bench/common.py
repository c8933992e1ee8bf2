"""A server of one process, a token, some codes; and how results are told."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
# One key for the server and for whoever issues the token.
os.environ.setdefault("DINGDIAN_SECRET_KEY", "only-for-benchmarks")


def ready() -> None:
    """Django with the benchmark's settings; the database is that of DATABASE_URL."""
    import django

    django.setup()


def token(role: str = "city_agency", district: str = "") -> str:
    """A token of somebody of that office; ``bench-`` with role and district is the user's name."""
    from api import tokens
    from offices.models import Membership, Office, User

    offices = Office.objects.filter(role=role, active=True)
    office = (offices.filter(district_id=district) if district else offices).order_by("id").first()
    assert office is not None
    user, new = User.objects.get_or_create(username=f"bench-{role}{district}", defaults={"full_name": "测速"})
    if new:
        Membership.objects.create(user=user, office=office, from_on="2020-01-01")
    return tokens.issue(user, office, days=1)[1]


def codes(number: int) -> list[str]:
    """National codes spread over the whole table."""
    from institutions.models import Institution

    last = Institution.objects.order_by("-pk").values_list("pk", flat=True).first() or 1
    step = max(1, last // number)
    wanted = range(1, last + 1, step)
    return [each for each in Institution.objects.filter(pk__in=wanted).values_list("national_code", flat=True) if each]


@contextmanager
def server() -> Iterator[tuple[int, int]]:
    """gunicorn with one process of four threads; its port and the process that answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"]
    command += ["--workers", "1", "--threads", "4", "--timeout", "300", "--log-level", "error"]
    process = subprocess.Popen(command)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port, _worker_of(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _worker_of(parent: int) -> int:
    for _ in range(100):
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        if children:
            return int(children[0])
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def peak_memory(process: int) -> int:
    """The most memory a process has had, in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def tell(**figures: Any) -> None:
    """One line for each figure."""
    for name, value in figures.items():
        shown = f"{value:,.2f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else value
        print(f"{name.replace('_', ' '):<45} {shown}")
