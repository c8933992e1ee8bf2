"""Which font stands for each of the five that GB/T 9704-2012 names, which characters they lack, and what is printed instead.

Looked for first in the site's font folder (an office may put its own licensed fonts there; ``install_fonts`` puts Fandol),
then among the system's fonts. Nothing is taken silently: every stand-in is said in the log, in ``install_fonts`` and on the
document's record.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from documents import conf


@dataclass(frozen=True)
class Wanted:
    """A font the standard names: ``names`` are families that are it, ``stand_ins`` what may be printed instead."""

    role: str
    title: str
    names: tuple[str, ...]
    stand_ins: tuple[str, ...]
    bold: bool = False


SERIF, SANS = "Noto Serif CJK SC", "Noto Sans CJK SC"
WANTED = (
    Wanted(
        "fangsong",
        "仿宋",
        ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "FandolFang"),
        (SERIF, SANS, "FandolSong"),
    ),
    Wanted("kai", "楷体", ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "FandolKai"), (SERIF, SANS, "FandolSong")),
    Wanted("hei", "黑体", ("SimHei", "黑体", "STHeiti", "FandolHei"), (SANS, SERIF)),
    Wanted("song", "宋体", ("SimSun", "宋体", "STSong", "FandolSong"), (SERIF, SANS)),
    Wanted(
        "title",
        "小标宋",
        ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "方正小标宋_GBK", "STXiaobiaosong"),
        (SERIF, SANS, "FandolHei"),
        bold=True,
    ),
)


@dataclass(frozen=True)
class Choice:
    """What is used for one wanted font: a family, and its file when it lies in the site's folder."""

    wanted: Wanted
    family: str
    file: Path | None
    named: bool

    @property
    def sentence(self) -> str:
        if self.named:
            return f"{self.wanted.title}：{self.family}"
        if not self.family:
            return f"{self.wanted.title}：没有可用的中文字体，请安装 fonts-noto-cjk"
        return f"{self.wanted.title}：未安装，以 {self.family}{'（粗体）' if self.wanted.bold else ''} 代替"


@cache
def lookup() -> Mapping[str, Choice]:
    """The choice for each role; asked once per process."""
    own, system = _own_fonts(), _system_families()
    return {wanted.role: _choose(wanted, own, system) for wanted in WANTED}


def stand_ins() -> list[str]:
    """A sentence for each font that is not the one named."""
    return [choice.sentence for choice in lookup().values() if not choice.named]


def _choose(wanted: Wanted, own: Mapping[str, Path], system: frozenset[str]) -> Choice:
    for name in wanted.names:
        if name in own:
            return Choice(wanted, name, own[name], True)
    for name in wanted.names:
        if name in system:
            return Choice(wanted, name, None, True)
    for name in wanted.stand_ins:
        if name in system or name in own:
            return Choice(wanted, name, own.get(name), False)
    return Choice(wanted, "", None, False)


def _own_fonts() -> dict[str, Path]:
    """Family → file of the fonts in the site's folder; of several weights the regular one."""
    from fontTools.ttLib import TTFont, TTLibError

    found: dict[str, Path] = {}
    folder = conf.font_folder()
    for file in sorted([*folder.glob("*.otf"), *folder.glob("*.ttf")], key=lambda file: ("Regular" not in file.name, file.name)):
        try:
            with file.open("rb") as stream, TTFont(stream, lazy=True) as font:
                for record in font["name"].names:
                    if record.nameID in (1, 16):
                        found.setdefault(record.toUnicode(), file)
        except (TTLibError, OSError, UnicodeDecodeError):
            continue
    return found


def _fontconfig(*arguments: str) -> list[str]:
    program = shutil.which("fc-list")
    if program is None:
        return []
    done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    return done.stdout.splitlines()


def _system_families() -> frozenset[str]:
    return frozenset(name.strip() for line in _fontconfig(":", "--format=%{family}\n") for name in line.split(","))


@cache
def _covered() -> frozenset[int]:
    """Characters that every font from the site's folder has; a stand-in from the system has (nearly) all."""
    from fontTools.ttLib import TTFont

    sets = []
    for choice in lookup().values():
        if choice.file is not None:
            with TTFont(choice.file, lazy=True) as font:
                sets.append(frozenset(font.getBestCmap()))
    return frozenset.intersection(*sets) if sets else frozenset()


def is_rare(character: str) -> bool:
    """Whether a character may have to come from another font than its line's: its line would grow taller than the grid."""
    point = ord(character)
    return point > 0x7F and not character.isspace() and bool(_covered()) and point not in _covered()


@cache
def is_missing(character: str) -> bool:
    """Whether no font of this machine has a character: it would vanish from the paper without an error."""
    return is_rare(character) and not _fontconfig(f":charset={ord(character):x}", "--format=%{family}\n")


def missing(text: Iterable[str]) -> list[str]:
    """The characters of a text that no font has, each once."""
    return sorted({character for character in text if is_missing(character)})


def families(role: str) -> str:
    """The CSS value of font-family for a role, fallback included: without one a missing glyph vanishes."""
    choice = lookup()[role]
    names = [f"dingdian-{role}" if choice.file else choice.family, *choice.wanted.stand_ins]
    return ", ".join(f'"{name}"' for name in dict.fromkeys(names) if name)


def face_rules() -> str:
    """@font-face rules for the fonts of the site's folder, under names of our own."""
    return "\n".join(
        f'@font-face {{ font-family: "dingdian-{role}"; src: url("{choice.file.resolve().as_uri()}"); }}'
        for role, choice in lookup().items()
        if choice.file
    )
