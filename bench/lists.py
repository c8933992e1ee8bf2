"""Every list page at two sizes, queries and server time: python -m bench.lists SMALL_URL BIG_URL [rounds] [part of a name] …

A process for each size; a page is asked of both in turn, so that other work on the machine falls on both alike. The rounds are
spread over several passes through all pages: whatever slows the machine for a second then touches a few rounds of a page, and
not most of them. The median of the rounds is compared. Beside it the ratio of the processor time of the process and its
database backend (their medians), which other work on the machine disturbs less than the time on the clock; it leaves out
waiting for the disk. ``rows`` tells how full the page was: where the small list is no whole page, the big one shows more and
takes longer for that alone. Each search for a rare word (安康) has one beside it for a word that fills the page at either size.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.common import ready, token

ROUNDS = 15
PASSES = 3
MOST = 1.3
DISTRICT = "110105"  # that with the most institutions
ROW = re.compile(rb"<tr|\{\"id\"")
PAGES = {
    "city_agency": [
        "/desk/", "/desk/?matter=accepted", "/desk/?due=overdue", "/desk/?q=诊所", "/desk/applications/",
        "/desk/applications/?q=卫生", "/desk/applications/?state=accepted",
        "/desk/applications/?state=open&district=110105&kind=pharmacy", "/desk/applications/?due=overdue&state=open",
        "/desk/agreements/", "/desk/agreements/?state=suspended", "/desk/agreements/?state=alive&district=110105&kind=hospital",
        "/desk/agreements/?ends=30", "/desk/agreements/?filed=no", "/desk/agreements/?q=安康", "/desk/agreements/?q=中医",
        "/desk/institutions/",
        "/desk/institutions/?q=安", "/desk/institutions/?q=安康", "/desk/institutions/?q=中医", "/desk/institutions/?q=医院",
        "/desk/institutions/?q=安康堂", "/desk/institutions/?q=安康+药店",
        "/desk/institutions/?q=安康&district=110105&kind=pharmacy", "/desk/institutions/?q=没有",
        "/desk/institutions/?stands=designated&district=110105", "/desk/institutions/?stands=none", "/desk/life/",
        "/desk/life/?sort=termination_case", "/desk/life/?sort=termination_request", "/desk/life/?sort=renewal",
        "/desk/life/?sort=renewal&q=诊所",
        "/desk/life/?sort=change", "/desk/life/?sort=change&state=all&district=110105&kind=hospital", "/desk/life/?sort=dispute",
        "/desk/renewals/", "/desk/renewals/?stage=quiet", "/desk/renewals/?stage=agreed&district=110105",
        "/desk/notices/", "/desk/people/", "/desk/people/?scope=all", "/desk/proposals/", "/desk/calendar/",
        "/desk/calendar/?whose=all", "/desk/consistency/", "/desk/overview/",
    ],
    "district_agency": [
        "/desk/", "/desk/?matter=submitted", "/desk/applications/", "/desk/applications/?state=accepted", "/desk/applications/?state=open",
        "/desk/agreements/", "/desk/institutions/", "/desk/institutions/?q=安康", "/desk/institutions/?q=医院", "/desk/life/",
        "/desk/life/?sort=change", "/desk/notices/", "/desk/proposals/", "/desk/calendar/", "/desk/calendar/?whose=all", "/desk/overview/",
    ],
    "district_bureau": ["/desk/overview/", "/desk/applications/", "/desk/calendar/"],
    "city_bureau": ["/desk/overview/", "/desk/agreements/", "/desk/calendar/"],
    "administrator": ["/desk/timers/", "/desk/consistency/"],
    "": [
        "/public/institutions/", "/public/institutions/?q=安康", "/public/institutions/?q=中医", "/public/institutions/?q=医院",
        "/public/institutions/?district=110105&kind=hospital",
        "/public/terminated/", "/public/notices/",
    ],
}  # fmt: skip
ROUTES = [
    "applications", "applications?state=accepted&district=110105", "agreements", "agreements?state=suspended", "institutions",
    "institutions?q=安康", "institutions?q=中医", "people", "documents", "deadlines", "records", "proposals", "public/institutions",
    "public/terminations", "public/notices",
]  # fmt: skip


def names() -> list[str]:
    """Everything that is measured, as ``serve`` is asked for it."""
    pages = [f"{role or 'public'} {address}" for role, addresses in PAGES.items() for address in addresses]
    return pages + [f"api {route}" for route in ROUTES]


def serve() -> None:
    """Answer names from standing input, a line each: statements, milliseconds on the clock and of processor time, status.

    A name after ``?`` has its statements counted.
    """
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
        district = DISTRICT if role.startswith("district") else ""
        token(role, district)
        clients[role] = Client()
        user = User.objects.get(username=f"bench-{role}{district}")
        clients[role].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for line in sys.stdin:
        count, (who, address) = line.startswith("?"), line.strip("?\n").split(" ", 1)
        address = f"/api/v1/{address}" if who == "api" else address
        number = 0
        connection.ensure_connection()
        used, begun = processor_time(connection.connection.info.backend_pid), time.perf_counter()
        if count:
            with CaptureQueriesContext(connection) as queries:
                answer = clients[who].get(address)
            number = len(queries)
        else:
            answer = clients[who].get(address)
        took = (time.perf_counter() - begun) * 1000
        used = processor_time(connection.connection.info.backend_pid) - used
        print(json.dumps([number, took, used, answer.status_code, len(ROW.findall(answer.content))]), flush=True)


def processor_time(backend: int) -> float:
    """Milliseconds that this process and the database's have run; the latter only where it runs on the same machine."""
    try:
        there = int(Path(f"/proc/{backend}/schedstat").read_text().split()[0]) / 1e6
    except OSError:
        there = 0.0
    return time.process_time() * 1000 + there


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


@dataclass
class Page:
    """What was measured of one page, small and big beside each other."""

    name: str
    times: tuple[list[float], list[float]] = field(default_factory=lambda: ([], []))
    used: tuple[list[float], list[float]] = field(default_factory=lambda: ([], []))
    told: list[Any] = field(default_factory=list)

    def measure(self, sides: list[Side], rounds: int) -> None:
        """Some rounds; the first two answers find things in memory and count the statements."""
        for side in sides:
            side.ask(self.name)
        self.told = [side.ask(f"?{self.name}") for side in sides]
        for turn in range(rounds):
            for which in (0, 1) if turn % 2 else (1, 0):
                _, took, ran, *_ = sides[which].ask(self.name)
                self.times[which].append(took)
                self.used[which].append(ran)

    @property
    def met(self) -> bool:
        """Whether the target is."""
        small, big = (statistics.median(each) for each in self.times)
        return self.told[0][0] == self.told[1][0] and big <= small * MOST

    def line(self) -> str:
        """One line of the table."""
        small, big = (statistics.median(each) for each in self.times)
        ran = statistics.median(self.used[1]) / statistics.median(self.used[0])
        (few, *_, fine, short), (many, *_, well, long) = self.told
        queries = f"{few}" if few == many else f"{few}/{many}"
        status = "" if fine == well == 200 else f" {fine}/{well}"
        figures = f"{queries:>7} {f'{short}/{long}':>9} {small:>8.1f} {big:>8.1f} {big / small:>6.2f} {ran:>6.2f}"
        return f"{self.name:<72} {figures}{'' if self.met else '  <-'}{status}"


def main() -> None:
    if len(sys.argv) == 1:
        serve()
        return
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else ROUNDS
    parts = sys.argv[4:] or [""]
    pages = [Page(name) for name in names() if any(part in name for part in parts)]
    sides = [Side(url) for url in sys.argv[1:3]]
    begun = os.getloadavg()[0]
    for number in range(PASSES):
        for page in pages:
            page.measure(sides, rounds // PASSES + (number < rounds % PASSES))
    for side in sides:
        side.close()
    print(f"load {begun:.1f}, {rounds} rounds in {PASSES} passes, medians")
    print(f"{'page':<72} {'queries':>7} {'rows':>9} {'small ms':>8} {'big ms':>8} {'ratio':>6} {'cpu':>6}")
    for page in pages:
        print(page.line())
    print(f"load {os.getloadavg()[0]:.1f}; {sum(not page.met for page in pages)} of {len(pages)} over")


if __name__ == "__main__":
    main()
