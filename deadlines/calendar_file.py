"""Reading an arrangement of days off and make-up working days from a csv or xlsx file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

DAY_NAMES = ("day", "date", "日期")
WORKING_NAMES = ("working", "是否工作日", "工作日", "上班")
YES = ("1", "true", "yes", "y", "是", "上班", "工作日", "班")
NO = ("0", "false", "no", "n", "否", "放假", "休息", "非工作日", "休")
FIRST_YEAR, LAST_YEAR = 2000, 2100
LARGEST = 5_000_000
MOST_ROWS = 20_000


class BadCalendarFile(Exception):
    """The file cannot be used; each problem is a sentence that names its line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("；".join(problems))
        self.problems = problems


def read(path: Path) -> dict[date, bool]:
    """The days that the file states, each with whether it is a working day."""
    try:
        if path.stat().st_size > LARGEST:
            raise BadCalendarFile([f"文件超过{LARGEST // 1_000_000}MB。"])
        content = path.read_bytes()
    except OSError as error:
        raise BadCalendarFile([f"文件无法读取：{path.name}（{error.strerror}）。"]) from error
    rows = list(_xlsx(content) if content.startswith(b"PK") else _csv(content))
    if len(rows) > MOST_ROWS:
        raise BadCalendarFile([f"文件超过{MOST_ROWS}行。"])
    if not rows:
        raise BadCalendarFile(["文件是空的。"])
    day_column = _column(rows[0], DAY_NAMES, "日期（day）")
    working_column = _column(rows[0], WORKING_NAMES, "是否工作日（working）")
    return _days(rows[1:], day_column, working_column)


def _days(rows: list[list[Any]], day_column: int, working_column: int) -> dict[date, bool]:
    days: dict[date, bool] = {}
    problems = []
    for number, row in enumerate(rows, start=2):
        if not any(str(cell or "").strip() for cell in row):
            continue
        day = _day(row[day_column] if day_column < len(row) else None)
        working = _working(row[working_column] if working_column < len(row) else None)
        if day is None:
            problems.append(f"第{number}行：日期不对，应为 2027-01-01 这样的日期，年份在{FIRST_YEAR}至{LAST_YEAR}之间。")
        if working is None:
            problems.append(f"第{number}行：是否工作日应填“是”或“否”。")
        if day is not None and working is not None:
            if days.get(day, working) != working:
                problems.append(f"第{number}行：{day}前后两次填写不一致。")
            days[day] = working
    if not problems and not days:
        problems.append("文件里没有任何日期。")
    if problems:
        raise BadCalendarFile(problems)
    return days


def _csv(content: bytes) -> Iterator[list[Any]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise BadCalendarFile(["文件不是 csv 或 xlsx，或编码无法识别（应为 UTF-8 或 GB18030）。"])
    try:
        yield from csv.reader(io.StringIO(text))
    except csv.Error as error:
        raise BadCalendarFile([f"文件不是可用的 csv：{error}。"]) from error


def _xlsx(content: bytes) -> Iterator[list[Any]]:
    from openpyxl import load_workbook

    try:
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        for count, row in enumerate(sheet.iter_rows(values_only=True)):
            if count > MOST_ROWS:
                return
            yield list(row)
    except Exception as error:  # whatever a stranger's workbook makes the reader stumble over
        raise BadCalendarFile(["文件不是可用的 xlsx 工作簿。"]) from error


def _column(header: list[Any], names: tuple[str, ...], wanted: str) -> int:
    for index, cell in enumerate(header):
        if str(cell or "").strip().lower() in names:
            return index
    raise BadCalendarFile([f"第1行没有“{wanted}”这一列。"])


def _day(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        cell = cell.date()
    if not isinstance(cell, date):
        text = str(cell or "").strip().replace("/", "-").replace("年", "-").replace("月", "-").rstrip("日")
        try:
            year, month, day = (int(part) for part in text.split("-"))
            cell = date(year, month, day)
        except ValueError:
            return None
    return cell if FIRST_YEAR <= cell.year <= LAST_YEAR else None


def _working(cell: Any) -> bool | None:
    if isinstance(cell, bool):
        return cell
    text = str(cell if cell is not None else "").strip().lower()
    return True if text in YES else False if text in NO else None
