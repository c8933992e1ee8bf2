"""What an import leaves behind: rows taken and not, blanks filled, nothing replaced, nothing twice."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from institutions import importing
from institutions.importing import BadFile, Entry, Summary
from institutions.madeup import id_number, uscc
from institutions.models import Chain, Institution, Licence, Person, Post
from institutions.posts import holders
from offices.seeding import seed_districts
from tests.factories import HospitalFactory, PharmacyFactory
from tests.institutions.lists import LEGACY, text_file, workbook

pytestmark = pytest.mark.django_db
FULL = {
    "机构名称": "示例诊所",
    "类型": "医疗机构",
    "类别": "诊所",
    "所有制": "社会办",
    "所在区": "朝阳区",
    "统一社会信用代码": uscc(1),
    "国家医保编码": "H11010500001",
    "地址": "北京市朝阳区示例路1号",
    "电话": "010-60000001",
    "正式运营日期": "2020年1月2日",
    "床位数": "0",
    "医保管理部门": "是",
    "诊疗科目": "全科医疗科、中医科",
    "许可证号": "京朝0001",
    "有效期起": "2020/1/1",
    "有效期止": "20291231",
    "法定代表人": "张甲",
    "法定代表人身份证号": id_number(1),
    "主要负责人": "李乙",
    "主要负责人身份证号": id_number(2),
    "实际控制人": "张甲",
    "实际控制人身份证号": id_number(1),
}


@pytest.fixture(autouse=True)
def districts() -> None:
    seed_districts()


@pytest.fixture
def take(tmp_path: Path) -> Callable[..., tuple[Summary, list[Entry]]]:
    """Imports rows: dicts under their headings, or the bare pairs of the old list."""

    def take(rows: list[Any], name: str = "list.xlsx", **options: Any) -> tuple[Summary, list[Entry]]:
        if isinstance(rows[0], dict):
            header = list(dict.fromkeys(key for row in rows for key in row))
            rows = [header, *[[row.get(key, "") for key in header] for row in rows]]
        path = workbook(tmp_path, name, rows) if name.endswith("xlsx") else text_file(tmp_path, name, rows)
        entries: list[Entry] = []
        with path.open("rb") as file:
            return importing.read_and_import(path.name, file, entries.append, **options), entries

    return take


def refused(entries: list[Entry]) -> dict[int, str]:
    return {entry.number: entry.reason for entry in entries if entry.outcome == "未录入"}


def test_old_list_goes_in_as_incomplete_but_for_the_total_row(take: Any) -> None:
    summary, entries = take(LEGACY, "old.tsv")
    assert (summary.rows, dict(summary.outcomes), summary.incomplete) == (9, {"未录入": 1, "新增": 8}, 8)
    assert list(refused(entries)) == [7]
    assert "汇总" in refused(entries)[7]
    rows = {row.legacy_code: row for row in Institution.objects.all()}
    assert not any(row.complete for row in rows.values())
    assert {code: row.district_id for code, row in rows.items()} == {
        "05110001": "110105",
        "03110002": "110101",
        "04141003": "110102",
        "08152004": "110108",
        "31162005": "bda",
        "31156006": None,
        "08110007": "110108",
        "05100008": "110105",
    }
    assert rows["05110001"].name == "示例第一医院（示例大学医院）"
    assert rows["08152004"].name == "示例妇幼保健院（示例社区卫生服务中心）"
    assert (rows["04141003"].name, rows["04141003"].legacy_status) == ("北京市宣武区示例医院", "已取消定点")
    assert [row.legacy_code for row in rows.values() if row.legacy_status] == ["04141003"]
    assert (rows["08110007"].ownership, rows["05100008"].category, rows["31156006"].category) == ("military", "elderly_care", "specialist")
    assert rows["05110001"].initials == "sldyyysldxyy"
    assert summary.notes["所在区不明，待核定"] == [6]
    assert summary.notes["所在区按名称推断"] == [5]


@pytest.mark.parametrize("name", ["old.tsv", "old.csv", "old.xlsx"])
def test_a_second_import_changes_nothing(take: Any, name: str) -> None:
    take(LEGACY, name)
    events = apps.get_model("institutions", "InstitutionEvent").objects
    before = list(Institution.objects.order_by("pk").values()), events.count()
    summary, _ = take(LEGACY, name)
    assert dict(summary.outcomes) == {"未录入": 1, "未变": 8}
    assert (list(Institution.objects.order_by("pk").values()), events.count()) == before


def test_dry_run_tells_the_same_and_writes_nothing(take: Any) -> None:
    rows = [FULL, {**FULL, "统一社会信用代码": "1"}]
    dry, dry_entries = take(rows, dry_run=True)
    assert not Institution.objects.exists()
    assert not Person.objects.exists()
    real, entries = take(rows)
    assert (dry_entries, dry.outcomes, dry.notes) == (entries, real.outcomes, real.notes)


def test_full_row_is_complete_with_licence_and_people(take: Any) -> None:
    summary, _ = take([FULL])
    assert (dict(summary.outcomes), summary.incomplete, summary.notes) == ({"新增": 1}, 0, {})
    row = Institution.objects.get()
    row.full_clean()
    assert row.complete
    assert (row.kind, row.category, row.ownership, row.district_id) == ("hospital", "clinic", "private", "110105")
    assert (str(row.opened_on), row.insurance_department, row.departments) == ("2020-01-02", True, ["全科医疗科", "中医科"])
    licence = Licence.objects.get()
    assert (licence.kind, licence.number, str(licence.valid_from), str(licence.valid_to)) == (
        "practice_licence",
        "京朝0001",
        "2020-01-01",
        "2029-12-31",
    )
    people = holders(row)
    assert people["legal_representative"] == people["controller"] == Person.by_id_number(id_number(1))
    assert people["principal"].name == "李乙"
    assert {str(post.from_on) for post in Post.objects.all()} == {"2020-01-02"}
    assert Person.objects.count() == 2


def test_english_headings_and_values(take: Any) -> None:
    take([{"name": "示例店", "kind": "pharmacy", "district": "bda", "ownership": "private", "uscc": uscc(2), "opened_on": "2020-01-02"}])
    row = Institution.objects.get()
    assert (row.kind, row.district_id, row.ownership, row.uscc) == ("pharmacy", "bda", "private", uscc(2))


def test_pharmacies_of_a_chain(take: Any) -> None:
    rows = [
        {
            "机构名称": f"示例药店{number}",
            "统一社会信用代码": uscc(number),
            "连锁总部": "示例连锁",
            "连锁总部统一社会信用代码": uscc(99),
            "许可证号": f"京药{number}",
            "有效期起": "2020-01-01",
        }
        for number in (1, 2)
    ]
    take(rows)
    chain = Chain.objects.get()
    assert (chain.name, chain.uscc, chain.branches.count()) == ("示例连锁", uscc(99), 2)
    assert set(Licence.objects.values_list("kind", flat=True)) == {"drug_licence"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"机构名称": ""}, "没有机构名称"),
        ({"机构名称": "长" * 201}, "200 字"),
        ({"机构名称": "示例馆", "类型": "", "类别": "", "国家医保编码": ""}, "医疗机构还是零售药店"),
        ({"类型": "宾馆"}, "不在可选"),
        ({"类别": "美容院"}, "不在可选"),
        ({"所在区": "浦东新区"}, "不是北京市的区"),
        ({"统一社会信用代码": uscc(1)[:-1] + "?"}, "不允许的字符"),
        ({"统一社会信用代码": "91110000600037341M"}, "校验码"),
        ({"国家医保编码": "P11010500001"}, "与类型不符"),
        ({"国家医保编码": "H1"}, "国家医保编码"),
        ({"正式运营日期": "2020-02-30"}, "不是可用的日期"),
        ({"正式运营日期": "20年"}, "不是可用的日期"),
        ({"正式运营日期": "0001-01-01"}, "不是可用的日期"),
        ({"床位数": "-1"}, "床位数"),
        ({"床位数": "很多"}, "床位数"),
        ({"医保管理部门": "也许"}, "请写是或否"),
        ({"有效期止": "2019-01-01"}, "早于"),
        ({"许可证号": "长" * 61}, "60 字"),
        ({"地址": "长" * 301}, "300 字"),
        ({"法定代表人身份证号": "11010119900307109x1"}, "法定代表人"),
        ({"法定代表人": "长" * 101}, "100 字"),
        ({"连锁总部": "示例连锁"}, "只有零售药店"),
    ],
)
def test_a_row_with_a_mistake_is_not_taken_and_says_why(take: Any, change: dict[str, str], reason: str) -> None:
    summary, entries = take([{**FULL, **change}, {"机构名称": "别家诊所"}])
    assert reason in refused(entries)[2]
    assert dict(summary.outcomes) == {"未录入": 1, "新增": 1}
    assert [row.name for row in Institution.objects.all()] == ["别家诊所"]


def test_all_mistakes_of_a_row_are_told_at_once(take: Any) -> None:
    _, entries = take([{**FULL, "所在区": "浦东", "床位数": "?", "统一社会信用代码": "1"}])
    assert all(words in refused(entries)[2] for words in ("北京市的区", "床位数", "18 位"))


def test_the_report_never_repeats_an_identity_number(take: Any) -> None:
    number = id_number(1)[:-1] + "?"
    _, entries = take([{**FULL, "法定代表人身份证号": number}])
    assert number not in str(entries)


def test_the_same_institution_twice_in_a_file_is_taken_once(take: Any) -> None:
    rows = [FULL, {**FULL, "机构名称": "别名诊所"}, {**FULL, "统一社会信用代码": "", "国家医保编码": ""}]
    summary, entries = take(rows)
    assert dict(summary.outcomes) == {"新增": 1, "未录入": 2}
    assert all("与第 2 行是同一家机构" in reason for reason in refused(entries).values())


def test_the_same_institution_twice_is_seen_across_batches(take: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 1)
    _, entries = take([FULL, {"机构名称": "别家诊所"}, FULL])
    assert list(refused(entries)) == [4]


def test_blanks_are_filled_and_the_record_becomes_complete(take: Any) -> None:
    take([("05141001", "示例诊所")], "old.tsv")
    before = Institution.objects.get()
    summary, _ = take([FULL])
    row = Institution.objects.get()
    assert dict(summary.outcomes) == {"补全": 1}
    assert (row.legacy_code, row.uscc, row.complete, row.version) == ("05141001", uscc(1), True, before.version + 1)
    assert set(holders(row)) == {"legal_representative", "principal", "controller"}


def test_what_is_stored_is_never_replaced(take: Any) -> None:
    take([FULL])
    before = Institution.objects.values().get()
    change = {
        "机构名称": "新名诊所",
        "地址": "北京市朝阳区新路2号",
        "床位数": "5",
        "许可证号": "京朝0002",
        "法定代表人身份证号": id_number(7),
    }
    _, entries = take([{**FULL, **change}])
    after = Institution.objects.values().get()
    assert {key for key in after if after[key] != before[key]} == {"beds", "version"}
    assert set(entries[0].notes) == {
        "名称与库中不一致，未改动",
        "地址与库中不一致，未改动",
        "许可证号与库中不一致，未改动",
        "任职人员与库中不一致，未改动",
    }
    assert Licence.objects.get().number == "京朝0001"


def test_inferred_values_are_never_held_against_what_is_stored(take: Any) -> None:
    hospital = HospitalFactory(name="示例门诊部", category="clinic", district="110106", legacy_code="05131001")
    summary, entries = take([("05131001", "示例门诊部")], "old.tsv")
    assert (dict(summary.outcomes), entries[0].notes) == ({"未变": 1}, ())
    hospital.refresh_from_db()
    assert (hospital.category, hospital.district_id) == ("clinic", "110106")


def test_codes_of_different_institutions_in_one_row_are_refused(take: Any) -> None:
    first, second = HospitalFactory(), HospitalFactory()
    _, entries = take([{"机构名称": first.name, "统一社会信用代码": first.uscc, "国家医保编码": second.national_code}])
    assert "分属不同机构" in refused(entries)[2]


def test_a_code_beside_another_code_than_the_stored_is_refused(take: Any) -> None:
    hospital, pharmacy = HospitalFactory(), PharmacyFactory()
    _, entries = take(
        [
            {"机构名称": hospital.name, "统一社会信用代码": hospital.uscc, "国家医保编码": "H11010599999"},
            {"机构名称": "示例诊所", "统一社会信用代码": pharmacy.uscc, "国家医保编码": ""},
        ]
    )
    assert "国家医保编码不同" in refused(entries)[2]
    assert "另一类机构" in refused(entries)[3]


def test_a_name_alone_means_the_only_one_of_that_name(take: Any) -> None:
    hospital = HospitalFactory(name="示例诊所", address="", district="110105")
    summary, _ = take([{"机构名称": "示例诊所", "地址": "朝阳区示例路1号"}])
    hospital.refresh_from_db()
    assert (dict(summary.outcomes), hospital.address, hospital.complete) == ({"补全": 1}, "朝阳区示例路1号", True)


def test_a_name_in_another_district_is_another_institution(take: Any) -> None:
    HospitalFactory(name="示例诊所", district="110105")
    summary, _ = take([{"机构名称": "示例诊所", "地址": "海淀区示例路1号"}])
    assert dict(summary.outcomes) == {"新增": 1}
    summary, entries = take([{"机构名称": "示例诊所"}])
    assert "2 家同名" in refused(entries)[2]


def test_person_known_under_another_name_is_the_same_person(take: Any) -> None:
    person = Person.get_or_create_by_id_number("张旧", id_number(1))
    _, entries = take([FULL])
    assert holders(Institution.objects.get())["legal_representative"] == person
    assert any("另一姓名" in note for note in entries[0].notes)


def test_people_and_licences_without_what_identifies_them_are_not_recorded(take: Any) -> None:
    _, entries = take([{**FULL, "法定代表人身份证号": "", "有效期起": ""}])
    row = Institution.objects.get()
    assert ("legal_representative" in holders(row), row.licences.exists(), row.complete) == (False, False, False)
    assert len(entries[0].notes) == 2


def test_a_spreadsheet_that_lost_the_leading_nought(take: Any) -> None:
    take([{"名称": "示例医院", "原编码": 5110001}])
    assert Institution.objects.get().legacy_code == "05110001"


def test_a_campus_is_to_be_looked_at(take: Any) -> None:
    _, entries = take([{"名称": "示例医院东院区", "地址": "通州区1号"}])
    assert any("院区" in note for note in entries[0].notes)


def test_the_kind_can_be_given_for_rows_that_do_not_tell(take: Any) -> None:
    take([{"名称": "示例馆"}], default_kind="pharmacy")
    assert Institution.objects.get().kind == "pharmacy"


def test_without_districts_the_import_says_what_to_do(take: Any) -> None:
    from offices.models import District

    District.objects.all().delete()
    with pytest.raises(BadFile, match="seed_offices"):
        take([FULL])


def test_history_names_the_import(take: Any) -> None:
    take([FULL], "my.xlsx", source="my.xlsx")
    event = apps.get_model("institutions", "InstitutionEvent").objects.get()
    assert event.pgh_context.metadata == {"command": "import_institutions", "source": "my.xlsx"}


@pytest.mark.parametrize("rows", [1, 50])
def test_a_batch_takes_the_same_statements_whatever_its_size(take: Any, rows: int, django_assert_max_num_queries: Any) -> None:
    several = [
        {**FULL, "机构名称": f"示例诊所{number}", "统一社会信用代码": uscc(number), "国家医保编码": f"H110105{number:05d}"}
        for number in range(rows)
    ]
    with django_assert_max_num_queries(16):
        take(several)
    assert Institution.objects.count() == rows
