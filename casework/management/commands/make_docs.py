"""Write the generated pages of docs/."""

from typing import Any

from django.core.management.base import BaseCommand

from casework.tables import PAGES, ROOT


class Command(BaseCommand):
    help = "生成 docs/ 中由登记表推出的页面(条款对照、状态与办理)。"

    def handle(self, *args: Any, **options: Any) -> None:
        for name, page in PAGES.items():
            (ROOT / "docs" / name).write_text(page(), encoding="utf-8")
            self.stdout.write(f"docs/{name}")
