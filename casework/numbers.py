"""Numbers of cases: one series per kind, place and year."""

from __future__ import annotations

from datetime import date

from django.db import connection

TITLES = {"application": "定申", "agreement": "定协", "dispute": "争议"}


def case_number(name: str, day: date, place: str | None) -> str:
    """The next number, such as 定申2026-110105-00012; the counter's row is locked until the act commits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into casework_casecounter (name, place, year, last) values (%s, %s, %s, 1) "
            "on conflict (name, place, year) do update set last = casework_casecounter.last + 1 returning last",
            [name, place or "", day.year],
        )
        serial = cursor.fetchone()[0]
    return f"{TITLES[name]}{day.year}-{(place or '').upper()}-{serial:05d}"
