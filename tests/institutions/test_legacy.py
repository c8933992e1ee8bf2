"""What Beijing's old codes and the names of their time tell. The names here are made up, with the traps of the real list."""

import pytest

from institutions import legacy
from institutions.names import initials_of, tidy_name
from institutions.places import district_named, district_of_address


@pytest.mark.parametrize(
    ("digits", "district"),
    [
        ("01", "110101"),
        ("02", "110102"),
        ("03", "110101"),
        ("04", "110102"),
        ("05", "110105"),
        ("06", "110106"),
        ("07", "110107"),
        ("08", "110108"),
        ("09", "110109"),
        ("11", "110111"),
        ("12", "110112"),
        ("23", "110112"),
        ("13", "110113"),
        ("22", "110113"),
        ("14", "110114"),
        ("21", "110114"),
        ("24", "110115"),
        ("26", "110117"),
        ("27", "110116"),
        ("28", "110118"),
        ("29", "110119"),
        ("31", ""),
        ("10", ""),
        ("99", ""),
    ],
)
def test_first_two_digits_are_a_district_of_then(digits: str, district: str) -> None:
    assert legacy.read(f"{digits}110001", "北京示例医院").district == district


@pytest.mark.parametrize(
    ("code", "name", "category"),
    [
        ("05110001", "北京示例医院", "general"),
        ("05111001", "示例大学医院（示例社区卫生服务中心）", "general"),
        ("05111002", "示例厂社区卫生服务站（示例厂职工医院）", "community_station"),
        ("05110002", "示例镇社区卫生服务中心", "community_centre"),
        ("05162001", "示例社区卫生服务中心东里社区卫生服务站", "community_station"),
        ("05120001", "示例镇中心卫生院", "township"),
        ("05120002", "示例空港医院", "township"),
        ("05141001", "示例公司医务室", "health_room"),
        ("05141002", "示例大学（西区）卫生所", "health_room"),
        ("05140001", "示例诊所", "clinic"),
        ("05141003", "示例路医院", "clinic"),
        ("05151001", "示例东方医院", "tcm"),
        ("05151002", "示例中西医结合医院", "integrated"),
        ("05151003", "示例中医门诊部", "outpatient"),
        ("05152001", "示例妇幼保健院东关门诊部", "outpatient"),
        ("05152002", "示例妇幼保健院", "maternal_child"),
        ("05153001", "示例安宁医院", "specialist"),
        ("05154001", "示例结核病防治所", "disease_prevention"),
        ("05155001", "示例急救站", "emergency"),
        ("05100001", "示例老年公寓医务室", "elderly_care"),
        ("05100002", "示例服务总中心（老年公寓）医务室", "elderly_care"),
        ("05156001", "示例肿瘤医院", "specialist"),
        ("05156002", "示例会馆", ""),
        ("05110003", "示例村卫生室", "village"),
    ],
)
def test_the_main_name_tells_the_category_and_else_the_old_kind(code: str, name: str, category: str) -> None:
    assert legacy.read(code, name).category == category


@pytest.mark.parametrize("kind", ["100", "156", "999"])
def test_an_unknown_kind_is_reported(kind: str) -> None:
    assert any("类别不明" in note for note in legacy.read(f"05{kind}001", "示例肿瘤医院").notes)


@pytest.mark.parametrize("written", ["示例医院(已取消定点)", "示例医院（已取消定点）", "示例医院（已取消定点)", "示例医院已取消定点"])
def test_the_mark_of_a_cancelled_one_moves_out_of_the_name(written: str) -> None:
    hints = legacy.read("05110001", written)
    assert (hints.name, hints.legacy_status) == ("示例医院", "已取消定点")
    assert legacy.read("05110001", "示例医院").legacy_status == ""


@pytest.mark.parametrize(
    ("written", "name", "noted"),
    [
        ("示例医院(第二名称)", "示例医院（第二名称）", False),
        ("示例医院(第二名称）", "示例医院（第二名称）", True),
        ("示例医院（第二名称)", "示例医院（第二名称）", True),
        ("示例医院（第二名称", "示例医院（第二名称）", True),
        ("示例医院第二名称）", "示例医院第二名称）", True),
        ("示例（甲）医院（乙）", "示例（甲）医院（乙）", False),
    ],
)
def test_brackets_are_made_alike_and_closed(written: str, name: str, noted: bool) -> None:
    hints = legacy.read("05110001", written)
    assert hints.name == name
    assert any("括号" in note for note in hints.notes) is noted


@pytest.mark.parametrize(
    ("code", "name", "words"),
    [
        ("03110001", "示例医院", "原崇文区"),
        ("04110001", "示例医院", "原宣武区"),
        ("28110001", "密云县示例医院", "改名"),
        ("05110001", "中国人民解放军第九九九医院", "军队"),
        ("05110001", "武警示例医院", "军队"),
    ],
)
def test_what_has_changed_since_is_to_be_looked_at(code: str, name: str, words: str) -> None:
    assert any(words in note for note in legacy.read(code, name).notes)


def test_a_military_name_tells_the_ownership() -> None:
    assert legacy.read("05110001", "中国人民解放军第九九九医院").ownership == "military"
    assert legacy.read("05162001", "将军路社区卫生服务站").ownership == ""


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("110105", "110105"),
        ("bda", "bda"),
        ("BDA", "bda"),
        ("朝阳", "110105"),
        ("朝阳区", "110105"),
        ("北京市朝阳区", "110105"),
        ("宣武区", "110102"),
        ("崇文", "110101"),
        ("密云县", "110118"),
        ("经开区", "bda"),
        ("北京经济技术开发区", "bda"),
        ("130105", None),
        ("天津", None),
        ("", None),
        ("朝阳区某街道", None),
    ],
)
def test_district_named(text: str, district: str | None) -> None:
    assert district_named(text) == district


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("昌平区南口镇1号", "110114"),
        ("北京市东城区崇外大街", "110101"),
        ("北京朝阳区雅宝路", "110105"),
        ("宣武区广外", "110102"),
        ("大兴区经济技术开发区西环南路", "bda"),
        ("复兴门外大街", None),
        ("朝阳门外大街", None),
        ("通州市场西街", None),
        ("", None),
    ],
)
def test_district_of_address(text: str, district: str | None) -> None:
    assert district_of_address(text) == district


@pytest.mark.parametrize(
    ("name", "initials"),
    [("示例医院", "slyy"), ("北京ABC诊所2", "bjabczs2"), ("示例（东）门诊部·一部", "sldmzbyb"), ("", ""), ("𠮷祥", "x")],
)
def test_initials(name: str, initials: str) -> None:
    assert initials_of(name).endswith(initials)
    assert initials_of(name).isalnum() or name == ""


@pytest.mark.parametrize(
    ("text", "tidy"), [("  示例 医院\u3000", "示例医院"), ("ABC  Clinic 示例", "ABC Clinic示例"), ("示例(东)", "示例（东）"), ("", "")]
)
def test_tidy_name(text: str, tidy: str) -> None:
    assert tidy_name(text) == tidy
