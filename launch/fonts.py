"""Fonts for the papers: Debian's Noto, and Fandol, which the command `install_fonts` takes out of a Debian package."""

import subprocess

from launch import debian
from launch.saying import say
from launch.state import CLONE, State

CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


def provide(state: State, environ: dict[str, str]) -> None:
    """Fetch what is missing as far as possible; `install_fonts` says what papers will look like."""
    configure(state)
    if any(state.fonts.glob("Fandol*.otf")):
        return
    say("Fetching the Fandol fonts for official papers (50 MB, once)")
    if debian.is_debian() and not debian.have_lists():
        debian.update(state.logs / "fonts.log")
    subprocess.run([state.python, "-m", "launch.steps", "fonts"], cwd=CLONE, env=environ, stdout=subprocess.DEVNULL, check=False)


def configure(state: State) -> None:
    """Let programs of this clone see the fonts of the state folder besides the system's."""
    state.fonts.mkdir(parents=True, exist_ok=True)
    file = state.fonts / "fonts.conf"
    text = CONFIGURATION.format(fonts=state.fonts, cache=state.fonts / "cache")
    if not file.exists() or file.read_text() != text:
        file.write_text(text)
