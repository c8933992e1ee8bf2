import os
import time
from typing import Any

from django.apps import AppConfig
from django.db import connection


def write_lines(rows: list[Any], cases: Any) -> None:
    """One line per effect, then a moment of work, so that a kill can fall between the line and its commit."""
    from deadlines import clock

    for row in rows:
        with connection.cursor() as cursor:
            line = [row.pk, row.due_on, clock.now(), os.getpid()]
            cursor.execute("INSERT INTO ledger (deadline_id, due_on, dated, pid) VALUES (%s, %s, %s, %s)", line)
        time.sleep(float(os.environ["LEDGER_SECONDS"]))


class LedgerConfig(AppConfig):
    name = "tests.deadlines.ledger"

    def ready(self) -> None:
        from deadlines.registry import Kind, kinds

        kinds["ledger"] = Kind("记账", "duty", warn_days=(1,), on_due=write_lines, escalate_to=("city_agency",))
