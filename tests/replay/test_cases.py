"""The written cases of docs/cases: every expectation holds, and timers change no answer (R7)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from applications import materials
from applications.models import Application
from casework.tables import CLAUSE
from deadlines import clock
from replay.case import Step
from replay.case_file import read_case
from replay.databases import Databases
from replay.playing import Played, play
from replay.printing import as_lines, ok
from replay.stage import Stage
from replay.steps import applying

FOLDER = Path(__file__).parents[2] / "docs" / "cases"
BOTH_KINDS_OF_ROAD = ("M8.1", "M9.1", "M9.3", "M9.4", "M9.5", "M10.1", "M10.2", "M11", "M20", "M41.3")
SHOWN: dict[str, tuple[str, ...]] = {
    "01-month-end": ("R1", "M9.2"),
    "02-leap-day": ("R1", "M9.2", "M41.1", "M41.3"),
    "03-spring-festival": ("R1", "M8.2", "M9.2"),
    "04-national-day-notice": ("R1", "R12", "P8.5"),
    "05-clock-stands-still": ("R2", "M9.2"),
    "06-supplement": ("R3", "M8.1", "M8.2"),
    "07-late-notice": ("R3", "M8.1", "M8.2"),
    "08-insist-hospital": ("R11", "R13", "R15", "M6.1", "M12.4", "M29"),
    "09-insist-pharmacy": ("R15", "P11.6"),
    "10-penalty": ("R4", "M12.3"),
    "11-penalty-pharmacy": ("R4", "P11.1", "P7.1"),
    "12-fraud": ("R4", "M12.4"),
    "13-fraud-pharmacy": ("R1", "R4", "P11.2"),
    "14-dishonest-list": ("R4", "M12.8", "P11.6"),
    "15-several-bars": ("R4", "M9.8", "M12.3", "M12.4", "M12.8"),
    "16-team": ("M9.1",),
    "17-no-result-while-open": ("R2", "P8.2", "P8.3", "P28"),
    "18-second-failure": ("M9.6", "M9.7", "M9.8"),
    "19-gate-new-application": ("R3", "P8.7", "P8.8"),
    "20-service-by-announcement": ("M9.6", "M9.7"),
    "21-objections": ("R12", "M9.4", "M9.5"),
    "22-bar-before-signing": ("R3", "R4", "M12.8", "P11.6"),
    "23-terms": ("M9.4", "M9.5", "M10.1", "M10.4", "M29"),
    "24-internet-hospital": ("M5.2",),
    "25-hundred-beds": ("I45", "M6.3"),
    "26-hospital-conditions": ("R13", "M5", "M6.1", "M6.2", "M6.3", "M6.4", "M6.5", "M12.1"),
    "27-pharmacy-conditions": ("R13", "P5", "P5.1", "P5.2", "P5.3", "P5.4"),
    "28-allocation": ("M4",),
    "29-corrections": ("M29", "R7"),
    "30-powers": ("M3", "R16"),
    "31-set-day": ("R1",),
    "32-other-endings": ("R2", "M10.1"),
    "33-two-signatures": ("M29", "P28"),
    "34-whole-road-hospital": BOTH_KINDS_OF_ROAD,
    "36-second-fail-on-paper": ("R3", "R16", "M9.7", "M9.8"),
    "35-whole-road-pharmacy": ("P7.2", "P8.6", "P8.7", "P9.4", "P10", "P38.3"),
}


def cases() -> list[object]:
    files = sorted(FOLDER.glob("*.yaml"))
    return [pytest.param(path, marks=marks(path), id=path.stem) for path in files]


def marks(path: Path) -> list[pytest.MarkDecorator]:
    """``./test quick`` plays every tenth."""
    return [pytest.mark.clause(*shown(path)), *([] if path.stem[1] == "5" else [pytest.mark.slow])]


def shown(path: Path) -> tuple[str, ...]:
    """What a case shows: as listed above, else what its own comments name."""
    return SHOWN.get(path.stem) or tuple(sorted(set(CLAUSE.findall(path.read_text(encoding="utf-8")))))


# Papers that only timers issue.
BY_TIMERS = {21, 22, 32}


def without_timers(played: Played) -> Any:
    """The answer to a step without what only timers do."""
    if played.step.asks and played.step.word == "documents":
        return [number for number in played.answer if number not in BY_TIMERS]
    return played.answer


@pytest.fixture(scope="module")
def playground(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """One database for all cases of a worker: each is played in a transaction that is undone. Real commits have tests of their own."""
    with django_db_blocker.unblock(), Databases().fresh():
        yield


@contextmanager
def undone() -> Iterator[None]:
    """Everything that happens within is checked as a commit would check it, and undone."""
    with transaction.atomic():
        yield
        connection.check_constraints()
        transaction.set_rollback(True)


def lay(stage: Stage, given: Step, application: Application, items: list[str]) -> None:
    """Files in their slots without an act for each, which makes up a third of all acts of the cases."""
    for item in items:
        materials.store(application, item, stage.file(given, item), None, clock.now())


@pytest.mark.usefixtures("playground")
@pytest.mark.clause("R7")
@pytest.mark.parametrize("path", cases())
def test_every_expectation_holds_and_timers_change_no_answer(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = read_case(path)
    if "whole-road" not in path.stem:
        monkeypatch.setattr(applying, "upload", lay)
    said = []
    for sweep in (True, False):
        with undone():
            played = play(case, sweep=sweep)
        assert ok(played), "\n".join(as_lines(case, played, path.name))
        said.append([(each.result, each.clauses, without_timers(each)) for each in played])
    assert said[0] == said[1]


def test_there_are_enough_of_them() -> None:
    assert len(cases()) >= 90
