"""Files: what can be read is read, what cannot is refused with the reason and never a crash."""

import io
import zipfile
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from institutions.imports.columns import COLUMNS, INSTITUTIONS
from institutions.imports.files import BadFile, open_path, open_table
from tests.institutions.lists import LEGACY, text_file, workbook

HEADER = ["机构名称", "统一社会信用代码*", "地址", "备注"]
ROW = ["示例医院", "91110000600037341L", "朝阳区示例路1号", "无"]


def read(path: Path) -> list[tuple[int, dict[str, str]]]:
    with path.open("rb") as file:
        return list(open_table(path.name, file))


EXPECTED = [(2, {"name": "示例医院", "uscc": "91110000600037341L", "address": "朝阳区示例路1号"})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("name", ["list.csv", "list.tsv", "LIST.CSV"])
def test_text_tables(tmp_path: Path, name: str, encoding: str) -> None:
    path = text_file(tmp_path, name, [HEADER, ROW], encoding)
    assert read(path) == EXPECTED


def test_workbook_gives_numbers_and_dates_as_typed(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        "list.xlsx",
        [
            ["name", "legacy_code", "opened_on", "beds", "licence_valid_from"],
            [None] * 5,
            ["示例医院", 5110001, datetime.fromisoformat("2020-01-02T03:04"), 12.0, date(2020, 1, 2)],
        ],
    )
    assert read(path) == [
        (3, {"name": "示例医院", "legacy_code": "5110001", "opened_on": "2020-01-02", "beds": "12", "licence_valid_from": "2020-01-02"})
    ]


def test_headerless_old_list_is_known_by_its_first_row(tmp_path: Path) -> None:
    rows = read(text_file(tmp_path, "old.tsv", LEGACY))
    assert rows[0] == (1, {"legacy_code": "05110001", "name": "示例第一医院(示例大学医院）"})
    assert len(rows) == len(LEGACY)


def test_total_and_unknown_columns_are_told_beforehand(tmp_path: Path) -> None:
    path = text_file(tmp_path, "list.csv", [HEADER, ROW, ROW])
    with path.open("rb") as file:
        table = open_table(path.name, file)
        assert (table.total, table.unknown) == (2, ["备注"])


@pytest.mark.parametrize("field", COLUMNS)
def test_every_column_is_known_by_each_of_its_names(field: str) -> None:
    for name in (field, field.upper(), *COLUMNS[field], f" {COLUMNS[field][0]}（必填）*"):
        fields, unknown = INSTITUTIONS.of_header(["名称" if field != "name" else "备注", name])
        assert fields[1] == field
        assert unknown == ([] if field != "name" else ["备注"])


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("list.csv", b"", "空的"),
        ("list.csv", b"\n\n \n", "空的"),
        ("list.txt", b"name\nx\n", "只能读取"),
        ("list", b"name\nx\n", "只能读取"),
        ("list.csv", b"a,b\n1,2\n", "表头"),
        ("list.csv", "名称,机构名称\n甲,乙\n".encode(), "重复"),
        ("list.csv", b"\xff\xff\xff\xff\xff", "编码"),
        ("list.csv", b"PK\x03\x04rest", "不符"),
        ("list.xlsx", b"name\nx\n", "不符"),
        ("list.xlsx", b"PK\x03\x04rest", "无法读取"),
        ("list.csv", b"name\x00\x00\nx\n", "不是文本"),
        ("list.csv", b'name\n"' + b"x" * 200_000 + b"\n", "引号"),
    ],
)
def test_a_file_of_no_use_is_refused_with_the_reason(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(BadFile, match=reason):
        list(open_table(name, io.BytesIO(content)))


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.xml", "<broken")
    packed.seek(0)
    with pytest.raises(BadFile, match="无法读取"):
        open_table("list.xlsx", packed)


def test_a_workbook_damaged_in_its_sheet_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, "list.xlsx", [HEADER, *[ROW] * 50])
    damaged = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(damaged, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            target.writestr(part, content[: len(content) // 2] if "sheet1" in part else content)
    damaged.seek(0)
    with pytest.raises(BadFile):
        list(open_table("list.xlsx", damaged))


def test_a_path_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="无法打开"):
        open_path(tmp_path / "nowhere.csv")


@settings(max_examples=200, deadline=None)
@given(some.binary(max_size=300), some.sampled_from(["a.csv", "a.tsv", "a.xlsx"]))
def test_no_content_whatever_brings_it_down(content: bytes, name: str) -> None:
    with suppress(BadFile):
        assert all(number > 0 for number, _ in open_table(name, io.BytesIO(content)))
