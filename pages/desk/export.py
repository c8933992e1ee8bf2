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


LIFE_HEAD = ["机构", "统一社会信用代码", "类别", "区", "协议", "协议最后一日", "事项", "内容", "提出或立案", "状态", "期限"]


def life(title: str, rows: Iterable[tuple[Any, dict[str, Any]]]) -> StreamingHttpResponse:
    """Matters beside agreements, each with what the list says of it."""
    return xlsx_response(f"{title}{clock.today():%Y%m%d}", LIFE_HEAD, (_life_line(title, *each) for each in rows))


def _life_line(title: str, row: Any, told: dict[str, Any]) -> list[Any]:
    institution, agreement = row.institution, row.agreement
    known = [institution.name, institution.uscc, institution.get_kind_display(), institution.district]
    number, ended_on = (agreement.number, agreement.ended_on) if agreement else ("", None)
    return [*known, number, ended_on, title, told["about"], row.opened_on, told["state"], told["due"]]


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
