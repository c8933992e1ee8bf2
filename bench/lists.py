"""Every list page at two sizes, queries and server time: python -m bench.lists SMALL_URL BIG_URL [rounds] [part of a name]

A process for each size; a page is asked of both in turn, so that other work on the machine falls on both alike. The median
of the rounds is compared; beside it the ratio of the fastest rounds, which other work disturbs least.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from typing import Any

from bench.common import ready, token

ROUNDS = 15
MOST = 1.3
PAGES = {
    "city_agency": [
        "/desk/", "/desk/?matter=accepted", "/desk/?due=overdue", "/desk/applications/", "/desk/applications/?state=accepted",
        "/desk/applications/?state=open&district=110105&kind=pharmacy", "/desk/applications/?due=overdue&state=open",
        "/desk/agreements/", "/desk/agreements/?state=suspended", "/desk/agreements/?state=alive&district=110105&kind=hospital",
        "/desk/agreements/?ends=30", "/desk/agreements/?filed=no", "/desk/agreements/?q=安康", "/desk/institutions/",
        "/desk/institutions/?q=安", "/desk/institutions/?q=安康", "/desk/institutions/?q=安康堂", "/desk/institutions/?q=安康+药店",
        "/desk/institutions/?q=安康&district=110105&kind=pharmacy", "/desk/institutions/?q=没有",
        "/desk/institutions/?stands=designated&district=110105", "/desk/institutions/?stands=none", "/desk/life/",
        "/desk/life/?sort=termination_case", "/desk/life/?sort=termination_request", "/desk/life/?sort=renewal",
        "/desk/life/?sort=change", "/desk/life/?sort=change&state=all&district=110105&kind=hospital", "/desk/life/?sort=dispute",
        "/desk/notices/", "/desk/people/", "/desk/people/?scope=all", "/desk/proposals/", "/desk/calendar/",
        "/desk/calendar/?whose=all", "/desk/consistency/", "/desk/overview/",
    ],
    "district_agency": [
        "/desk/", "/desk/?matter=submitted", "/desk/applications/", "/desk/applications/?state=accepted", "/desk/applications/?state=open",
        "/desk/agreements/", "/desk/institutions/", "/desk/institutions/?q=安康", "/desk/life/", "/desk/life/?sort=change",
        "/desk/notices/", "/desk/proposals/", "/desk/calendar/", "/desk/calendar/?whose=all", "/desk/overview/",
    ],
    "district_bureau": ["/desk/overview/", "/desk/applications/", "/desk/calendar/"],
    "city_bureau": ["/desk/overview/", "/desk/agreements/", "/desk/calendar/"],
    "administrator": ["/desk/timers/", "/desk/consistency/"],
    "": [
        "/public/institutions/", "/public/institutions/?q=安康", "/public/institutions/?district=110105&kind=hospital",
        "/public/terminated/", "/public/notices/",
    ],
}  # fmt: skip
ROUTES = [
    "applications", "applications?state=accepted&district=110105", "agreements", "agreements?state=suspended", "institutions",
    "institutions?q=安康", "people", "documents", "deadlines", "records", "proposals", "public/institutions", "public/terminations",
    "public/notices",
]  # fmt: skip


def names() -> list[str]:
    """Everything that is measured, as ``serve`` is asked for it."""
    pages = [f"{role or 'public'} {address}" for role, addresses in PAGES.items() for address in addresses]
    return pages + [f"api {route}" for route in ROUTES]


def serve() -> None:
    """Answer names from standing input, a line each: statements, milliseconds, status. A name after ``?`` has its statements counted."""
    ready()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from offices.models import User

    settings.ALLOWED_HOSTS = ["*"]
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    clients = {"public": Client(), "api": Client(headers={"Authorization": f"Bearer {token()}"})}
    for role in filter(None, PAGES):
        token(role)
        clients[role] = Client()
        clients[role].force_login(User.objects.get(username=f"bench-{role}"), backend="django.contrib.auth.backends.ModelBackend")
    for line in sys.stdin:
        count, (who, address) = line.startswith("?"), line.strip("?\n").split(" ", 1)
        address = f"/api/v1/{address}" if who == "api" else address
        number = 0
        begun = time.perf_counter()
        if count:
            with CaptureQueriesContext(connection) as queries:
                answer = clients[who].get(address)
            number = len(queries)
        else:
            answer = clients[who].get(address)
        print(json.dumps([number, (time.perf_counter() - begun) * 1000, answer.status_code]), flush=True)


class Side:
    """The process of one size."""

    def __init__(self, url: str) -> None:
        command = [sys.executable, "-m", "bench.lists"]
        environment = {**os.environ, "DATABASE_URL": url}
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, name: str) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{name}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(20)


def compare(name: str, sides: list[Side], rounds: int) -> bool:
    """One line of the table; whether the target is met."""
    for side in sides:
        side.ask(name)
    told = [side.ask(f"?{name}") for side in sides]
    times: list[list[float]] = [[], []]
    for turn in range(rounds):
        for which in (0, 1) if turn % 2 else (1, 0):
            times[which].append(sides[which].ask(name)[1])
    small, big = (statistics.median(each) for each in times)
    met = told[0][0] == told[1][0] and big <= small * MOST
    shown = f"{told[0][0]}" if told[0][0] == told[1][0] else f"{told[0][0]}/{told[1][0]}"
    status = "" if told[0][2] == told[1][2] == 200 else f" {told[0][2]}/{told[1][2]}"
    best = min(times[1]) / min(times[0])
    print(f"{name:<72} {shown:>7} {small:>8.1f} {big:>8.1f} {big / small:>6.2f} {best:>6.2f}{'' if met else '  <-'}{status}", flush=True)
    return met


def main() -> None:
    if len(sys.argv) == 1:
        serve()
        return
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else ROUNDS
    part = sys.argv[4] if len(sys.argv) > 4 else ""
    sides = [Side(url) for url in sys.argv[1:3]]
    print(f"load {os.getloadavg()[0]:.1f}, {rounds} rounds, medians")
    print(f"{'page':<72} {'queries':>7} {'small ms':>8} {'big ms':>8} {'ratio':>6} {'best':>6}")
    wanted = [name for name in names() if part in name]
    missed = sum(not compare(name, sides, rounds) for name in wanted)
    for side in sides:
        side.close()
    print(f"load {os.getloadavg()[0]:.1f}; {missed} of {len(wanted)} over")


if __name__ == "__main__":
    main()
