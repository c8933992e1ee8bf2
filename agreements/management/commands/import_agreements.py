from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from agreements.importing import COLUMNS, Entry, Summary, import_table
from institutions.imports.command import ImportCommand
from institutions.imports.files import Table


class Command(ImportCommand):
    help = (
        "接管一个区既有的协议和以往的解除（xlsx、csv、tsv；表头中文或英文）：机构编码、协议编号、种类、起始日、最后一日，解除的另有"
        "解除生效日、性质、情形。可重复运行：已登记的不变。机构须已在库中（先运行 import_institutions）。"
    )
    columns = COLUMNS

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--by", required=True, metavar="NAME", help="由谁导入，记入办理记录")

    def take(self, table: Table, on_row: Callable[[Entry], None], options: dict[str, Any]) -> Summary:
        return import_table(table, on_row, by=options["by"], dry_run=options["dry_run"], source=options["file"].name)
