"""The virtual environment of a clone, made from its requirements and made again when they change."""

import os
import shutil
import sys
from pathlib import Path

from launch import commands
from launch.saying import say
from launch.state import CLONE, State, digest

UV = "uv==0.13.9"
# The system's certificates, where there are any, count for uv too: behind a company's proxy nothing else works.
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def provide(state: State, requirements: str) -> None:
    """Make sure that the environment holds what the file of requirements names."""
    wanted = mark(state, requirements)
    if state.stamp("environment") == wanted and state.python.exists():
        return
    # The database server may run as another user, who must be able to read its programs in the environment.
    mask = os.umask(0o022)
    try:
        if not (state.stamp("environment") and state.python.exists() and state.stamp("python") == sys.version):
            make(state)
        fill(state, requirements)
    finally:
        os.umask(mask)
    state.set_stamp("python", sys.version)
    state.set_stamp("environment", wanted)


def mark(state: State, requirements: str) -> str:
    """Changes when the environment must be filled again."""
    files = [*CLONE.glob("requirements*.txt"), CLONE / "constraints.txt"]
    return digest(files, requirements, sys.version, str(state.venv))


def make(state: State) -> None:
    """An empty environment."""
    say(f"Making a virtual environment in {state.venv}")
    shutil.rmtree(state.venv, ignore_errors=True)
    commands.run([sys.executable, "-m", "venv", state.venv], state.logs / "venv.log", "No virtual environment could be made.")


def fill(state: State, requirements: str) -> None:
    """Install with uv, ten times as fast; with pip where uv cannot be had or fails (it does not read pip's settings)."""
    say(f"Installing {requirements}")
    log = state.logs / "packages.log"
    pip: list[str | Path] = [state.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    file = CLONE / requirements
    uv: list[str | Path] = [state.venv / "bin" / "uv", "pip", "install", "--python", state.python, "--requirement", file]
    trust = {"UV_SYSTEM_CERTS": "1"} if CERTIFICATES.exists() else {}
    if commands.attempt([*pip, UV], log) and commands.attempt(uv, log, trust):
        return
    say("  uv did not manage; installing with pip, which takes a minute")
    commands.run([*pip, "--requirement", file], log, "The Python packages could not be installed.")


def packages(state: State) -> Path:
    """Where the environment's packages lie."""
    return next((state.venv / "lib").glob("python3.*/site-packages"))
