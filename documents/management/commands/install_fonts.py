"""Fetch the Fandol fonts (仿宋, 楷体, 黑体, 宋体) from Debian's texlive-lang-chinese, without installing the package."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from documents import conf, fonts

PACKAGE = "texlive-lang-chinese"
FOLDER = "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"
FILES = ("FandolFang-Regular.otf", "FandolKai-Regular.otf", "FandolHei-Regular.otf", "FandolSong-Regular.otf", "FandolSong-Bold.otf")
LICENCE = "usr/share/doc/texlive-doc/fonts/fandol/COPYING.gz"


class Command(BaseCommand):
    help = "取得公文用字体（Fandol 仿宋、楷体、黑体、宋体），放入状态目录；取不到时说明以何种字体代替。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="已有也重新取得")

    def handle(self, *, force: bool, **options: Any) -> None:
        folder = conf.font_folder()
        if force or not all((folder / name).is_file() for name in FILES):
            problem = fetch(folder)
            if problem:
                self.stderr.write(f"没有取得 Fandol 字体：{problem}")
            else:
                self.stdout.write(f"Fandol 字体已放入 {folder}")
        fonts.lookup.cache_clear()
        for choice in fonts.lookup().values():
            self.stdout.write(choice.sentence)


def fetch(folder: Path) -> str:
    """Download and unpack; what hindered it, or an empty string. Works for an ordinary user where apt has package lists."""
    for program in ("apt-get", "dpkg-deb"):
        if not shutil.which(program):
            return f"本机没有 {program}"
    # Beside the target, not in /tmp, so that the last step is a rename.
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        work = Path(place)
        problem = _run(["apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", PACKAGE], work)
        packages = list(work.glob("*.deb"))
        if problem or not packages:
            return f"{problem or '没有下载到软件包'}（有 root 权限时可先运行 apt-get update）"
        if problem := _run(["dpkg-deb", "-x", packages[0].name, "unpacked"], work):
            return problem
        source = work / "unpacked" / FOLDER
        absent = [name for name in FILES if not (source / name).is_file()]
        if absent:
            return f"软件包中没有 {'、'.join(absent)}"
        folder.mkdir(exist_ok=True)
        for name in FILES:
            (source / name).replace(folder / name)
        licence = work / "unpacked" / LICENCE
        if licence.is_file():
            licence.replace(folder / "Fandol-COPYING.gz")
    return ""


def _run(command: list[str], folder: Path) -> str:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as problem:
        return f"{command[0]}：{problem}"
    said = done.stderr.strip().splitlines() or [f"返回码 {done.returncode}"]
    return "" if done.returncode == 0 else f"{command[0]}：{said[-1]}"
