"""A whole start with real processes: it answers, tells its state, keeps its data and leaves nothing behind."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg2
import pytest
from django.conf import settings

from launch import environment, preparing
from launch.state import CLONE, State

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def here() -> Iterator[State]:
    """A state folder of these tests' own that borrows this environment and its fonts, so that nothing is downloaded."""
    folder = Path(tempfile.mkdtemp(prefix="dingdian-start-"))
    made = State(folder)
    made.make()
    made.venv.symlink_to(sys.prefix)
    made.set_stamp("environment", environment.mark(made, "requirements.txt"))
    if any(settings.FONT_DIR.glob("Fandol*.otf")):
        made.fonts.symlink_to(settings.FONT_DIR)
    else:
        made.fonts.mkdir()
        (made.fonts / "Fandol-stand-in.otf").touch()
    yield made
    for process in processes_of(made):
        process.kill()
    shutil.rmtree(folder)


def environ(here: State) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DINGDIAN_", "DATABASE_URL", "CELERY_", "DJANGO_"))}
    return {**kept, "DINGDIAN_STATE": str(here.folder)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def started(here: State, *arguments: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A start, once it says where it runs; stopped at the end if nobody else did."""
    told = here.logs / "start.log"
    with told.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "run", "--port", str(free_port()), *arguments],
            cwd=CLONE,
            env=environ(here),
            stdout=output,
            stderr=output,
            text=True,
            start_new_session=True,
        )
    try:
        yield process, told_address(process, told)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def told_address(process: "subprocess.Popen[str]", told: Path) -> str:
    while process.poll() is None:
        found = re.search(r"http://\S+", told.read_text())
        if found:
            return found[0]
        time.sleep(0.1)
    raise AssertionError(told.read_text())


def status(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return int(answer.status)


def manage(here: State, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "run", "manage", *command], cwd=CLONE, env=environ(here), capture_output=True, text=True, check=False
    )


def processes_of(here: State) -> list[psutil.Process]:
    """Everything that works with this state folder: our own by their environment, PostgreSQL by its command line."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("DINGDIAN_STATE") == str(here.folder) or str(here.folder) in " ".join(process.cmdline()):
                found.append(process)
        except (psutil.AccessDenied, psutil.NoSuchProcess):
            continue
    return found


def ask(here: State, question: str) -> list[tuple[object, ...]]:
    """Ask the embedded database while it runs."""
    connection = psycopg2.connect(preparing.cluster(here).url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchall()
    finally:
        connection.close()


COUNT = "SELECT count(*) FROM offices_office"


def test_a_start_answers_once_and_leaves_nothing_behind(here: State) -> None:
    with started(here, "--no-demo") as (process, at):
        assert status(f"{at}health/") == 200
        names = {" ".join(process.cmdline()) for process in processes_of(here)}
        assert all(any(part in name for name in names) for part in ("gunicorn", "worker", "beat", "postgres"))

        second = subprocess.run([sys.executable, "run"], cwd=CLONE, env=environ(here), capture_output=True, text=True, check=False)
        assert second.returncode == 1
        assert f"running already at {at}" in second.stderr
        assert status(f"{at}health/") == 200

        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert processes_of(here) == []


def test_data_stay_from_start_to_start_and_a_reset_drops_them(here: State) -> None:
    with started(here, "--no-demo"):
        everything = ask(here, COUNT)
        ask(here, "UPDATE offices_office SET phone = '1' RETURNING id")
    with started(here) as (process, _):
        assert ask(here, "SELECT DISTINCT phone FROM offices_office") == [("1",)]
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert processes_of(here) == []
    with started(here, "--reset", "--no-demo"):
        assert ask(here, COUNT) == everything
        assert ask(here, "SELECT DISTINCT phone FROM offices_office") != [("1",)]


@pytest.mark.long
def test_a_first_start_fills_in_the_demo_and_a_second_one_keeps_it(here: State) -> None:
    count = "SELECT count(*) FROM agreements_agreement"
    with started(here, "--reset"):
        [[made]] = ask(here, count)
        assert int(str(made)) > 10
        ask(here, "UPDATE offices_office SET phone = '1' RETURNING id")
    with started(here) as (_, at):
        assert status(f"{at}health/") == 200
        assert ask(here, count) == [(made,)]
        assert ask(here, "SELECT DISTINCT phone FROM offices_office") == [("1",)]


def test_a_killed_start_takes_its_processes_along_and_the_next_command_takes_the_database_over(here: State) -> None:
    with started(here, "--no-demo") as (process, _):
        process.kill()
        process.wait(10)
    until = time.monotonic() + 20
    while any("postgres" not in " ".join(process.cmdline()) for process in processes_of(here)) and time.monotonic() < until:
        time.sleep(0.2)
    # The server is not killed in mid-write: it stays until somebody uses it and leaves.
    assert all("postgres" in " ".join(process.cmdline()) for process in processes_of(here))
    assert manage(here, "check").returncode == 0
    assert processes_of(here) == []


def test_a_command_prints_nothing_but_its_own_and_stops_what_it_started(here: State) -> None:
    done = manage(here, "shell", "--no-imports", "-c", "print('own'); raise SystemExit(7)")
    assert (done.returncode, done.stdout) == (7, "own\n")
    assert processes_of(here) == []
