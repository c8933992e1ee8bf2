"""The list of dishonest persons (M12.8): by identity number, kept for people who hold no post yet, complete lists take off."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from applications import entry
from casework import door
from casework.models import ActRecord
from casework.refusals import Refused
from institutions import posts
from institutions.imports.files import BadFile, open_path
from institutions.madeup import id_number
from institutions.models import Institution, Person
from standing import importing
from standing.importing import Entry, Summary
from standing.models import StandingFact
from standing.reading import listed_on
from tests.driving import on, people
from tests.factories import HospitalFactory, PharmacyFactory
from tests.institutions.lists import text_file, workbook

pytestmark = pytest.mark.django_db
HEADER = ("姓名", "身份证号码", "列入日期", "来源")
NUMBERS = [id_number(900 + n) for n in range(4)]
ZHAO, QIAN, SUN = (
    ("赵示一", NUMBERS[0], "2026-01-05", "示执1号"), ("钱示二", NUMBERS[1], "2026-02-01", ""), ("孙示三", NUMBERS[2], "", "示执3号"),
)  # fmt: skip
Read = Callable[..., tuple[Summary, list[Entry]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(rows: list[tuple[Any, ...]], day: str = "2026-03-02", name: str = "list.csv", **options: Any) -> tuple[Summary, list[Entry]]:
        path = (workbook if name.endswith(".xlsx") else text_file)(tmp_path, name, [HEADER, *rows])
        entries: list[Entry] = []
        with on(day), open_path(path) as file:
            summary = importing.read_and_import(name, file, entries.append, by="名单员", **options)
        return summary, entries

    return read


def names(day: str = "2026-03-02") -> set[str]:
    return {person.name for person in listed_on(date.fromisoformat(day))}


def led_by(number: str) -> Institution:
    return HospitalFactory(controller={"name": "赵示一", "id_number": number})


@pytest.mark.clause("M12.8", "R4")
@pytest.mark.parametrize("name", ["list.csv", "list.tsv", "list.xlsx"])
def test_the_list_bars_every_institution_of_the_person_from_the_day_of_entry(read: Read, name: str) -> None:
    hospital = led_by(NUMBERS[0])
    pharmacy = PharmacyFactory(principal={"name": "赵示一", "id_number": NUMBERS[0]}, district="110106")
    summary, entries = read([ZHAO], name=name)
    assert summary.outcomes == {"列入": 1}, entries
    assert [ban.clause for ban in entry.bars(hospital, date(2026, 1, 5))] == ["M12.8"]
    assert [ban.clause for ban in entry.bars(pharmacy, date(2026, 3, 2))] == ["P11.6"]
    assert not entry.bars(hospital, date(2026, 1, 4))
    assert summary.notes == {"现任机构的法定代表人、主要负责人或实际控制人，请留意其申请和协议": [2]}


@pytest.mark.clause("M12.8")
def test_who_holds_no_post_yet_is_kept_and_bars_whom_he_joins_later(read: Read) -> None:
    read([ZHAO])
    hospital = HospitalFactory()
    assert not entry.bars(hospital, date(2026, 3, 3))
    person = Person.by_id_number(NUMBERS[0])
    assert person is not None
    posts.appoint(hospital, "principal", person, date(2026, 3, 3))
    assert [ban.clause for ban in entry.bars(hospital, date(2026, 3, 3))] == ["M12.8"]


def test_the_number_tells_the_person_not_the_name(read: Read) -> None:
    hospital = led_by(NUMBERS[0])
    summary, _ = read([("赵示乙", *ZHAO[1:])])
    assert "证件号码已登记为另一姓名，以号码为准" in summary.notes
    assert entry.bars(hospital, date(2026, 3, 2))
    assert Person.objects.filter(name="赵示乙").count() == 0


@pytest.mark.clause("M35")
def test_no_number_is_written_anywhere_in_the_clear(read: Read) -> None:
    wrong = NUMBERS[1][:-1] + ("1" if NUMBERS[1][-1] != "1" else "2")
    _, entries = read([ZHAO, ("钱示二", wrong, "", "")])
    told = repr(entries) + repr(list(ActRecord.objects.values())) + repr(list(StandingFact.objects.values()))
    assert NUMBERS[0] not in told
    assert wrong not in told
    assert {row.code for row in entries} == {f"{number[:3]}***********{number[-4:]}" for number in (NUMBERS[0], wrong)}


def test_the_log_says_who_let_it_be_read(read: Read) -> None:
    read([ZHAO, QIAN])
    assert {record.who for record in ActRecord.objects.all()} == {"系统(名单员)"}
    assert sorted(StandingFact.objects.values_list("data__source", flat=True)) == ["list.csv", "示执1号"]


def test_read_again_it_changes_nothing_and_a_dry_run_never(read: Read) -> None:
    tried, _ = read([ZHAO, QIAN], dry_run=True)
    assert not Person.objects.exists()
    assert not ActRecord.objects.exists()
    done, _ = read([ZHAO, QIAN])
    assert tried.outcomes == done.outcomes == {"列入": 2}
    count = ActRecord.objects.count()
    again, _ = read([ZHAO, QIAN])
    assert again.outcomes == {"未变": 2}
    assert ActRecord.objects.count() == count


@pytest.mark.clause("M12.8", "R4")
def test_a_complete_list_takes_off_whom_it_no_longer_names(read: Read) -> None:
    hospital = led_by(NUMBERS[0])
    read([ZHAO, QIAN])
    read([QIAN, SUN], "2026-03-10")
    assert names("2026-03-10") == {"赵示一", "钱示二", "孙示三"}
    tried, _ = read([QIAN, SUN], "2026-03-11", complete=True, dry_run=True)
    assert names("2026-03-11") == {"赵示一", "钱示二", "孙示三"}
    summary, entries = read([QIAN, SUN], "2026-03-11", complete=True)
    assert summary.outcomes == tried.outcomes == {"未变": 2, "移出": 1}
    assert [(row.name, row.outcome) for row in entries][-1] == ("赵示一", "移出")
    assert names("2026-03-11") == {"钱示二", "孙示三"}
    assert not entry.bars(hospital, date(2026, 3, 11))


@pytest.mark.parametrize("rows", [[QIAN, ("孙示三", "11010119900307", "", "")], []])
def test_a_list_not_wholly_understood_takes_nobody_off(read: Read, rows: list[tuple[Any, ...]]) -> None:
    read([ZHAO])
    summary, _ = read(rows, complete=True)
    assert "赵示一" in names()
    assert any("没有移出任何人" in note for note in summary.notes)


def test_taken_off_and_listed_again_with_the_old_day(read: Read) -> None:
    """The list still names the old day of entry; from the removal on the person counts as listed again, not before."""
    read([ZHAO, QIAN])
    read([QIAN], "2026-02-10", complete=True)
    assert names("2026-02-10") == {"钱示二"}
    summary, entries = read([ZHAO], "2026-03-02")
    assert summary.outcomes == {"列入": 1}, entries
    assert "曾移出名单，自移出之日起重新列入" in entries[0].notes
    assert names("2026-02-09") == names("2026-03-02") == {"赵示一", "钱示二"}


@pytest.mark.clause("M12.8")
def test_an_entry_lies_neither_ahead_nor_before_the_last_removal(read: Read) -> None:
    read([ZHAO])
    read([QIAN], "2026-03-05", complete=True)
    person = Person.objects.get(name="赵示一")
    handler, _ = people("city_agency")
    for since in ("2026-03-04", "2026-03-07"):
        with on("2026-03-06"), pytest.raises(Refused):
            door.perform("list_dishonest", person, actor=handler, data={"since": since})
    with on("2026-03-06"):
        door.perform("list_dishonest", person, actor=handler, data={"since": "2026-03-05"})
    assert "赵示一" in names("2026-03-06")


def test_rows_that_cannot_be_taken(read: Read) -> None:
    rows = [
        ("", *ZHAO[1:]),
        ("李示四", "", "", ""),
        ("李示四", NUMBERS[3], "2026-13-01", ""),
        ("李示四", NUMBERS[3], "2026-03-03", ""),
        ZHAO,
        ZHAO,
    ]
    summary, entries = read(rows)
    assert summary.outcomes == {"未录入": 4, "列入": 1, "未变": 1}
    reasons = [row.reason for row in entries if row.outcome == "未录入"]
    assert [word in reason for word, reason in zip(("没有姓名", "18 位", "不是可用的日期", "晚于今天"), reasons, strict=True)] == [True] * 4
    assert "与第 6 行是同一人" in summary.notes


def test_a_list_without_the_needed_columns_is_turned_down(read: Read, tmp_path: Path) -> None:
    path = text_file(tmp_path, "names.csv", [("姓名", "性别"), ("赵示一", "男")])
    with open_path(path) as file, pytest.raises(BadFile, match="身份证件号码"):
        importing.read_and_import("names.csv", file, by="名单员")


def test_the_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = text_file(tmp_path, "list.csv", [HEADER, ZHAO, ("钱示二", "1101", "", "")])
    with on("2026-03-02"):
        call_command("import_dishonest", path, "--by", "名单员", "--complete")
    said = capfd.readouterr()
    assert "共 2 行：未录入 1，列入 1。" in said.out
    assert "请核对 1 行：名单没有全部读懂，或没有数据行，因此没有移出任何人（第 3 行）。" in said.out
    assert "身份证件号码应为 18 位" in said.out
    assert NUMBERS[0] not in said.out + said.err
