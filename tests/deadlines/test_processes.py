"""Real worker processes on a real database, killed in mid-sweep: nothing lost, nothing twice (R7)."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from deadlines import clock, registry
from deadlines.calendar_changes import seed
from deadlines.loading import working_calendar
from deadlines.models import Deadline, Firing, Reminder
from deadlines.sync import sync
from deadlines.wakes import due_moment
from tests.deadlines.conftest import wanted

pytestmark = [pytest.mark.processes, pytest.mark.clause("R7"), pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)
PATIENCE = 60.0

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def _ledger() -> Iterator[None]:
    """The table that the effects write to. It has no constraint of its own: an effect that ran twice shows."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE ledger (id bigserial, deadline_id bigint, due_on date, dated timestamptz, pid int)")
    registry.kinds["ledger"] = registry.Kind("记账", "duty", warn_days=(1,), escalate_to=("city_agency",))
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE ledger")


@pytest.fixture
def start(tmp_path: Path, _ledger: None) -> Iterator[Start]:
    """Start a process of the product on this test's database; whatever still runs at the end is killed with its children."""
    database = connection.settings_dict
    where = f"?host={quote(str(database['HOST']), safe='')}&port={database['PORT']}" if database["HOST"] else ""
    url = f"postgresql://{quote(database['USER'])}:{quote(database['PASSWORD'])}@/{quote(database['NAME'])}{where}"
    (tmp_path / "broker" / "messages").mkdir(parents=True)
    (tmp_path / "broker" / "control").mkdir()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.deadlines.worker_settings",
        "DATABASE_URL": url,
        "DINGDIAN_STATE": str(tmp_path),
        "DINGDIAN_TICK_SECONDS": "1",
        "CELERY_BROKER_URL": "filesystem://",
    }
    started: list[subprocess.Popen[bytes]] = []

    def run(*arguments: str, work: float = 0.01) -> subprocess.Popen[bytes]:
        log = (tmp_path / f"{len(started)}.log").open("wb")
        with log:
            process = subprocess.Popen(
                [sys.executable, "-m", *(arguments or ("tests.deadlines.sweeper",))],
                cwd=settings.BASE_DIR,
                start_new_session=True,
                env={**environment, "LEDGER_SECONDS": str(work)},
                stdout=log,
                stderr=log,
            )
        started.append(process)
        return process

    yield run
    for process in started:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the process and its children: nobody gets to tidy up."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def put_due(number: int, first_due: date, days: int = 1) -> None:
    """That many duties, spread evenly over the days from the first due day on."""
    for n in range(number):
        due = wanted(first_due + (n * days // number) * DAY).due
        sync("ledger_case", n + 1, [wanted(due=due, kind="ledger")], institution_id=7, district="110105")


def lines() -> list[tuple[int, date, Any, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadline_id, due_on, dated, pid FROM ledger ORDER BY id")
        return cursor.fetchall()


def wait_until(condition: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, f"waited in vain for {what}"
        time.sleep(0.01)


def assert_nothing_lost_nothing_twice(number: int) -> None:
    written = lines()
    assert sorted(line[0] for line in written) == sorted(Deadline.objects.values_list("pk", flat=True))
    assert len(written) == number
    assert all(dated == due_moment(due_on) for _, due_on, dated, _ in written)
    assert Deadline.objects.filter(state="missed", wake_at=None, attempts=0).exclude(fired_at=None).count() == number
    assert Firing.objects.count() == number
    assert Reminder.objects.filter(mark="overdue").count() == number


def kill_again_and_again(start: Start, kills: int, *, rows: int) -> int:
    """How many rows had been done when the last worker was killed; the next one does the rest."""
    put_due(rows, clock.today() - 3 * DAY, days=3)
    for _ in range(kills):
        before = len(lines())
        process = start()
        wait_until(lambda: len(lines()) >= before + 5 or process.poll() is not None, "the first effects")  # noqa: B023
        assert process.poll() is None, "the sweep ended before it could be killed: give it more rows"
        kill(process)
        assert process.returncode == -signal.SIGKILL
    done = len(lines())
    assert start().wait(PATIENCE) == 0
    assert_nothing_lost_nothing_twice(rows)
    return done


def test_killed_five_times_in_mid_sweep(start: Start) -> None:
    assert 25 <= kill_again_and_again(start, 5, rows=150) < 150


@pytest.mark.long
def test_killed_fifty_times_in_mid_sweep(start: Start) -> None:
    assert 250 <= kill_again_and_again(start, 50, rows=1500) < 1500


def test_two_workers_at_once_share_the_work(start: Start) -> None:
    put_due(120, clock.today() - DAY)
    workers = [start(work=0.05), start(work=0.05)]
    assert [worker.wait(PATIENCE) for worker in workers] == [0, 0]
    assert_nothing_lost_nothing_twice(120)
    assert {pid for _, _, _, pid in lines()} == {worker.pid for worker in workers}


def test_one_of_two_workers_killed(start: Start) -> None:
    put_due(120, clock.today() - DAY)
    victim, survivor = start(work=0.05), start(work=0.05)
    wait_until(lambda: any(pid == victim.pid for *_, pid in lines()), "the first effect of the one to be killed")
    kill(victim)
    assert survivor.wait(PATIENCE) == 0
    assert start().wait(PATIENCE) == 0
    assert_nothing_lost_nothing_twice(120)


def test_three_days_of_outage_are_made_good_in_order_and_dated_as_due(start: Start) -> None:
    put_due(60, clock.today() - 3 * DAY, days=3)
    put_due_later = wanted(clock.today() + DAY, kind="ledger")
    sync("ledger_case", 1000, [put_due_later], institution_id=7, district="110105")
    assert start(work=0).wait(PATIENCE) == 0
    due_days = [due_on for _, due_on, _, _ in lines()]
    assert due_days == sorted(due_days)
    assert set(due_days) == {clock.today() - n * DAY for n in (3, 2, 1)}
    later = Deadline.objects.get(case_id=1000)
    assert (later.state, later.fired_at, later.warned) == ("open", None, [1])
    assert Reminder.objects.get(deadline=later).days_left == 1
    later.reminders.all().delete()
    later.delete()
    assert_nothing_lost_nothing_twice(60)


def test_celery_ticks_sweep_and_a_killed_worker_loses_nothing(start: Start) -> None:
    put_due(120, clock.today() - DAY)
    celery = ("celery", "-A", "config", "worker", "-B", "--concurrency", "2", "--loglevel", "INFO")
    first = start(*celery, work=0.03)
    wait_until(lambda: len(lines()) >= 5, "the first effects")
    kill(first)
    assert len(lines()) < 120
    start(*celery)
    wait_until(lambda: not Deadline.objects.exclude(wake_at=None).exists(), "the rest")
    assert_nothing_lost_nothing_twice(120)


@pytest.mark.clause("R1")
def test_a_process_sees_at_once_what_another_did_to_the_calendar(start: Start, tmp_path: Path) -> None:
    seed()
    assert working_calendar().is_working(date(2026, 3, 9))
    amendment = tmp_path / "amendment.csv"
    amendment.write_text("day,working\n2026-03-09,0\n", encoding="utf-8")
    assert start("manage", "import_calendar", str(amendment)).wait(PATIENCE) == 0
    assert not working_calendar().is_working(date(2026, 3, 9))
