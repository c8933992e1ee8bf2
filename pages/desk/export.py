"""A list of matters as a sheet: the rows shown, every page of them, in their order."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

from deadlines import clock
from pages.desk.rows import Row
from pages.spreadsheets import xlsx_response
from pages.templatetags.dingdian import badge_of

MOST = 20_000  # rows; a sheet beyond this is of no use on a desk
HEAD = ["机构", "统一社会信用代码", "类别", "区", "编号", "事项", "下一步", "状态", "待谁办理", "承办人", "期限", "停钟起", "剩余"]


def matters(title: str, rows: Iterable[Row]) -> StreamingHttpResponse:
    return xlsx_response(f"{title}{clock.today():%Y%m%d}", HEAD, _lines(rows))


def _lines(rows: Iterable[Row]) -> Iterator[list[Any]]:
    for row in rows:
        yield [
            row.name,
            row.uscc,
            row.kind,
            row.district,
            row.number,
            row.matter,
            row.step,
            row.state,
            row.holder,
            row.owner,
            row.due,
            row.paused_since,
            badge_of(row.due, row.paused_since).words,
        ]
