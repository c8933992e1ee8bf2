"""The Fandol fonts for official papers, which the command `install_fonts` takes out of a Debian package."""

import subprocess

from launch import debian
from launch.saying import say
from launch.state import CLONE, State


def provide(state: State, environ: dict[str, str]) -> None:
    """Fetch what is missing as far as possible; `install_fonts` says what papers will look like."""
    state.fonts.mkdir(parents=True, exist_ok=True)
    if any(state.fonts.glob("Fandol*.otf")):
        return
    say("Fetching the Fandol fonts for official papers (50 MB, once)")
    if debian.is_debian() and not debian.have_lists():
        debian.update(state.logs / "fonts.log")
    subprocess.run([state.python, "-m", "launch.steps", "fonts"], cwd=CLONE, env=environ, stdout=subprocess.DEVNULL, check=False)
