from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from institutions.imports.command import ImportCommand
from institutions.imports.files import Table
from standing.importing import COLUMNS, Entry, Summary, import_table


class Command(ImportCommand):
    help = (
        "导入失信人名单（xlsx、csv、tsv；表头中文或英文）：姓名、身份证件号码、列入日期、来源。按证件号码认人；尚未任职的也登记，"
        "以后到机构任职时即受限制。可重复运行。"
    )
    columns = COLUMNS

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--by", required=True, metavar="NAME", help="由谁导入，记入办理记录")
        parser.add_argument("--complete", action="store_true", help="这是完整名单：不在其中的人移出（有一行读不懂就不移出任何人）")

    def take(self, table: Table, on_row: Callable[[Entry], None], options: dict[str, Any]) -> Summary:
        source, by = options["file"].name, options["by"]
        return import_table(table, on_row, by=by, complete=options["complete"], dry_run=options["dry_run"], source=source)
