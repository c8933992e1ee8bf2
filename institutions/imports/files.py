"""Rows of a spreadsheet or text table, one after the other, whatever the size (xlsx, csv, tsv)."""

import csv
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from institutions.imports.columns import INSTITUTIONS, Columns, looks_headerless

SUFFIXES = (".xlsx", ".csv", ".tsv")
MAX_UNPACKED = 2_000_000_000  # bytes: a workbook that unpacks to more is no list but a trap


# What the library lets through from a broken workbook: bad archives, missing parts, malformed XML.
UNREADABLE = (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError, SyntaxError, AttributeError, TypeError)


class BadFile(ValueError):
    """The file cannot be used at all; the message says why."""


Row = dict[str, str]


class Table:
    """A file's rows by field name. ``total`` is the number of rows, as far as it can be told beforehand."""

    def __init__(self, cells: Iterator[tuple[int, list[str]]], total: int | None, columns: Columns) -> None:
        first = next(cells, None)
        if first is None:
            raise BadFile("文件是空的。")
        number, header = first
        if columns.headerless and looks_headerless(header):
            self.fields: Sequence[str] = columns.headerless
            self.unknown: Sequence[str] = ()
            cells = chain([first], cells)
        else:
            try:
                self.fields, self.unknown = columns.of_header(header)
            except ValueError as error:
                raise BadFile(str(error)) from error
            total = total - number if total is not None else None
        self.total = total
        self._cells = cells

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        for number, cells in self._cells:
            yield number, {field: text for field, text in zip(self.fields, cells, strict=False) if field and text}


def open_table(name: str, file: BinaryIO, columns: Columns = INSTITUTIONS) -> Table:
    """The table in an uploaded or opened file; its kind is told by the end of its name and held against its content."""
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise BadFile("只能读取 .xlsx、.csv 或 .tsv 文件。")
    packed = file.read(4) == b"PK\x03\x04"
    file.seek(0)
    if packed != (suffix == ".xlsx"):
        raise BadFile(f"文件内容与扩展名 {suffix} 不符。")
    return _workbook(file, columns) if packed else _text(file, "\t" if suffix == ".tsv" else ",", columns)


def _not_blank(rows: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    return ((number, cells) for number, cells in rows if any(cells))


def _workbook(file: BinaryIO, columns: Columns) -> Table:
    try:
        with zipfile.ZipFile(file) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except UNREADABLE as error:
        raise BadFile("无法读取这个 xlsx 文件，请用表格软件另存后再试。") from error
    if unpacked > MAX_UNPACKED:
        raise BadFile("工作簿展开后过大，请分成几个文件或改用 csv。")
    try:
        sheet = load_workbook(file, read_only=True, data_only=True).worksheets[0]
        rows = sheet.iter_rows(values_only=True)
        first = next(rows, None)
    except UNREADABLE as error:
        raise BadFile("无法读取这个 xlsx 文件，请用表格软件另存后再试。") from error

    def cells() -> Iterator[list[str]]:
        try:
            for row in chain([first] if first is not None else [], rows):
                yield [_cell_text(value) for value in row]
        except UNREADABLE as error:
            raise BadFile("这个 xlsx 文件读到一半已损坏，请用表格软件另存后再试。") from error

    return Table(_not_blank(enumerate(cells(), start=1)), sheet.max_row, columns)


def _cell_text(value: object) -> str:
    """A cell as somebody would have typed it: whole numbers without a point, dates as 2026-03-02."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\x00", "").strip()


def _lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    """Decoded line by line: in neither encoding is a line feed ever part of another sign."""
    file.seek(0)
    return (line.decode(encoding) for line in file)


def _encoding(file: BinaryIO) -> tuple[str, int]:
    """UTF-8, or what Chinese spreadsheets save (GB 18030); and the number of lines. Reads the file once or twice."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return encoding, sum(1 for _ in _lines(file, encoding))
        except UnicodeDecodeError:
            continue
    raise BadFile("文件的文字编码不是 UTF-8，也不是 GB 18030。")


def _text(file: BinaryIO, delimiter: str, columns: Columns) -> Table:
    if b"\x00" in file.read(4096):
        raise BadFile("这不是文本文件。")
    encoding, lines = _encoding(file)
    reader = csv.reader(_lines(file, encoding), delimiter=delimiter)

    def rows() -> Iterator[tuple[int, list[str]]]:
        try:
            for cells in reader:
                yield reader.line_num, [cell.replace("\x00", "").strip() for cell in cells]
        except csv.Error as error:
            raise BadFile(f"第 {reader.line_num} 行之后无法读取：引号不成对、一格过长或换行不合规范。") from error

    return Table(_not_blank(rows()), lines, columns)


def open_path(path: Path) -> closing[BinaryIO]:
    """The file, or a BadFile that says why it cannot be opened."""
    try:
        return closing(path.open("rb"))
    except OSError as error:
        raise BadFile(f"无法打开文件：{error.strerror}。") from error
