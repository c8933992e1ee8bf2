"""Fonts for the papers: Debian's, and Fandol from the state folder."""

from pathlib import Path

from launch import debian
from launch.saying import say
from launch.state import State

CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


def provide(state: State) -> Path:
    """Fetch what is missing as far as possible; the fontconfig file to use."""
    absent = debian.install(debian.FONTS, state.logs / "fonts.log")
    if absent:
        say(f"Papers will lack Chinese characters until you run:  {debian.line(absent)}")
    if not debian.fandol(state.fonts, state.logs / "fandol.log"):
        say(
            "The Fandol fonts could not be fetched (apt-get download needs package lists: sudo apt-get update); "
            "papers use the Chinese fonts of this system instead."
        )
    state.fonts.mkdir(parents=True, exist_ok=True)
    file = state.fonts / "fonts.conf"
    text = CONFIGURATION.format(fonts=state.fonts, cache=state.fonts / "cache")
    if not file.exists() or file.read_text() != text:
        file.write_text(text)
    return file
