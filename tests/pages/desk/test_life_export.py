"""The list of matters beside agreements as a sheet: exactly the rows of the list (M26)."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.agreements.life import life, suspend
from tests.driving import on

pytestmark = pytest.mark.django_db


def sheet(answer: Any) -> list[tuple[Any, ...]]:
    return list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0].iter_rows(values_only=True))


@pytest.mark.clause("M26")
@pytest.mark.parametrize("sort", ["suspension", "termination_case", "termination_request", "renewal", "change", "dispute"])
def test_the_sheet_of_each_kind_is_the_list(seat: Any, sort: str) -> None:
    hospital, pharmacy = life(), life("pharmacy")
    for driver in (hospital, pharmacy):
        suspend(driver, "2026-08-01", "2026-08-31")
        with on("2026-09-01"):
            driver.do("request_suspension")
            driver.do("request_termination")
            driver.do("request_renewal")
            driver.do("open_termination_case", reason="地址变更未报")
            driver.do("report_change", field="phone", value="010-12345678")
            driver.do("demand_correction", text="少付费用")
    with on("2026-09-02"):
        browser = seat(hospital.city)
        for filters in ({}, {"kind": "hospital"}, {"state": "all"}):
            listed = browser.get("/desk/life/", sort=sort, **filters).context["listed"]
            head, *rows = sheet(browser.get("/desk/life/export.xlsx", sort=sort, **filters))
            assert head[0] == "机构"
            told = [(each["row"].institution.name, each["about"], each["row"].get_state_display()) for each in listed]
            assert [(row[0], row[7], row[9]) for row in rows] == told
            assert len(rows) == (1 if "kind" in filters else 4 if (sort, filters) == ("suspension", {"state": "all"}) else 2)
        assert "/desk/life/export.xlsx?sort=" in browser.page("/desk/life/", sort=sort)
