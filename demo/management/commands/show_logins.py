import unicodedata
from typing import Any

from django.core.management.base import BaseCommand

from demo.logins import PASSWORD, usable


class Command(BaseCommand):
    help = "列出示例数据的登录名和密码，以及用每个身份可以试什么。"

    def handle(self, *args: Any, **options: Any) -> None:
        logins = usable()
        if not logins:
            self.stdout.write("没有示例数据的登录名。")
            return
        rows = [("身份", "用户名", "可以试"), *((login.title, login.username, login.tries) for login in logins)]
        self.stdout.write(f"示例数据的密码都是 {PASSWORD}（人员和机构均属虚构）")
        widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            self.stdout.write("  ".join(text + " " * (room - width(text)) for text, room in zip(row, widths, strict=True)).rstrip())
        self.stdout.write("其余机构的用户名为 jigou1、jigou2 ……，以平台管理员登录可在“单位与人员”中查看。")


def width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
