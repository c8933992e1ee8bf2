"""`./run` before anything is started: its arguments, its port, what it says."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from launch import running
from launch.saying import Stop
from launch.state import CLONE


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_is_named_in_a_sentence(taken: int) -> None:
    with pytest.raises(Stop, match=f"Port {taken} on 127.0.0.1 is taken.*--port"):
        running.listen("127.0.0.1", taken)


def test_without_a_port_the_next_free_one_is_chosen(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PORT", taken)
    with running.listen("127.0.0.1", None) as listening:
        assert taken < listening.getsockname()[1] < taken + running.PORTS_TO_TRY


def test_an_address_that_is_not_this_machines() -> None:
    with pytest.raises(Stop, match=r"192\.0\.2\.1"):
        running.listen("192.0.2.1", None)


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::1", "[::1]")])
def test_the_address_is_one_that_a_browser_here_can_open(host: str, shown: str) -> None:
    assert running.shown(host) == shown


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [(["--help"], 0, "--no-demo"), (["--port", "70000"], 2, "1 to 65535"), (["--prot", "1"], 2, "--prot")],
)
def test_arguments(arguments: list[str], status: int, said: str) -> None:
    answer = subprocess.run([sys.executable, "run", *arguments], cwd=CLONE, capture_output=True, text=True, check=False)
    assert answer.returncode == status
    assert said in answer.stdout + answer.stderr


@pytest.mark.parametrize("script", ["run", "test", ".ci/run", "manage.py"])
def test_the_scripts_can_be_called(script: str) -> None:
    assert os.access(CLONE / script, os.X_OK)
    if not script.startswith(".ci"):
        compile((CLONE / script).read_text(), script, "exec")


def test_each_database_has_marks_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    embedded = running.named("demo")
    monkeypatch.setenv("DATABASE_URL", "postgresql://a")
    one = running.named("demo")
    monkeypatch.setenv("DATABASE_URL", "postgresql://b")
    assert len({embedded, one, running.named("demo")}) == 3
