"""Taking over a running district's agreements from its list: through the one door, told row by row, as often as one likes."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from agreements import importing
from agreements.importing import Entry, Summary
from agreements.models import Agreement
from applications import entry
from casework import door
from casework.models import ActRecord
from casework.refusals import Refused
from deadlines import clock
from deadlines.models import Deadline
from deadlines.timers import sweep
from institutions.imports.files import BadFile, open_path
from institutions.models import Institution
from offices.actors import SYSTEM
from offices.models import Notification
from standing.models import StandingFact
from tests.driving import on, people
from tests.factories import HospitalFactory, PharmacyFactory
from tests.institutions.lists import text_file, workbook

pytestmark = pytest.mark.django_db
TODAY = "2026-03-02"
HEADER = ("机构编码", "协议编号", "协议种类", "起始日", "最后一日", "解除生效日", "解除性质", "解除情形", "行政处罚未履行完毕")
Read = Callable[..., tuple[Summary, dict[int, Entry]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(rows: list[tuple[Any, ...]], name: str = "agreements.csv", **options: Any) -> tuple[Summary, dict[int, Entry]]:
        path = (workbook if name.endswith(".xlsx") else text_file)(tmp_path, name, rows)
        entries: dict[int, Entry] = {}
        with on(TODAY), open_path(path) as file:
            summary = importing.read_and_import(name, file, lambda row: entries.update({row.number: row}), by="接管人", **options)
        return summary, entries

    return read


@pytest.fixture
def hospital() -> Institution:
    return HospitalFactory(legacy_code="05110001")


def out(hospital: Institution, **changed: Any) -> tuple[Any, ...]:
    """One row: an agreement of 2024 terminated for serious violation."""
    row = dict(
        zip(
            HEADER,
            (hospital.uscc, "旧协2024-1", "年度协议", "2024-01-01", "2024-12-31", "2024-07-01", "严重违法违规", "M43(3)", ""),
            strict=True,
        )
    )
    return tuple({**row, **changed}.values())


@pytest.mark.clause("M10.1", "M12.5", "M12.7")
@pytest.mark.parametrize("name", ["agreements.csv", "agreements.tsv", "agreements.xlsx"])
def test_agreements_and_past_terminations_are_taken_over(read: Read, hospital: Institution, name: str) -> None:
    rows = [HEADER, (hospital.uscc, "旧协2026-1", "固定协议", "2025-07-01", "2026年6月30日", "", "", "", ""), out(hospital)]
    summary, entries = read(rows, name)
    assert summary.outcomes == {"新增": 2}, entries
    living, ended = Agreement.objects.order_by("-first_day")
    assert (living.number, living.kind, living.state, living.last_day) == ("旧协2026-1", "fixed", "active", date(2026, 6, 30))
    assert (ended.state, ended.ended_on, ended.institution) == ("terminated", date(2024, 6, 30), hospital)
    assert {ban.clause for ban in entry.bars(hospital, date(2026, 3, 2))} == {"M12.5", "M12.7"}


@pytest.mark.clause("M29", "R16")
def test_the_log_says_that_the_system_did_it_and_who_let_it(read: Read, hospital: Institution) -> None:
    read([HEADER, out(hospital)])
    record = ActRecord.objects.get(word="take_over_agreement")
    assert record.by_system
    assert record.who == "系统(接管人)"
    assert record.data["source"] == "由接管人导入agreements.csv"


@pytest.mark.clause("R16")
def test_a_person_of_an_office_that_calls_itself_the_system_is_not_the_system(hospital: Institution) -> None:
    impostor = people("third_party")[0].__class__(role="system", user_id=7)
    data = {"number": "1", "first_day": "2026-01-01", "last_day": "2026-12-31"}
    with on(TODAY), pytest.raises(Refused) as refused:
        door.perform("take_over_agreement", hospital, actor=impostor, data=data)
    assert refused.value.clauses == ["permission"]
    assert SYSTEM.is_system


@pytest.mark.parametrize(
    "heading", ["code", "uscc", "national_code", "legacy_code", "统一社会信用代码", "国家医保编码", "原北京编码", "机构编码*"]
)
def test_any_of_the_three_codes_finds_the_institution(read: Read, hospital: Institution, heading: str) -> None:
    codes = {"统": hospital.uscc, "u": hospital.uscc, "国": hospital.national_code, "n": hospital.national_code}
    code = codes.get(heading[0], "5110001")  # a spreadsheet has taken the nought
    summary, entries = read([(heading, "number", "first_day", "last_day"), (code, "旧协1", "2026-01-01", "2026-12-31")])
    assert summary.outcomes == {"新增": 1}, entries
    assert Agreement.objects.get().institution == hospital


def test_read_again_it_changes_nothing(read: Read, hospital: Institution) -> None:
    rows = [HEADER, out(hospital), (hospital.uscc, "旧协2026-1", "", "2026-01-01", "2026-12-31", "", "", "", "")]
    read(rows)
    before = list(Agreement.objects.values()), StandingFact.objects.count(), ActRecord.objects.count()
    summary, _ = read(rows)
    assert summary.outcomes == {"未变": 2}
    assert (list(Agreement.objects.values()), StandingFact.objects.count(), ActRecord.objects.count()) == before


def test_a_dry_run_tells_the_same_and_writes_nothing(read: Read, hospital: Institution) -> None:
    overlapping = (hospital.uscc, "旧协2024-2", "", "2024-06-01", "2025-05-31", "", "", "", "")
    rows = [HEADER, out(hospital), overlapping]
    tried, entries = read(rows, dry_run=True)
    assert not Agreement.objects.exists()
    assert not ActRecord.objects.exists()
    assert "已有一份协议" in entries[3].reason
    done, _ = read(rows)
    assert done.outcomes == tried.outcomes == {"新增": 1, "未录入": 1}


def test_a_row_that_cannot_be_taken_stops_no_other_and_says_every_reason(read: Read, hospital: Institution) -> None:
    pharmacy = PharmacyFactory()
    Institution.objects.filter(pk=pharmacy.pk).update(legacy_code="05999999")
    rows = [
        HEADER,
        out(hospital, 机构编码="91110105MA00000000"),
        out(hospital, 机构编码="04999999"),
        out(hospital, 起始日="二〇二四", 最后一日=""),
        out(hospital, 解除性质="轻微"),
        out(hospital, 解除性质=""),
        out(hospital, 解除生效日="2025-07-01"),
        out(hospital, 协议编号="旧协2024-7", 解除生效日=""),
        out(hospital, 协议编号="好的"),
        out(hospital, 协议编号="好的"),
        out(hospital, 协议编号=""),
        out(hospital, 协议编号="长" * 41, 起始日="2020-01-01", 最后一日="2020-12-31", 解除生效日="", 解除性质=""),
    ]
    for place in (5, 6, 7):
        rows[place] = (*rows[place][:1], f"旧协{place}", *rows[place][2:])
    summary, entries = read(rows)
    assert summary.outcomes == {"未录入": 10, "新增": 1}
    reasons = {number: row.reason for number, row in entries.items() if row.outcome == "未录入"}
    expected = {
        2: "校验码不对", 3: "没有这个编码的机构", 4: "不是可用的日期", 5: "不在可选之列", 6: "须写明解除性质", 7: "解除生效日应在协议期内",
        8: "须写明解除生效日", 10: "与第 9 行的协议编号相同", 11: "没有协议编号", 12: "40",
    }  # fmt: skip
    for number, words in expected.items():
        assert words in reasons[number], reasons[number]
    assert "没有最后一日" in reasons[4]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"最后一日": "2024-11-30"}, "内容不同"),
        ({"解除生效日": "", "解除性质": ""}, "内容不同"),
        ({"机构编码": "04110009"}, "另一家机构"),
    ],
)
def test_what_contradicts_the_register_is_told_not_overwritten(
    read: Read, hospital: Institution, changed: dict[str, str], words: str
) -> None:
    HospitalFactory(legacy_code="04110009")
    read([HEADER, out(hospital)])
    summary, entries = read([HEADER, out(hospital, **changed)])
    assert summary.outcomes == {"未录入": 1}
    assert words in entries[2].reason


def test_a_mistake_is_voided_and_taken_over_again_under_its_number(read: Read, hospital: Institution) -> None:
    read([HEADER, out(hospital)])
    handler, reviewer = people("city_agency")
    with on(TODAY, 10):
        record = ActRecord.objects.get(word="take_over_agreement")
        door.perform("void", record, actor=handler, reviewer=reviewer, data={"reason": "解除日期录错"})
    assert not entry.bars(hospital, date(2026, 3, 2))
    summary, entries = read([HEADER, out(hospital, 解除生效日="2024-08-01")])
    assert summary.outcomes == {"新增": 1}, entries
    assert Agreement.objects.get(annulled=False).ended_on == date(2024, 7, 31)


def test_what_somebody_should_look_at_is_told(read: Read) -> None:
    nobody = HospitalFactory(legal_representative=None, principal=None, controller=None)
    rows = [(*HEADER, "机构名称"), (*out(nobody), "别的名字")]
    summary, _ = read(rows)
    assert summary.notes == {"机构名称与库中不一致，以编码为准": [2], "没有登记解除当日的三类人员，五年内不得申请的限制没有落到人": [2]}


@pytest.mark.clause("R7", "M41.1")
def test_what_was_due_before_the_taking_over_warns_nobody(read: Read, hospital: Institution) -> None:
    """An agreement of 2024 must not come up as a missed renewal in 2026; one still in force keeps what lies ahead."""
    people("district_agency", "110105")
    read([HEADER, out(hospital, 解除生效日="", 解除性质=""), (hospital.uscc, "旧协2026-1", "", "2025-05-01", "2026-04-30", "", "", "", "")])
    ahead = Deadline.objects.exclude(due_on__gte=date(2026, 3, 2))
    assert not ahead.exists()
    assert [row.kind for row in Deadline.objects.filter(state="open")] == ["term_end"]
    sweep(clock.at(date(2026, 3, 3)))
    assert not Notification.objects.exists()


@pytest.mark.parametrize("header", [("协议编号", "起始日", "最后一日"), ("机构编码", "起始日", "最后一日"), ("甲", "乙")])
def test_a_list_without_the_needed_columns_is_turned_down_with_their_names(read: Read, header: tuple[str, ...]) -> None:
    with pytest.raises(BadFile, match=r"协议编号.*起始日.*最后一日.*机构编码"):
        read([header, ("1", "2", "3")])


def test_the_command_reports_and_asks_who(tmp_path: Path, hospital: Institution, capfd: pytest.CaptureFixture[str]) -> None:
    path = text_file(tmp_path, "agreements.tsv", [HEADER, out(hospital), out(hospital, 协议编号="", 机构编码="04999999")])
    report = tmp_path / "report.csv"
    with on(TODAY):
        call_command("import_agreements", path, "--by", "接管人", "--report", report)
    said = capfd.readouterr()
    assert "共 2 行：未录入 1，新增 1。" in said.out
    assert "未录入 第 3 行 04999999 ：没有协议编号。" in said.out
    assert "2/2" in said.err
    with report.open(encoding="utf-8-sig", newline="") as file:
        assert {row["行"]: row["结果"] for row in csv.DictReader(file)} == {"2": "新增", "3": "未录入"}
    with pytest.raises(CommandError, match="--by"):
        call_command("import_agreements", path)
