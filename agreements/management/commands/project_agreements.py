from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from tqdm import tqdm

from agreements.models import Agreement
from deadlines import loading, registry
from offices import settings as office_settings


class Command(BaseCommand):
    help = (
        "按事实重写全部协议登记的状态、最后一日、待办和时限（升级增加了登记的列以后运行一次；可重复运行，中断后再运行即可）。"
        "不增加事实，不制发文书；此后可用 check_consistency 核对。"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        handled = registry.cases[Agreement.label]
        done = last = 0
        with tqdm(total=Agreement.objects.count(), unit="份", file=self.stderr, mininterval=1) as bar:
            while ids := self._next(last, handled.together):
                # As an act does: institutions, people and cases locked before anything is read (R7).
                with transaction.atomic():
                    cases = handled(ids)
                    cases.lock()
                    with office_settings.remembered(), loading.held(stable=True):
                        cases.resync()
                bar.update(len(ids))
                done, last = done + len(ids), ids[-1]
        self.stdout.write(f"已按事实重写{done}份协议的登记。")

    @staticmethod
    def _next(last: int, many: int) -> list[int]:
        return list(Agreement.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:many])
