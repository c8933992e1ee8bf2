from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from institutions.importing import Entry, Summary, import_table
from institutions.imports.command import ImportCommand
from institutions.imports.files import Table


class Command(ImportCommand):
    help = (
        "导入医药机构名单（xlsx、csv、tsv；表头中文或英文，或不带表头的“8 位原编码、名称”两栏）。可重复运行：已有的只补空白，不改已有内容；"
        "没有统一社会信用代码、许可证或地址的作为“资料不齐”录入。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--kind", choices=["hospital", "pharmacy"], default="", help="看不出类型的行按此类型录入")

    def take(self, table: Table, on_row: Callable[[Entry], None], options: dict[str, Any]) -> Summary:
        return import_table(table, on_row, dry_run=options["dry_run"], default_kind=options["kind"], source=options["file"].name)

    def more(self, summary: Summary) -> str:
        return f"其中资料不齐 {summary.incomplete}。"
