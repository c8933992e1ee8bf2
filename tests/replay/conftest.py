"""Cases are played in databases of their own, with real commits: no test transaction around them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from replay.case_file import case_of
from replay.databases import Databases
from replay.playing import Played, play
from replay.yaml_text import parse


@pytest.fixture
def databases(django_db_setup: None, django_db_blocker) -> Iterator[Databases]:
    with django_db_blocker.unblock():
        yield Databases()


@pytest.fixture
def played(databases: Databases) -> Callable[..., list[Played]]:
    """Plays a text; what became of its steps."""

    def run(text: str, sweep: bool | None = None) -> list[Played]:
        case = case_of(parse(dedent(text)), "test")
        with databases.fresh():
            return play(case, sweep=sweep)

    return run


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a text as a case file."""

    def write(text: str, name: str = "case.yaml") -> Path:
        path = tmp_path / name
        path.write_text(dedent(text), encoding="utf-8")
        return path

    return write
