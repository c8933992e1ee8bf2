from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from tqdm import tqdm

from country.making import NotEmpty, make

MOST = 3_000_000


class Command(BaseCommand):
    help = "在空数据库中生成大量虚构的机构、协议、时限和在办事项，供测速和试用；重复运行须先清空。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--institutions", type=int, default=50_000, help="机构数")
        parser.add_argument("--due", type=int, default=0, help="其中几家的协议昨日期满、尚待自动处理，供测速")
        parser.add_argument("--seed", type=int, default=1, help="同一个数生成同样的数据")

    def handle(self, *args: Any, institutions: int, seed: int, due: int = 0, **options: Any) -> None:
        if not 1 <= institutions <= MOST:
            raise CommandError(f"机构数应为1至{MOST}。")
        with tqdm(total=institutions, unit="家", file=self.stderr, mininterval=1) as bar:
            try:
                counts = make(institutions, seed, bar.update, bar.set_postfix_str, due)
            except NotEmpty:
                raise CommandError("数据库中已有机构或协议，不能在其中生成虚构数据。请另用一个空数据库(DATABASE_URL)。") from None
        with connection.cursor() as cursor:
            cursor.execute("analyze")
        for model, count in counts.most_common():
            self.stdout.write(f"{count:>10,} {model._meta.verbose_name or model.__name__} ({model._meta.db_table})")
