"""Every list page at two sizes: queries and server time: python -m bench.lists SMALL_DATABASE_URL BIG_DATABASE_URL"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time

from bench.common import ready, token

ROUNDS = 7
PAGES = {
    "city_agency": [
        "/desk/", "/desk/applications/", "/desk/applications/?state=accepted", "/desk/agreements/", "/desk/agreements/?state=suspended",
        "/desk/institutions/", "/desk/institutions/?q=安康", "/desk/notices/", "/desk/people/", "/desk/proposals/", "/desk/calendar/",
        "/desk/consistency/",
    ],
    "district_agency": ["/desk/", "/desk/applications/", "/desk/agreements/", "/desk/institutions/", "/desk/calendar/"],
    "city_bureau": ["/desk/overview/", "/desk/agreements/"],
    "administrator": ["/desk/timers/", "/desk/consistency/"],
    "": ["/public/institutions/", "/public/terminated/", "/public/notices/"],
}  # fmt: skip
ROUTES = ["applications", "agreements", "institutions", "people", "documents", "deadlines", "records", "proposals", "public/institutions",
          "public/terminations", "public/notices"]  # fmt: skip


def measure() -> dict[str, tuple[int, float, int]]:
    """Address → queries, median milliseconds, status."""
    ready()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from offices.models import User

    settings.ALLOWED_HOSTS = ["*"]
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    found: dict[str, tuple[int, float, int]] = {}

    def look(name: str, client: Client, address: str, headers: dict[str, str]) -> None:
        times = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            answer = client.get(address, headers=headers)
            times.append((time.perf_counter() - begun) * 1000)
        with CaptureQueriesContext(connection) as queries:
            client.get(address, headers=headers)
        found[name] = (len(queries), statistics.median(times[1:]), answer.status_code)

    for role, addresses in PAGES.items():
        client = Client()
        if role:
            token(role)
            client.force_login(User.objects.get(username=f"bench-{role}"), backend="django.contrib.auth.backends.ModelBackend")
        for address in addresses:
            look(f"{role or 'public'} {address}", client, address, {})
    headers = {"Authorization": f"Bearer {token()}"}
    for route in ROUTES:
        look(f"api {route}", Client(), f"/api/v1/{route}", headers)
    return found


def main() -> None:
    if len(sys.argv) == 1:
        print(json.dumps(measure()))
        return
    both = []
    for url in sys.argv[1:3]:
        told = subprocess.run(
            [sys.executable, "-m", "bench.lists"], env={**os.environ, "DATABASE_URL": url}, capture_output=True, text=True
        )
        if told.returncode:
            sys.exit(told.stderr)
        both.append(json.loads(told.stdout.splitlines()[-1]))
    small, big = both
    print(f"{'page':<48} {'queries':>9} {'small ms':>9} {'big ms':>9} {'ratio':>6}")
    for name, (queries, took, status) in small.items():
        more, longer, _ = big[name]
        mark = "" if more == queries and longer <= took * 1.3 else "  <-"
        shown = f"{queries}" if queries == more else f"{queries}/{more}"
        print(f"{name:<48} {shown:>9} {took:>9.1f} {longer:>9.1f} {longer / took:>6.2f}{mark}{'' if status == 200 else f' {status}'}")


if __name__ == "__main__":
    main()
