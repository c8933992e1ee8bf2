from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from consistency import checking
from consistency.finding import title
from institutions.models import Institution


class Command(BaseCommand):
    help = "核对登记的状态、时限、时间线、文书与事实是否一致，列出矛盾；有矛盾时以错误结束。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, default=1, help="每几批查一批，用于抽查")

    def handle(self, *args: Any, every: int, **options: Any) -> None:
        if every < 1:
            raise CommandError("--every 应为正整数。")
        with tqdm(total=Institution.objects.count(), unit="家", file=self.stderr, mininterval=1) as bar:
            run = checking.run(every, bar.update)
        for row in run.rows.all()[:1000]:
            self.stdout.write(f"{title(row.check_name)}：{row.sentence}")
        self.stdout.write(f"核对{run.looked}家机构，发现{run.found}处矛盾。")
        if run.found:
            raise CommandError("有矛盾。")
