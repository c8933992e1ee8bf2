"""The product's own working-day table: seeded, imported, overruled; open deadlines follow."""

import threading
from datetime import date
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from openpyxl import Workbook

from deadlines import clock
from deadlines.calendar import library_calendar
from deadlines.calendar_changes import on_calendar_change, overrule, publish, recompute_pending, seed
from deadlines.loading import held, read_calendar, working_calendar
from deadlines.models import CalendarDay, Deadline, PublishedYear
from deadlines.periods import working_days_after
from deadlines.tasks import tick
from deadlines.timers import sweep
from tests.deadlines.conftest import handle, put, wanted

pytestmark = [pytest.mark.django_db, pytest.mark.clause("R1")]
BUREAU = SimpleNamespace(user_id=3, user_name="钱二")
MONDAY = date(2026, 3, 9)
YEAR_2027 = {
    date(2027, 1, 1): False,
    date(2027, 2, 8): False,
    date(2027, 2, 14): True,
    date(2027, 5, 1): False,
    date(2027, 5, 3): False,
    date(2027, 10, 1): False,
    date(2027, 10, 4): False,
}


def test_a_database_without_a_table_has_the_calendar_of_the_library() -> None:
    assert working_calendar() is library_calendar()


def test_the_seed_is_the_library_and_comes_once() -> None:
    assert seed() == sorted(library_calendar().published_years)
    assert working_calendar() == library_calendar()
    rows = CalendarDay.objects.count()
    assert seed() == []
    assert CalendarDay.objects.count() == rows


def test_the_calendar_is_read_once_and_costs_one_query_after_that(django_assert_num_queries: Any) -> None:
    seed()
    first = working_calendar()
    with django_assert_num_queries(1):
        assert working_calendar() is first


def test_an_overruled_day_counts_at_once_and_says_who_and_why() -> None:
    seed()
    assert working_calendar().is_working(MONDAY)
    with clock.frozen(clock.at(date(2026, 3, 1))):
        overrule(MONDAY, False, BUREAU, "全市停电")
    assert not working_calendar().is_working(MONDAY)
    row = CalendarDay.objects.get(day=MONDAY)
    assert (row.source, row.by_id, row.by_name, row.reason) == ("override", 3, "钱二", "全市停电")
    assert row.recorded_at == clock.at(date(2026, 3, 1))


def test_history_is_kept_and_the_last_overruling_counts() -> None:
    overrule(MONDAY, False, BUREAU, "全市停电")
    overrule(MONDAY, True, BUREAU, "已恢复")
    assert working_calendar().is_working(MONDAY)
    assert list(CalendarDay.objects.filter(day=MONDAY).values_list("working", flat=True)) == [False, True]
    assert working_calendar().published_years == library_calendar().published_years


def test_an_overruling_undone_with_its_transaction_is_not_remembered() -> None:
    seed()
    before = transaction.savepoint()
    overrule(MONDAY, False, BUREAU, "全市停电")
    assert not working_calendar().is_working(MONDAY)
    transaction.savepoint_rollback(before)
    assert working_calendar().is_working(MONDAY)
    assert working_calendar() == read_calendar()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_change_waits_for_who_still_writes_by_the_calendar_before() -> None:
    seed()
    order: list[str] = []

    def change() -> None:
        try:
            overrule(MONDAY, False, BUREAU, "全市停电")
            order.append("changed")
        finally:
            connection.close()

    thread = threading.Thread(target=change)
    with transaction.atomic(), held(stable=True):
        assert working_calendar().is_working(MONDAY)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
        order.append("written")
    thread.join(10)
    assert order == ["written", "changed"]
    assert not working_calendar().is_working(MONDAY)


@pytest.mark.parametrize("who", [(BUREAU, " "), (SimpleNamespace(user_id=None, user_name=""), "全市停电")], ids=["why", "who"])
def test_an_overruling_without_who_and_why_is_refused(who: tuple[Any, str]) -> None:
    with pytest.raises(ValueError, match="改定工作日必须"):
        overrule(MONDAY, False, *who)
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarDay.objects.create(day=MONDAY, working=False, source="override", recorded_at=clock.now())


def test_a_year_that_arrives_is_no_longer_provisional() -> None:
    before = working_calendar()
    assert before.is_provisional(date(2027, 2, 8))
    assert before.is_working(date(2027, 2, 8))
    years, disagreeing = publish(YEAR_2027)
    calendar = working_calendar()
    assert (years, disagreeing) == ([2027], [])
    assert not calendar.is_working(date(2027, 2, 8))
    assert calendar.is_working(date(2027, 2, 14))
    assert not calendar.is_provisional(date(2027, 2, 8))
    assert calendar.is_working(date(2027, 5, 4))
    assert not calendar.is_working(date(2026, 10, 1))


def test_an_arrangement_replaces_the_one_before_it() -> None:
    publish(YEAR_2027)
    corrected = {day: working for day, working in YEAR_2027.items() if day not in (date(2027, 2, 8), date(2027, 2, 14))}
    publish(corrected)
    calendar = working_calendar()
    assert calendar.is_working(date(2027, 2, 8))
    assert not calendar.is_working(date(2027, 2, 14))
    assert CalendarDay.objects.filter(day=date(2027, 2, 8)).count() == 2


def test_days_of_a_neighbouring_year_only_add_to_it() -> None:
    seed()
    years, _ = publish({**YEAR_2027, date(2026, 12, 27): True})
    calendar = working_calendar()
    assert years == [2027]
    assert calendar.is_working(date(2026, 12, 27))
    assert not calendar.is_working(date(2026, 10, 1))


def test_a_person_s_overruling_stands_against_an_arrangement_and_is_told() -> None:
    overrule(date(2027, 2, 8), True, BUREAU, "值班办理")
    _, disagreeing = publish(YEAR_2027)
    assert [row.day for row in disagreeing] == [date(2027, 2, 8)]
    assert working_calendar().is_working(date(2027, 2, 8))


def test_the_library_leaves_an_imported_year_alone() -> None:
    seed()
    publish({date(2026, 1, 1): False, date(2026, 5, 1): False, date(2026, 10, 1): False})
    assert seed() == []
    assert working_calendar().is_working(date(2026, 10, 2))


def test_what_the_library_has_since_learnt_about_its_own_year_is_taken_over() -> None:
    publish({date(2026, 1, 1): False, date(2026, 5, 1): False, date(2026, 10, 1): False}, source=CalendarDay.Source.LIBRARY)
    assert working_calendar().is_working(date(2026, 10, 2))
    assert seed() == [2026]
    assert working_calendar() == library_calendar()


def test_listeners_are_told_after_the_commit_once(django_capture_on_commit_callbacks: Any) -> None:
    calls: list[int] = []
    on_calendar_change(lambda: calls.append(1))
    with django_capture_on_commit_callbacks(execute=True):
        overrule(MONDAY, False, BUREAU, "全市停电")
        assert calls == []
    assert calls == [1]
    assert recompute_pending() is False
    with django_capture_on_commit_callbacks(execute=True):
        seed()
    assert calls == [1]


def test_what_a_lost_process_left_is_recomputed_by_the_next_tick() -> None:
    calls: list[int] = []
    on_calendar_change(lambda: calls.append(1))
    overrule(MONDAY, False, BUREAU, "全市停电")
    tick()
    tick()
    assert calls == [1]


def test_open_deadlines_move_with_an_overruled_day(kind: Any, django_capture_on_commit_callbacks: Any) -> None:
    kind()

    def resync(case_id: int) -> None:
        due = working_days_after(date(2026, 3, 2), 5, working_calendar(), "M8.2", "收到")
        put(wanted(due=due), case_id=case_id)

    handle(resync=resync)
    resync(1)
    resync(2)
    put(wanted(None), case_id=2)
    assert Deadline.objects.get(case_id=1).due_on == MONDAY
    with clock.frozen(clock.at(date(2026, 3, 5), 9)), django_capture_on_commit_callbacks(execute=True):
        overrule(MONDAY, False, BUREAU, "全市停电")
    swept = sweep(clock.at(date(2026, 3, 5), 9))
    assert (swept.looked, swept.fired, swept.failed) == (2, 0, 0)
    for row in Deadline.objects.all():
        assert (row.due_on, row.state, row.wake_at) == (date(2026, 3, 10), "open", clock.at(date(2026, 3, 11)))


def write_csv(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def imported(path: Path) -> str:
    out = StringIO()
    call_command("import_calendar", str(path), stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_an_arrangement_is_imported_from_csv(tmp_path: Path, encoding: str) -> None:
    text = "日期,是否工作日\n2027/1/1,否\n2027年2月8日,放假\n2027-02-14,是\n\n2027-05-01,0\n2027-10-01,false\n"
    assert "已公布年度：2027" in imported(write_csv(tmp_path / "a.csv", text, encoding))
    assert working_calendar().is_working(date(2027, 2, 14))
    assert not working_calendar().is_working(date(2027, 2, 8))


def test_an_arrangement_is_imported_from_xlsx(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["day", "working"])
    for day, working in YEAR_2027.items():
        sheet.append([day, working])
    book.save(tmp_path / "a.xlsx")
    assert "已导入7天" in imported(tmp_path / "a.xlsx")
    assert not working_calendar().is_working(date(2027, 2, 8))


def test_an_overruling_against_the_file_is_told(tmp_path: Path) -> None:
    overrule(date(2027, 1, 1), True, BUREAU, "值班办理")
    assert "2027-01-01已由钱二改定为工作日（值班办理）" in imported(write_csv(tmp_path / "a.csv", "day,working\n2027-01-01,否\n"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "文件是空的"),
        (b"day,working\n", "没有任何日期"),
        (b"day\n2027-01-01\n", "没有“是否工作日"),
        (b"when,working\n2027-01-01,1\n", "没有“日期"),
        ("day,working\n2027-13-01,否\n2027-01-01,也许\n".encode(), "第3行：是否工作日"),
        (b"day,working\n1027-01-01,0\n", "第2行：日期不对"),
        (b"day,working\n2027-01-01\n", "第2行：是否工作日"),
        (b"day,working\n2027-01-01,0\n2027-01-01,1\n", "不一致"),
        (b"PK\x03\x04 not a workbook", "不是可用的 xlsx"),
        (b"\xff\xff\xff\xff\x80", "编码无法识别"),
        (b'day,working\n"2027-01-01', "是否工作日"),
        (b"day,working\n" + b"2027-01-01,0\n" * 20_001, "超过20000行"),
        (b"x" * 5_000_001, "超过5MB"),
        (b"day,working\n" + b"9" * 200_000 + b",0\n", "不是可用的 csv"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_file_is_told_and_changes_nothing(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=message):
        imported(path)
    assert not CalendarDay.objects.exists()
    assert not PublishedYear.objects.exists()


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="无法读取"):
        imported(tmp_path / "none.csv")


def test_the_seed_command_says_what_it_did() -> None:
    out = StringIO()
    call_command("seed_calendar", stdout=out)
    assert "2026" in out.getvalue()
    out = StringIO()
    call_command("seed_calendar", stdout=out)
    assert "已是最新" in out.getvalue()
