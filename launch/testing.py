"""`./test`: everything that says whether the house stands, part by part, each with its time."""

import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from launch import debian, preparing, signals, state
from launch.locks import Lock
from launch.saying import Stop
from launch.state import CLONE, State

NO_TESTS = 5
ORDINARY = "not browser and not processes and not long"
QUICK = f"{ORDINARY} and not slow"


@dataclass(frozen=True)
class Part:
    """One part: a command in the environment; the ones with a report are pytest's."""

    name: str
    command: tuple[str, ...]
    report: str = ""


@dataclass
class Outcome:
    """How a part went."""

    name: str
    seconds: float
    status: int


# What takes longest stands first, for two of them run at a time.
QUALITY = (
    Part("mypy", ("mypy", ".")),
    Part("ruff", ("ruff", "check", ".")),
    Part("format", ("ruff", "format", "--check", ".")),
    Part("floors", ("lint-imports", "--config", "pyproject.toml")),
    Part("migrations", ("python", "manage.py", "makemigrations", "--check", "--dry-run")),
    Part("templates", ("djlint", "--lint", "--quiet", "templates", "pages")),
)


# One migrated database, and a copy for each worker.
DATABASES = Part("databases", ("python", "-m", "launch.steps", "test-databases"))
WORKERS = ("-n", "2", "--dist", "worksteal")
# In the order of the files the longest tests begin early, and neither worker waits long for the other.
IN_ORDER = (*WORKERS, "-p", "no:randomly")


def pytest(name: str, marks: str, *arguments: str) -> Part:
    return Part(name, ("python", "-m", "pytest", "--reuse-db", "-m", marks, *arguments), name)


def kind_of(arguments: Sequence[str]) -> str:
    """`quick`, `long` or nothing; tests read it as TEST_KIND where a number of tries depends on it."""
    return arguments[0] if arguments and arguments[0] in {"quick", "long"} else ""


def parts(arguments: Sequence[str]) -> list[Part]:
    """What `./test ARGUMENTS` runs: with arguments for pytest, those tests and nothing else."""
    kind = kind_of(arguments)
    passed_on = list(arguments[1:] if kind else arguments)
    if passed_on:
        return [DATABASES, pytest("tests", "long" if kind == "long" else "not long", *passed_on)]
    chosen = [DATABASES, *QUALITY, pytest("tests", QUICK if kind == "quick" else ORDINARY, *WORKERS)]
    if kind != "quick":
        chosen += [pytest("processes", "processes and not long", *IN_ORDER)]
        chosen += [pytest("browser", "browser and not long and not processes", *IN_ORDER)]
    if kind == "long":
        chosen += [pytest("long", "long", *WORKERS)]
    return chosen


def main(arguments: list[str]) -> int:
    """The exit status of `./test ARGUMENTS`."""
    if arguments and arguments[0] in {"-h", "--help"}:
        print("./test            everything but what is marked long")
        print("./test quick      without real processes, without the browser, without what is marked slow")
        print("./test long       everything")
        print("./test ARGUMENTS  only pytest, with these arguments: ./test -k name, ./test tests/offices -x")
        return 0
    signals.listen()
    try:
        return test(arguments)
    except Stop as stop:
        return preparing.explain_stop(stop)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def test(arguments: list[str]) -> int:
    here = state.state("test")
    running = Lock(here.folder / "test.lock")
    if not running.try_alone():
        raise Stop("The tests of this clone are running already; two at once would use the same database.")
    began = time.monotonic()
    environ = environment(here, kind_of(arguments))
    reports = here.folder / "reports"
    shutil.rmtree(reports, ignore_errors=True)
    outcomes = [Outcome("set-up", time.monotonic() - began, 0)]
    with database(here) as url:
        environ["DATABASE_URL"] = url
        outcomes += run_all(parts(arguments), environ, reports)
        if "DATABASE_URL" in os.environ:
            subprocess.run([*DATABASES.command[:-1], "drop-test-databases"], cwd=CLONE, env=environ, check=False)
    return summary(outcomes, reports, time.monotonic() - began)


def environment(here: State, kind: str) -> dict[str, str]:
    """The environment of the tests, with a browser."""
    provided = preparing.provide(here, "requirements-dev.txt", debian.BROWSER)
    return {**os.environ, **provided, "DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_KIND": kind}


@contextmanager
def database(here: State) -> Iterator[str]:
    """A server of the tests' own, or the one of DATABASE_URL."""
    url = os.environ.get("DATABASE_URL")
    with nullcontext(url) if url else preparing.cluster(here, forgetful=True).used() as address:
        yield address


def run_all(chosen: list[Part], environ: dict[str, str], reports: Path) -> list[Outcome]:
    """Pytest's parts use all cores and come one after the other; the others use one, and two run at a time."""
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda part: run_unheard(part, environ), [part for part in chosen if not part.report]))
    return [*outcomes, *(run(part, environ, reports) for part in chosen if part.report)]


def run_unheard(part: Part, environ: dict[str, str]) -> Outcome:
    """Run one part to its end and tell then what it said, so that two do not talk at once."""
    began = time.monotonic()
    done = subprocess.run(
        part.command, cwd=CLONE, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    outcome = Outcome(part.name, time.monotonic() - began, done.returncode)
    print(f"{heading(part)}{done.stdout.decode(errors='replace')}{ending(outcome)}", flush=True)
    return outcome


def run(part: Part, environ: dict[str, str], reports: Path) -> Outcome:
    """Run pytest to its end; finding nothing to run is no failure."""
    print(heading(part), end="", flush=True)
    began = time.monotonic()
    command = [*part.command, f"--junit-xml={reports / part.report}.xml"]
    process = subprocess.Popen(command, cwd=CLONE, env=environ, stdin=subprocess.DEVNULL)
    try:
        status = process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise
    outcome = Outcome(part.name, time.monotonic() - began, 0 if status == NO_TESTS else status)
    print(ending(outcome), flush=True)
    return outcome


def heading(part: Part) -> str:
    return f"\n== {part.name}: {' '.join(part.command)}\n"


def ending(outcome: Outcome) -> str:
    how = f"ended by signal {-outcome.status}" if outcome.status < 0 else "failed" if outcome.status else "passed"
    return f"== {outcome.name}: {how} in {outcome.seconds:.1f} s"


def summary(outcomes: list[Outcome], reports: Path, seconds: float) -> int:
    """A table of the parts, the count of the tests, and the exit status."""
    print("\n== all parts")
    for outcome in outcomes:
        print(f"   {outcome.name:<12} {outcome.seconds:7.1f} s  {'failed' if outcome.status else 'passed'}")
    print(f"   {'together':<12} {seconds:7.1f} s")
    passed, failed = counted(reports)
    broken = [outcome.name for outcome in outcomes if outcome.status]
    if not passed and not failed:
        broken.append("no test ran")
    if broken:
        print(f"   failed: {', '.join(broken)}")
    print(f"\n{passed} passed, {failed} failed")
    return 1 if broken or failed else 0


def counted(reports: Path) -> tuple[int, int]:
    """Passed and failed tests of all reports."""
    passed = failed = 0
    for report in reports.glob("*.xml"):
        for suite in ElementTree.parse(report).iter("testsuite"):  # noqa: S314
            count = {name: int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")}
            failed += count["failures"] + count["errors"]
            passed += count["tests"] - count["failures"] - count["errors"] - count["skipped"]
    return passed, failed
