"""``manage replay CASE.yaml … [--json] [--pdf DIR]``: play written cases through the real system (docs/replay.md)."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from replay import papers, printing
from replay.case_file import read_case
from replay.databases import Databases, NoDatabase
from replay.playing import play
from replay.unusable import Unusable

HELD, NOT_HELD, UNUSABLE = 0, 1, 2


class Command(BaseCommand):
    requires_system_checks = []
    help = "推演书面案例:按案例的日期,以真实的办理、时限和文书,在单独的数据库里演练。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="CASE.yaml")
        parser.add_argument("--json", action="store_true", help="每个案例输出一行JSON")
        parser.add_argument("--pdf", type=Path, metavar="DIR", help="把案例的文书生成PDF,存入此文件夹")

    def handle(self, *args: Any, files: list[Path], json: bool, pdf: Path | None, **options: Any) -> None:
        databases = Databases()
        status = max(self._one(path, databases, json, pdf) for path in files)
        if status:
            sys.exit(status)

    def _one(self, path: Path, databases: Databases, json: bool, pdf: Path | None) -> int:
        try:
            case = read_case(path)
            with databases.fresh():
                played = play(case)
                if pdf is not None:
                    papers.write(pdf, path.stem)
        except (Unusable, NoDatabase) as error:
            self.stderr.write(f"{path}:{error}")
            return UNUSABLE
        lines = [printing.as_json(case, played)] if json else printing.as_lines(case, played, path.name)
        for line in lines:
            self.stdout.write(line)
        self.stdout.flush()
        return HELD if printing.ok(played) else NOT_HELD
