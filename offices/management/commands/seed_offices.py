from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from offices.models import District, Office
from offices.seeding import seed_offices


class Command(BaseCommand):
    help = "建立各区和市区两级单位；已有的不改动。"

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        seed_offices()
        self.stdout.write(f"{District.objects.count()} 个区，{Office.objects.count()} 个单位。")
