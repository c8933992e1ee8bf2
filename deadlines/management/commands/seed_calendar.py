"""Fill the working-day table from the library; a second run takes only what the library has learnt since (R1)."""

from typing import Any

from django.core.management.base import BaseCommand

from deadlines.calendar_changes import seed


class Command(BaseCommand):
    help = "用节假日数据库填充工作日表;已有的年度不重复写入,导入和人工改定的日期不受影响。"

    def handle(self, *args: Any, **options: Any) -> None:
        years = seed()
        self.stdout.write(f"工作日表已更新年度：{'、'.join(map(str, years))}。" if years else "工作日表已是最新。")
