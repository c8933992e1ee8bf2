"""Every kind with a template is rendered for a hospital and for a pharmacy, and holds what every document has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from documents.catalogue import CATALOGUE, IncompletePaper
from documents.issuing import issue
from documents.models import Document
from tests.documents.pages_of import embedded_fonts, text_of
from tests.documents.samples import INSTITUTIONS, NUMBERS, sample, the_agency, the_city_agency

Maker = Callable[..., Document]
# The plate on the wall has no room for all of it.
SINGLE = [number for number in NUMBERS if "institution.name" in CATALOGUE[number].needs and number != 45]

# Of chains of pharmacies only.
EVERY = [(number, kind) for number in NUMBERS for kind in ("hospital", "pharmacy") if (number, kind) != (35, "hospital")]


def test_the_catalogue_has_fifty_rows_and_templates_for_the_road() -> None:
    assert sorted(CATALOGUE) == list(range(1, 51))
    assert sorted(number for number, kind in CATALOGUE.items() if kind.template) == sorted(NUMBERS)


@pytest.mark.slow
@pytest.mark.clause("M8", "M9", "M10", "M11", "M20")
@pytest.mark.parametrize(("number", "kind"), EVERY)
def test_every_kind_is_rendered(issued: Maker, number: int, kind: str) -> None:
    document = issued(number, kind)
    text = text_of(document)
    assert document.number in text
    assert document.readable_code in text
    assert all(embedded_fonts(document).values())
    document.refresh_from_db()
    assert document.fonts["missing"] == []
    other = "医疗机构医疗保障定点" if kind == "pharmacy" else "零售药店医疗保障定点"
    assert other not in text
    for spilled in ("None", "{{", "{%", "''", "[]", "0000-", "T09:", "+08:00"):
        assert spilled not in text
    if number in SINGLE:
        named_in_full(text, document, number, kind)


def named_in_full(text: str, document: Document, number: int, kind: str) -> None:
    """What a paper about one institution has beside."""
    for field in ("name", "uscc", "licence", "national_code", "district"):
        assert INSTITUTIONS[kind][field] in text
    assert sample(number, kind)["case"]["number"] in text
    for part in ("2026年3月2日", "测试印模", document.digest, "经办：周宁", "陈立", document.issuer.name, "送达"):
        assert part in text


@pytest.mark.clause("M12.7", "P11.5")
@pytest.mark.parametrize(
    ("kind", "law"),
    [
        ("hospital", "《北京市医疗机构医疗保障定点管理暂行办法》第十二条第（七）项"),
        ("pharmacy", "《北京市零售药店医疗保障定点管理暂行办法》第十一条第（五）项"),
    ],
)
def test_a_refusal_cites_the_law_of_the_institutions_kind(issued: Maker, kind: str, law: str) -> None:
    ground = {"clause": "M12.7", "sentence": "法定代表人受限制", "evidence": "决定书", "until": "2028-05-10"}
    text = text_of(issued(4, kind, grounds=[ground]))
    assert law in text
    assert "2028年5月10日" in text


@pytest.mark.slow
@pytest.mark.clause("R11")
@pytest.mark.parametrize("number", [number for number in NUMBERS if CATALOGUE[number].adverse])
def test_an_adverse_decision_tells_the_ways_against_it(issued: Maker, number: int) -> None:
    document = issued(number)
    text = text_of(document)
    body = "所在区人民政府" if document.issuer.role == "district_agency" else "北京市人民政府"
    assert f"送达之日起60日内向{body}申请行政复议" in text
    assert "送达之日起6个月内" in text
    assert "提起行政诉讼" in text
    assert "北京市医疗保障局协调处理（《北京市医疗机构医疗保障定点管理暂行办法》第四十六条）" in text


@pytest.mark.clause("R11", "I7")
def test_a_breach_of_the_agencys_own_opens_the_way_of_the_national_rules(issued: Maker) -> None:
    text = text_of(issued(22, "pharmacy", agreement_breach=True))
    assert "《医疗保障基金使用监督管理条例实施细则》第七条" in text
    assert "60日内处理" in text
    assert "《北京市零售药店医疗保障定点管理暂行办法》第四十二条" in text


@pytest.mark.clause("R11")
def test_remedies_are_left_out_where_the_act_says_so(issued: Maker) -> None:
    assert "行政复议" not in text_of(issued(12, remedies=False))
    assert "行政复议" in text_of(issued(5, remedies=True))


@pytest.mark.clause("R1")
def test_a_date_is_printed_with_its_computation_and_as_provisional_where_it_is(issued: Maker) -> None:
    steps = "受理 2026-10-02 + 3个月 = 2027-01-02；2027-01-02 非工作日 → 顺延至 2027-01-04"
    last_day = {"label": "评估最后一日", "day": "2027-01-04", "explanation": steps}
    firm, open_ended = text_of(issued(2, dates=[last_day])), text_of(issued(2, dates=[{**last_day, "provisional": True}]))
    assert "评估最后一日：2027年1月4日。计算过程：受理2026年10月2日＋3个月＝2027年1月2日；2027年1月2日非工作日→顺延至2027年1月4日。" in firm
    assert "暂定" not in firm
    assert "2027年1月4日（暂定）" in open_ended
    assert "公布后按实际工作日重新计算" in open_ended


@pytest.mark.clause("R12")
def test_a_public_notice_says_its_period_and_how_to_object(issued: Maker) -> None:
    data = {name: value for name, value in sample(13, "pharmacy").items() if name not in ("institution", "kind")}
    data["institutions"] = data["institutions"] + sample(13, "hospital")["institutions"]
    both = issue(13, issuer=the_city_agency(), institutions=[7], on=date(2026, 4, 7), data=data)
    assert "拟签订医保协议医药机构名单的公示" in text_of(both)
    text = text_of(issued(13, "pharmacy"))
    assert "公示期：2026年4月7日至2026年4月14日。" in text
    assert "拟签订医保协议零售药店名单的公示" in text
    assert "可以在公示期内向我单位提出" in text


@pytest.mark.clause("M9.7", "M9.8")
def test_a_failed_evaluation_says_what_may_follow(issued: Maker) -> None:
    first, second = text_of(issued(12)), text_of(issued(12, attempt=2))
    assert "满3个月后，可以再次组织评估，再次评估以一次为限" in first
    assert "1年内，你单位不得再次申请" in second


@pytest.mark.clause("M8.2")
def test_a_supplement_notice_names_each_item_its_fault_and_its_basis(issued: Maker) -> None:
    text = text_of(issued(3, "hospital"))
    for item in sample(3)["items"]:
        assert item["what"] in text.replace("\n", "")
        assert item["required"].replace(" ", "") in text
    assert "第七条第（四）项" in text
    assert "不再就本次申请要求补充材料" in text


@pytest.mark.clause("M10.3")
def test_an_agreement_is_made_from_the_sections_given_or_from_the_projects_own(issued: Maker) -> None:
    sections = [{"heading": "范围", "paragraphs": ["本条由模板给出。"]}, {"heading": "期限", "paragraphs": ["一年。"]}]
    given = text_of(issued(16, sections=sections))
    assert "第二条期限" in given.replace("　", "")
    assert "本条由模板给出。" in given
    assert "本协议有效期自2026年5月1日起至2027年4月30日止" in given
    own = text_of(issued(16, "pharmacy"))
    assert "定点零售药店服务协议" in own
    assert "自2026年5月1日起至2027年4月30日止" in own
    assert "违约责任" in own


@pytest.mark.clause("M5.2")
def test_an_internet_hospital_gets_a_supplementary_agreement(issued: Maker) -> None:
    agreement = sample(16)["agreement"] | {"kind": "supplementary", "main_number": "110105-2026-000001", "physical": "北京安和康复医院"}
    text = text_of(issued(16, agreement=agreement))
    assert "补充协议" in text
    assert "实体医疗机构为北京安和康复医院" in text


def test_a_replacement_names_the_paper_it_replaces(issued: Maker) -> None:
    first = issued(2)
    second = issued(2, supersedes=first, correction="受理日期误写为3月1日")
    assert f"代替2026年3月2日制发的《医保定点申请受理通知书》（{first.number}）" in text_of(second)
    assert "受理日期误写为3月1日" in text_of(second)


def test_an_annulment_says_only_that_the_earlier_paper_is_withdrawn(issued: Maker) -> None:
    first = issued(13)
    second = issued(13, supersedes=first, annulled="名单有误")
    text = text_of(second)
    assert second.title == "撤销《关于2026年第一批拟签订医保协议医疗机构名单的公示》通知书"
    assert f"（{first.number}），因名单有误，现予撤销" in text
    assert "公示期：" not in text


@pytest.mark.clause("R15")
def test_an_institution_without_licence_or_code_gets_its_paper_all_the_same(issued: Maker) -> None:
    text = text_of(issued(4, institution=INSTITUTIONS["hospital"] | {"licence": "", "uscc": "", "national_code": ""}))
    assert text.count("（未登记）") == 2


@pytest.mark.django_db
def test_a_kind_without_template_or_an_unknown_variant_is_a_mistake_of_the_program() -> None:
    with pytest.raises(IncompletePaper, match="模板"):
        issue(27, issuer=the_agency(), institutions=[1], on=date(2026, 3, 2), data=sample(2))
    with pytest.raises(IncompletePaper, match="细类"):
        issue(5, issuer=the_agency(), institutions=[1], on=date(2026, 3, 2), data=sample(5) | {"variant": "vanishing"})


def test_stops_and_brackets_of_a_keyboard_become_those_of_a_chinese_paper(issued: Maker) -> None:
    text = text_of(issued(5, reason="逾期未补正(已于2026-04-01通知):无营业执照,无法核对"))
    assert "因逾期未补正（已于2026年4月1日通知）：无营业执照，无法核对，自2026年4月20日起结束办理。" in text


def test_what_people_wrote_is_printed_and_never_obeyed(issued: Maker) -> None:
    wicked = '<script>alert(1)</script><img src="file:///etc/passwd"> & {{ digest }}'
    text = text_of(issued(5, reason=wicked, institution=INSTITUTIONS["hospital"] | {"name": "北京<b>安和</b>医院"}))
    assert "<script>alert(1)</script>" in text
    assert "{{digest}}" in text
    assert "北京<b>安和</b>医院" in text
