"""Take in the State Council's arrangement of a year from a file (R1): all of it, or nothing and every bad row told."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from deadlines.calendar_changes import publish
from deadlines.calendar_file import BadCalendarFile, read


class Command(BaseCommand):
    help = "导入放假安排(csv 或 xlsx,列:日期 day、是否工作日 working)。含某年1月1日、5月1日、10月1日放假的文件视为该年度的完整安排。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            days = read(options["file"])
        except BadCalendarFile as error:
            raise CommandError("文件未导入：\n" + "\n".join(error.problems)) from error
        years, disagreeing = publish(days)
        self.stdout.write(f"已导入{len(days)}天。")
        if years:
            self.stdout.write(f"已公布年度：{'、'.join(map(str, years))}。")
        for row in disagreeing:
            what = "工作日" if row.working else "非工作日"
            self.stdout.write(f"{row.day}已由{row.by_name}改定为{what}（{row.reason}），与文件不同，仍按改定执行。")
