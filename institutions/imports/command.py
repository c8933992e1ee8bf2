"""What every ``manage import_… FILE`` does alike: dry run, a bar on stderr, every row not taken and why."""

import csv
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from institutions.importing import Entry, Summary
from institutions.imports.batch import REFUSED
from institutions.imports.columns import INSTITUTIONS, Columns
from institutions.imports.files import BadFile, Table, open_path, open_table

LISTED = 200


class Report:
    """Every row's outcome as csv, with a mark that lets spreadsheets read it as UTF-8; nothing without a path."""

    def __init__(self, path: Path | None) -> None:
        try:
            self._file = path.open("w", encoding="utf-8-sig", newline="") if path else None
        except OSError as error:
            raise CommandError(f"无法写报告文件：{error.strerror}。") from error
        self._rows = csv.writer(self._file) if self._file else None
        if self._rows:
            self._rows.writerow(["行", "编码", "名称", "结果", "未录入的原因", "请核对"])

    def write(self, entry: Entry) -> None:
        if self._rows:
            self._rows.writerow([entry.number, entry.code, entry.name, entry.outcome, entry.reason, "；".join(entry.notes)])

    def close(self) -> None:
        if self._file:
            self._file.close()


class ImportCommand(BaseCommand):
    """Base: says which columns the list has, what else can be chosen, and takes the table in."""

    columns: Columns = INSTITUTIONS

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="名单文件（xlsx、csv、tsv）")
        parser.add_argument("--dry-run", action="store_true", help="只检查和报告，不写入")
        parser.add_argument("--report", type=Path, metavar="FILE", help="把每一行的结果写成 csv")

    def take(self, table: Table, on_row: Callable[[Entry], None], options: dict[str, Any]) -> Summary:
        """Take the table in; ``on_row`` hears what became of each row."""
        raise LookupError(f"{type(self).__name__} takes no table in")

    def more(self, summary: Summary) -> str:
        """What else the first line says."""
        return ""

    def handle(self, *args: Any, **options: Any) -> None:
        path, report = options["file"], options["report"]
        refused: list[Entry] = []
        try:
            with open_path(path) as file, closing(Report(report)) as rows:
                table = open_table(path.name, file, self.columns)
                with tqdm(total=table.total, unit="行", mininterval=0.5) as bar:

                    def on_row(entry: Entry) -> None:
                        bar.update()
                        rows.write(entry)
                        if entry.outcome == REFUSED:
                            refused.append(entry)

                    summary = self.take(table, on_row, options)
        except BadFile as error:
            raise CommandError(str(error)) from error
        self._tell(summary, refused, report)

    def _tell(self, summary: Summary, refused: list[Entry], report: Path | None) -> None:
        head = "试运行，没有写入。" if summary.dry_run else ""
        outcomes = "，".join(f"{outcome} {count}" for outcome, count in summary.outcomes.items())
        self.stdout.write(f"{head}共 {summary.rows} 行：{outcomes or '没有数据行'}。{self.more(summary)}")
        if summary.unknown_columns:
            self.stdout.write(f"没有认出、未使用的栏：{'、'.join(summary.unknown_columns)}。")
        for entry in refused[:LISTED]:
            self.stdout.write(f"未录入 第 {entry.number} 行 {entry.code} {entry.name}：{entry.reason}")
        if len(refused) > LISTED:
            where = f"见 {report}" if report else "请用 --report 写出"
            self.stdout.write(f"还有 {len(refused) - LISTED} 行未录入，{where}。")
        for note, numbers in sorted(summary.notes.items(), key=lambda pair: -len(pair[1])):
            rows = f"第 {'、'.join(map(str, numbers[:5]))} 行{'等' if len(numbers) > 5 else ''}"
            self.stdout.write(f"请核对 {len(numbers)} 行：{note}（{rows}）。")
