from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from demo.making import NotEmpty, make


class Command(BaseCommand):
    help = "在空的数据库里生成示例数据：每个办理阶段的机构、人员和文书，均属虚构；登录名见 show_logins。"

    def handle(self, *args: Any, **options: Any) -> None:
        with tqdm(unit="步", mininterval=0.5) as bar:

            def progress(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            try:
                make(progress)
            except NotEmpty as error:
                raise CommandError(str(error)) from error
        self.stdout.write("示例数据已生成。")
