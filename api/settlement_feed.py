"""For systems that keep a copy: everything on one day, and what has changed since (R7, R8)."""

from __future__ import annotations

import csv
import io
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from django import forms
from django.http import StreamingHttpResponse
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import View
from api.paging import whole
from api.problems import Gone, Unusable
from api.settlement import CLAUSES, DAYS, FIRST, LAST, TAG
from api.settlement_access import DISTRICT, CountedThrottle, MayCopy
from deadlines import clock
from institutions.models import Institution
from offices.actors import Actor
from settlement import feed
from settlement.feed import Cursor, Kept, OtherSeries, Unreadable

USUAL, MOST = 1000, 5000
BLOCK = 256 * 1024
GZIP = zlib.MAX_WBITS | 16
SAID = (
    "每行一家曾有协议的机构：当日普通服务的答复，以及时间线 line(spans 各段的首日、末日、状态、条款、决定日、是否依申请、生效首日;"
    "parts 科室和人员的名称、是否人员、首日、末日、是否终止、决定日、人员医保编码、本系统人员编号;"
    "holds 未解除的暂停拨付)。未列出的机构没有协议。"
    "第一行是 snapshot(日期和游标),最后一行是 end(行数):没有最后一行的文件不完整。"
)


class WhichDay(forms.Form):
    """What the snapshot is to hold."""

    on = forms.DateField(label="答复哪一天；不填为当日。", required=False)
    form = forms.ChoiceField(label="格式。", choices=[("ndjson", "每行一个 JSON 对象"), ("csv", "表格")], required=False)

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"] or clock.today()
        if not FIRST <= on <= LAST:
            raise forms.ValidationError(DAYS)
        return on


def district_of(actor: Actor) -> str | None:
    """The district that an office is bound to; None for the whole city."""
    return actor.district or "" if actor.role in DISTRICT else None


class SettlementSnapshot(View):
    """Everything on one day, streamed; memory stays flat however many institutions there are."""

    tag, title, clauses = TAG, "下载一日的全部结算状态", CLAUSES
    description = f"gzip 压缩的文件。{SAID}区级机构只得到本区的机构。"
    permission_classes = [IsAuthenticated, MayCopy]
    throttle_classes = [CountedThrottle]
    rate = "settlement_snapshot"
    query, binary = WhichDay, "application/gzip"

    def get(self, request: Request) -> StreamingHttpResponse:
        form = WhichDay(request.query_params)
        if not form.is_valid():
            raise Unusable({name: [str(each) for each in found] for name, found in form.errors.items()})
        day, kind = form.cleaned_data["on"], form.cleaned_data["form"] or "ndjson"
        cursor = feed.start()
        lines = FORMS[kind](feed.snapshot(district_of(self.actor)), day, cursor)
        headers = {"Content-Disposition": f'attachment; filename="settlement-{day}.{kind}.gz"', "X-Settlement-Cursor": cursor.text()}
        return StreamingHttpResponse(gzipped(lines), content_type=self.binary, headers=headers)


def gzipped(lines: Iterable[str]) -> Iterator[bytes]:
    """Lines as gzip, sent in blocks."""
    packer = zlib.compressobj(1, zlib.DEFLATED, GZIP)
    waiting: list[str] = []
    size = 0
    for line in lines:
        waiting.append(line)
        size += len(line)
        if size >= BLOCK:
            yield packer.compress("".join(waiting).encode())
            waiting, size = [], 0
    yield packer.compress("".join(waiting).encode()) + packer.flush()


def ndjson(rows: Iterable[Kept], day: date, cursor: Cursor) -> Iterator[str]:
    """A header, an object for each institution, and the number of rows."""
    write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    yield write({"snapshot": {"on": day.isoformat(), "cursor": cursor.text()}}) + "\n"
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007  # told at the end
        answer = row.answer(day)
        plain = write(
            {
                "institution": row.institution_id, "kind": row.kind, "uscc": row.uscc, "national_code": row.national_code,
                "legacy_code": row.legacy_code, "name": row.name, "answer": answer.answer, "clause": answer.clause,
            }
        )  # fmt: skip
        yield f'{plain[:-1]},"line":{row.line}}}\n'
    yield write({"end": count}) + "\n"


COLUMNS = ("institution", "kind", "uscc", "national_code", "legacy_code", "name", "answer", "clause", "line")


def table(rows: Iterable[Kept], day: date, cursor: Cursor) -> Iterator[str]:
    """The same as a table; its first cells are ``snapshot`` in the second row and ``end`` in the last."""
    buffer = io.StringIO()
    write = csv.writer(buffer)

    def line(*cells: Any) -> str:
        buffer.seek(0)
        buffer.truncate()
        write.writerow(cells)
        return buffer.getvalue()

    # With a mark of UTF-8, which spreadsheets need to read Chinese.
    yield "\ufeff" + line(*COLUMNS)
    yield line("snapshot", day.isoformat(), cursor.text())
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007
        answer = row.answer(day)
        # A name that begins like a formula must stay text in a spreadsheet.
        name = f"'{row.name}" if row.name[:1] in "=+-@\t\r" else row.name
        codes = (row.uscc, row.national_code, row.legacy_code)
        yield line(row.institution_id, row.kind, *codes, name, answer.answer, answer.clause, row.line)
    yield line("end", count)


FORMS: dict[str, Callable[[Iterable[Kept], date, Cursor], Iterator[str]]] = {"ndjson": ndjson, "csv": table}


class ChangedOut(serializers.Serializer[Any]):
    """One institution whose line was written."""

    institution = serializers.IntegerField(help_text="机构的编号。")
    kind = serializers.CharField(help_text="机构类别。")
    uscc = serializers.CharField(allow_null=True, help_text="统一社会信用代码。")
    national_code = serializers.CharField(allow_null=True, help_text="国家医保编码。")
    legacy_code = serializers.CharField(allow_null=True, help_text="原北京编码。")
    name = serializers.CharField(help_text="名称。")
    line = serializers.DictField(help_text="时间线，与快照中相同。")
    changed_at = serializers.DateTimeField(help_text="登记的时刻。")


class ChangesOut(serializers.Serializer[Any]):
    """Changes since the cursor."""

    changes = ChangedOut(many=True, help_text="变更的机构，按登记的次序；同一变更可能出现两次，以后到的为准。")
    cursor = serializers.CharField(help_text="下一次询问用的游标。")
    more = serializers.BooleanField(help_text="是否还有，应接着询问。")


class Since(forms.Form):
    """Where to go on."""

    cursor = forms.CharField(label="快照或上一次答复中的游标。", max_length=200)
    limit = forms.IntegerField(label=f"最多几项，不填为{USUAL}。", required=False, min_value=1, max_value=MOST)


class SettlementChanges(View):
    """What acts have changed since a cursor: none is missed, however many people work at once."""

    tag, title, clauses = TAG, "列出结算状态的变更", CLAUSES
    description = "日期到来本身不是变更：时间线写到已知的最后一日。游标不属于现在的数据(例如数据恢复之后)时回答410，须先重新下载快照。"
    permission_classes = [IsAuthenticated, MayCopy]
    throttle_classes = [CountedThrottle]
    rate = "settlement"
    query, answer = Since, ChangesOut
    problems = ("gone",)

    def get(self, request: Request) -> Response:
        limit = whole(request, "limit", USUAL, MOST)
        text = request.query_params.get("cursor", "")
        try:
            since = Cursor.read(text)
        except Unreadable:
            raise Unusable({"cursor": ["请填快照或上一次答复中的游标。"]}) from None
        except OtherSeries:
            raise Gone("游标不属于现在的数据，请先重新下载快照，再从快照中的游标继续。") from None
        district = district_of(self.actor)
        among = Institution.objects.filter(district_id=district) if district is not None else None
        found = feed.changes(since, limit, among)
        return Response({"changes": [changed(row) for row in found.rows], "cursor": found.cursor.text(), "more": found.more})


def changed(row: Any) -> dict[str, Any]:
    """One change as JSON."""
    institution = row.institution
    return {
        "institution": institution.pk,
        "kind": institution.kind,
        "uscc": institution.uscc,
        "national_code": institution.national_code,
        "legacy_code": institution.legacy_code,
        "name": institution.name,
        "line": row.data,
        "changed_at": row.changed_at.astimezone(clock.SHANGHAI).isoformat(),
    }
