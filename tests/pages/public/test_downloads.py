"""The lists as files: exactly the list on the page, streamed, harmless in a spreadsheet."""

import csv
import io
from datetime import date

import openpyxl
import pytest

from pages import spreadsheets
from tests.driving import on
from tests.factories import HospitalFactory, PharmacyFactory

from .conftest import agreement

pytestmark = pytest.mark.django_db


def rows_of(client, address, day="2026-03-02"):
    with on(day):
        response = client.get(address)
        assert response.streaming
        content = b"".join(response.streaming_content)
    if "csv" in address:
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    sheets = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    return [[cell.value or "" for cell in row] for sheet in sheets for row in sheet.rows]


@pytest.mark.clause("M11")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_designated_list_whole(client, form):
    one, other = HospitalFactory(), PharmacyFactory()
    for each in (one, other):
        agreement(each)
    agreement(HospitalFactory(), first=date(2026, 3, 3))
    head, *rows = rows_of(client, f"/public/institutions/download.{form}")
    assert head[0] == "名称"
    assert [row[0] for row in rows] == [one.name, other.name]
    assert rows[0][-3:] == ["2026-03-02", "2027-03-01", "履行中"]


def test_a_search_downloads_what_it_shows(client):
    one, other = HospitalFactory(district="110105"), HospitalFactory(district="110106")
    for each in (one, other):
        agreement(each)
    _, *rows = rows_of(client, "/public/institutions/download.csv?district=110106")
    assert [row[0] for row in rows] == [other.name]


@pytest.mark.clause("M9.5")
def test_the_notice(client, on_notice):
    _, *rows = rows_of(client, "/public/notices/download.csv", "2026-03-09")
    assert rows == [[on_notice.institution.name, "医疗机构", "朝阳区", on_notice.institution.address, "2026-03-02", "2026-03-09", "公示中"]]


def test_the_terminated_list_is_empty_but_for_its_head(client):
    assert len(rows_of(client, "/public/terminated/download.xlsx")) == 1


def test_a_name_that_a_spreadsheet_would_run_is_made_harmless(client):
    hospital = HospitalFactory(name="=HYPERLINK(1)示例医院")
    agreement(hospital)
    _, row = rows_of(client, "/public/institutions/download.csv")
    assert row[0] == "'=HYPERLINK(1)示例医院"
    _, row = rows_of(client, "/public/institutions/download.xlsx")
    assert row[0] == "=HYPERLINK(1)示例医院", "a cell of text in a workbook is text"


@pytest.mark.parametrize("form", ["pdf", "exe", "csv%00"])
def test_another_form_is_not_found(client, form):
    assert client.get(f"/public/institutions/download.{form}").status_code == 404


@pytest.mark.parametrize("number", [1, 50])
def test_a_download_costs_the_same_for_one_and_for_fifty(client, number, django_assert_max_num_queries):
    for _ in range(number):
        agreement(HospitalFactory())
    with django_assert_max_num_queries(5):
        rows_of(client, "/public/institutions/download.csv")


def test_a_long_list_is_sent_piece_by_piece_and_goes_on_in_further_sheets(monkeypatch):
    monkeypatch.setattr(spreadsheets, "ROWS_PER_SHEET", 4000)
    rows = ([f"北京示例医院{number * 7919**9}", date(2026, 3, 2), None] for number in range(9000))
    pieces = list(spreadsheets.xlsx_response("名单", ["名称", "日期", "备注"], rows).streaming_content)
    assert len(pieces) > 1
    book = openpyxl.load_workbook(io.BytesIO(b"".join(pieces)), read_only=True)
    assert [sheet.title for sheet in book.worksheets] == ["名单1", "名单2", "名单3"]
    assert sum(1 for sheet in book.worksheets for _ in sheet.rows) == 9000 + 3


def test_control_characters_do_not_break_the_workbook():
    pieces = spreadsheets.xlsx_response("x", ["a"], [["甲\x00\x0b<乙>&"]]).streaming_content
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(pieces))).active
    assert sheet["A2"].value == "甲<乙>&"
