"""Runs other programs: quietly while they succeed, with the end of what they said when they fail."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from launch.saying import Stop


def run(command: Sequence[str | Path], log: Path, failing: str, environ: Mapping[str, str] | None = None, **options: Any) -> None:
    """Run to its end, its output kept in `log`; Stop with `failing` and the last lines when it fails."""
    if not attempt(command, log, environ, **options):
        raise Stop(f"{failing}\n{tail(log)}\n(the whole of it: {log})")


def attempt(command: Sequence[str | Path], log: Path, environ: Mapping[str, str] | None = None, **options: Any) -> bool:
    """Run to its end, its output kept in `log`; whether it succeeded."""
    with log.open("w") as output:
        done = subprocess.run(
            list(map(str, command)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environ or {})},
            check=False,
            **options,
        )
    return done.returncode == 0


def tail(log: Path, lines: int = 15) -> str:
    """The end of a log, indented."""
    return "\n".join("    " + line for line in log.read_text(errors="replace").splitlines()[-lines:])
