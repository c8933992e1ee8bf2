"""Lists as files, sent row by row: a list of national size neither fills the memory nor keeps the reader waiting."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from django.http import StreamingHttpResponse

ROWS_PER_SHEET = 1_000_000  # Excel has 1,048,576
CHUNK = 32 * 1024
# A spreadsheet program would run what begins like this.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain(value: Any) -> str:
    """A cell's text: dates as ISO, no control characters."""
    if value is None:
        return ""
    text = value.isoformat() if isinstance(value, date) else str(value)
    return text if text.isprintable() else "".join(sign for sign in text if sign.isprintable() or sign == "\n")


def harmless(value: Any) -> str:
    """The same for CSV, where a cell has no type: a mark before what would be taken for a formula."""
    text = plain(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_response(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """As CSV, with the mark by which Excel knows UTF-8."""
    return _response(_csv(head, rows), f"{name}.csv", "text/csv; charset=utf-8")


def xlsx_response(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """As a workbook; more than a million rows go on in a further sheet."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _response(_xlsx(head, rows), f"{name}.xlsx", kind)


def _response(content: Iterator[bytes], name: str, content_type: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(head)
    for row in rows:
        writer.writerow([harmless(value) for value in row])
        if buffer.tell() > CHUNK:
            yield _take(buffer).encode()
    yield _take(buffer).encode()


def _take(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


class _Pipe(io.RawIOBase):
    """What the zip writes, until it is sent on. It cannot be rewound, so the zip never goes back to it."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def take(self) -> bytes:
        data = b"".join(self.parts)
        self.parts.clear()
        self.size = 0
        return data


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _xlsx(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    pipe = _Pipe()
    left = iter(rows)
    sheets = 0
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        more = True
        while more:
            sheets += 1
            with book.open(f"xl/worksheets/sheet{sheets}.xml", "w", force_zip64=True) as sheet:
                sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{_row(head)}'.encode())
                more = False
                for number, row in enumerate(left, 1):
                    sheet.write(_row(row).encode())
                    if pipe.size > CHUNK:
                        yield pipe.take()
                    if number == ROWS_PER_SHEET:
                        more = True
                        break
                sheet.write(b"</sheetData></worksheet>")
        for name, text in _parts(sheets):
            book.writestr(name, _HEAD + text)
    yield pipe.take()


def _row(values: Sequence[Any]) -> str:
    cells = "".join(f'<c t="inlineStr"><is><t xml:space="preserve">{escape(plain(value))}</t></is></c>' for value in values)
    return f"<row>{cells}</row>"


def _parts(sheets: int) -> Iterator[tuple[str, str]]:
    """What ties the sheets into a workbook."""
    numbers = range(1, sheets + 1)
    listed = "".join(f'<sheet name="名单{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
    yield "xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>'
    tied = "".join(f'<Relationship Id="r{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers)
    yield "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_PACKAGE}/relationships">{tied}</Relationships>'
    root = f'<Relationship Id="r1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
    yield "_rels/.rels", f'<Relationships xmlns="{_PACKAGE}/relationships">{root}</Relationships>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>' for n in numbers)
    yield (
        "[Content_Types].xml",
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        f'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{kind}.sheet.main+xml"/>{parts}</Types>',
    )
