from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from institutions import rotation
from institutions.identity import UnknownKey
from institutions.identity_keys import add_key


class Command(BaseCommand):
    help = (
        "更换证件号码的密钥：加一把新密钥，把全部密文和摘要改写到新密钥之下。旧密钥仍留在密钥文件中可读；"
        "确认各进程都已使用新密钥后（一天之后），用 --drop-old 清除。更换之前的数据库备份要用当时的密钥文件才能读出。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--drop-old", action="store_true", help="不加新密钥：把余下的改写完，清除旧密钥。")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["drop_old"]:
                self.stdout.write(f"已清除 {rotation.drop_unused_keys()} 把旧密钥。")
                return
            add_key()
            self.stdout.write(f"已启用新密钥，改写 {rotation.rewrite_all()} 处密文。旧密钥待 --drop-old 清除。")
        except UnknownKey as error:
            raise CommandError(str(error)) from error
