"""Keeping a copy: the snapshot of a day, then the changes, and none missed while people work (R7, R8)."""

from __future__ import annotations

import csv
import gzip
import io
import json
import threading
import tracemalloc
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from api.settlement_feed import gzipped, ndjson
from settlement import feed
from settlement.feed import Cursor
from settlement.keeping import transaction_id
from settlement.models import Feed, SettlementLine
from tests.api.conftest import Program
from tests.driving import people
from tests.settlement.conftest import SERVICE, lines, on, taken_over

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SNAPSHOT, CHANGES = "settlement/snapshot", "settlement/changes"


def city() -> Program:
    return Program(people("city_agency")[0])


def download(program: Program, **query: Any) -> str:
    answer = program.client.get("/api/v1/" + SNAPSHOT, query, headers=program.headers)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/gzip")
    return gzip.decompress(b"".join(answer.streaming_content)).decode()  # type: ignore[attr-defined]


@pytest.mark.clause("R8", "M42.1")
def test_a_snapshot_holds_every_line_and_the_answer_of_the_day() -> None:
    driver = taken_over(national_code="H11010500001")
    lines(3)
    with on("2026-05-04"):
        driver.do("suspend", ground="M42.6(1)", from_on="2026-05-10", to_on="2026-06-30", urgent_reason="紧急")
    first, *rows, last = [json.loads(line) for line in download(city(), on="2026-06-01").splitlines()]
    assert first["snapshot"]["on"] == "2026-06-01"
    assert (last, len(rows)) == ({"end": 4}, 4)
    mine = next(row for row in rows if row["institution"] == driver.institution.pk)
    assert (mine["answer"], mine["clause"], mine["uscc"], mine["name"]) == (
        "refuse", "M42.1", driver.institution.uscc, driver.institution.name,
    )  # fmt: skip
    assert mine["line"] == SettlementLine.objects.get(pk=driver.institution.pk).data
    assert {row["answer"] for row in rows if row is not mine} == {"settle"}


def test_the_table_says_the_same() -> None:
    lines(3)
    program = city()
    table = list(csv.reader(io.StringIO(download(program, on="2026-06-01", form="csv").removeprefix("\ufeff"))))
    objects = [json.loads(line) for line in download(program, on="2026-06-01").splitlines()]
    assert table[0][0] == "institution"
    assert (table[1][:2], table[-1]) == (["snapshot", "2026-06-01"], ["end", "3"])
    for cells, row in zip(table[2:-1], objects[1:-1], strict=True):
        named = dict(zip(table[0], cells, strict=True))
        assert json.loads(named.pop("line")) == row.pop("line")
        assert named == {name: "" if value is None else str(value) for name, value in row.items()}


@pytest.mark.clause("M3")
def test_a_district_gets_its_own() -> None:
    driver = taken_over()
    lines(2, district="110108")
    program = Program(driver.district)
    assert len(download(program).splitlines()) == 3
    start = Cursor(feed.series_now(), 0).text()
    assert [each["institution"] for each in program.get(CHANGES, cursor=start)["changes"]] == [driver.institution.pk]
    Program(driver.owner).get(SNAPSHOT, 403)
    Program(driver.owner).get(CHANGES, 403)


def test_memory_stays_flat_however_many_there_are() -> None:
    """Lines of 2 KB each, so that keeping them would show: 3,000 are 6 MB, 15,000 are 30 MB."""
    parts = [["内科" * 10, False, "2026-02-01", "2026-02-28", False, "2026-01-15"]] * 20
    peaks = []
    for number in (3000, 12000):
        lines(number, {"spans": [], "parts": parts, "holds": []})
        tracemalloc.start()
        for _ in gzipped(ndjson(feed.snapshot(), SERVICE, feed.start())):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5
    assert peaks[1] < 20_000_000


@pytest.mark.clause("R7")
def test_after_a_snapshot_only_what_acts_have_changed_is_told() -> None:
    driver = taken_over()
    lines(5)
    program = city()
    cursor = json.loads(download(program).splitlines()[0])["snapshot"]["cursor"]
    assert program.get(CHANGES, cursor=cursor)["changes"] == []
    with on("2026-05-04"):
        driver.do("suspend", ground="M42.6(1)", from_on="2026-05-10", to_on="2026-06-30", urgent_reason="紧急")
    told = program.get(CHANGES, cursor=cursor)
    assert [(each["institution"], each["line"]["spans"][1][2]) for each in told["changes"]] == [(driver.institution.pk, "suspended")]
    assert program.get(CHANGES, cursor=told["cursor"])["changes"] == []


def test_changes_come_page_by_page_each_once() -> None:
    made = lines(7)
    program, cursor, seen, pages = city(), Cursor(feed.series_now(), 0).text(), [], 0
    while True:
        page = program.get(CHANGES, cursor=cursor, limit=3)
        seen += [each["institution"] for each in page["changes"]]
        cursor, pages = page["cursor"], pages + 1
        if not page["more"]:
            break
    assert (seen, pages) == ([each.pk for each in made], 3)


def test_what_commits_late_is_not_missed() -> None:
    """A transaction with a low number may commit after one with a high number was read: the cursor must have waited for it."""
    early, late = lines(2)
    started, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        try:
            with transaction.atomic():
                SettlementLine.objects.filter(pk=early.pk).update(changed_in=transaction_id())
                started.set()
                assert go_on.wait(20)
        finally:
            connection.close()

    cursor = feed.start()
    thread = threading.Thread(target=slowly)
    thread.start()
    assert started.wait(20)
    with transaction.atomic():
        SettlementLine.objects.filter(pk=late.pk).update(changed_in=transaction_id())
    first = feed.changes(cursor, 10)
    go_on.set()
    thread.join(20)
    second = feed.changes(first.cursor, 10)
    assert {row.pk for row in [*first.rows, *second.rows]} == {early.pk, late.pk}
    assert early.pk in {row.pk for row in second.rows}


def test_a_copy_kept_by_cursors_equals_the_lines_while_many_write() -> None:
    made = lines(20)
    copy: dict[int, int] = {}
    stop = threading.Event()

    def write(number: int) -> None:
        try:
            for turn in range(30):
                with transaction.atomic():
                    mark = transaction_id()
                    for row in made[(number + turn) % 20 : (number + turn) % 20 + 2]:
                        SettlementLine.objects.filter(pk=row.pk).update(
                            data={"spans": [], "parts": [], "holds": [[f"2026-01-{turn % 28 + 1:02d}", str(number)]]}, changed_in=mark
                        )
        finally:
            connection.close()

    seen: dict[int, Any] = {}
    cursor = feed.start()

    def follow() -> Cursor:
        page = feed.changes(cursor, 7)
        seen.update({row.pk: row.data for row in page.rows})
        copy.update({row.pk: row.changed_in for row in page.rows})
        return page.cursor

    writers = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    for each in writers:
        each.start()
    while any(each.is_alive() for each in writers) and not stop.is_set():
        cursor = follow()
    for each in writers:
        each.join()
    for _ in range(20):
        cursor = follow()
    assert seen == dict(SettlementLine.objects.exclude(data__holds=[]).values_list("pk", "data"))


def test_a_cursor_of_another_series_is_told_to_begin_anew() -> None:
    program = city()
    cursor = feed.start().text()
    program.get(CHANGES, cursor=cursor)
    Feed.objects.update_or_create(id=1, defaults={"token": uuid4()})
    told = program.get(CHANGES, 410, cursor=cursor)
    assert "快照" in told["detail"]
    assert told["type"] == "urn:dingdian:problem:gone"
    program.get(CHANGES, 410, cursor=Cursor(feed.series_now(), feed.horizon() + 1000).text())
    feed.new_series()
    program.get(CHANGES, 410, cursor=cursor)


SERIES = UUID(int=7)  # the same in every worker


@pytest.mark.parametrize("cursor", ["", "x", "!!!!", "a.b.c", "é", "0" * 300, Cursor(SERIES, -1).text(), Cursor(SERIES, 2**70).text()])
def test_what_is_no_cursor_is_told(cursor: str) -> None:
    assert list(city().get(CHANGES, 400, cursor=cursor)["errors"]) == ["cursor"]


def test_a_day_out_of_range_is_told() -> None:
    assert list(city().get(SNAPSHOT, 400, on="1800-01-01")["errors"]) == ["on"]
    assert list(city().get(SNAPSHOT, 400, form="xml")["errors"]) == ["form"]
