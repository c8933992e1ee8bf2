"""The papers on an agreement's life: what each says, whom it cites, and that what is not known leaves no trace."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from documents import rendering
from documents.catalogue import CATALOGUE, IncompletePaper, check
from documents.citations import LAWS, chinese
from documents.issuing import issue
from documents.models import Document
from law.clauses import table
from tests.documents.life import AGREEMENT, life
from tests.documents.pages_of import MM, TEXT_HEIGHT, TEXT_LEFT, TEXT_TOP, TEXT_WIDTH, base_lines, opened, text_of
from tests.documents.samples import sample, the_city_agency

pytestmark = pytest.mark.slow

Maker = Callable[..., Document]
HOSPITAL, PHARMACY = LAWS["M"], LAWS["P"]
LETTERS = {name: letter for letter, name in LAWS.items()}
ARTICLES = {match[0] for clause in table() if (match := re.match(r"[MPI]\d+", clause))}
COUNTED = {chinese(number): number for number in range(1, 100)}
CHANGE_REFUSED = {"variant": "refusal", "reason": "变更后的地址不在许可证登记的范围内"}
REQUEST_REFUSED = {"variant": "refused", "reason": "周边没有其他定点机构"}
MONEY_RELEASED = {"variant": "release", "released_on": "2026-06-22", "reason": "你单位已配合调查"}
DROPPED = {
    "variant": "dropped",
    "clause": "M43",
    "told_on": "2026-03-02",
    "heard_on": "2026-03-05",
    "reason": "申辩的理由成立",
    "grounds": None,
    "hear_by": None,
}
VARIANTS: list[tuple[int, dict[str, Any]]] = [
    *((number, {}) for number in life("hospital") if number != 35),
    (19, {"variant": "acceptance", "late": True}),
    (19, {"variant": "supplement", "items": [{"what": "批准文件", "wrong": "未盖章", "required": "补盖公章"}]}),
    (19, CHANGE_REFUSED),
    (24, {"variant": "outcome", "passed": True, "items": None}),
    (24, {"variant": "outcome", "passed": False, "items": [{"what": "数据补传", "finding": "尚缺3个月"}]}),
    (25, DROPPED),
    (26, {"clause": "M38.2", "demanded_on": None, "reason": None}),
    (26, MONEY_RELEASED),
    (28, {"variant": "person_ended", "last_day": None, "person_code": None}),
    (28, {"variant": "department", "name": "口腔科"}),
    (28, {"variant": "person_restored", "restored_on": "2026-07-02", "reason": "培训考核合格", "last_day": None, "remedies": False}),
    (
        28,
        {"variant": "department_ended", "name": "口腔科", "last_day": None, "intended": None, "urgent_reason": "情况紧急"},
    ),
    (29, {"request": "termination", "effective_on": "2026-06-01", "full_check": "我单位已开展全面核查"}),
    (29, {"request": "non_renewal"}),
    (29, {"request": "resumption", "effective_on": "2026-06-01"}),
    (29, REQUEST_REFUSED),
    (33, {"variant": "outcome", "found": True, "items": [{"what": "退回违规结算的费用", "required": "限期退回"}]}),
    (33, {"variant": "outcome", "found": False}),
]
# What a paper says in special cases is the same for a pharmacy, but for the numbers of its articles.
SPECIAL = pytest.mark.long
EVERY = [
    pytest.param(number, kind, changes, marks=[SPECIAL] if changes and kind == "pharmacy" else [])
    for number, changes in [*VARIANTS, (35, {})]
    for kind in ("hospital", "pharmacy")
    if (number, kind) != (35, "hospital")
]


def cited_in(text: str) -> list[str]:
    """Articles that a paper cites, as M43: each place belongs to the law named last before it."""
    found, letter = [], ""
    for law, article in re.findall(r"(《[^》]*(?:暂行办法|实施细则)》)|第([一二三四五六七八九十]+)条(?!第[一二三四五六七八九十]+款)", text):
        if law:
            letter = LETTERS[law]
        else:
            found.append(f"{letter}{COUNTED[article]}")
    return found


@pytest.mark.clause("M40.1", "M40.2", "M41.1", "M42", "M43", "M44.1", "M45", "M46", "M49.2", "I12", "I17")
@pytest.mark.parametrize(("number", "kind", "changes"), EVERY)
def test_a_paper_keeps_to_the_page_and_cites_only_articles_that_are_the_institutions_own(
    issued: Maker, number: int, kind: str, changes: dict[str, Any]
) -> None:
    document = issued(number, kind, **changes)
    cited = cited_in(text_of(document))
    assert cited
    assert set(cited) <= ARTICLES
    assert {clause[0] for clause in cited} <= {"hospital": {"M", "I"}, "pharmacy": {"P", "I"}}[kind]
    inside_the_text_block_and_nothing_left_alone(document)


def inside_the_text_block_and_nothing_left_alone(document: Document) -> None:
    """No line beyond the margins, no heading at the foot of a page, no seal on a page without text."""
    headed = CATALOGUE[document.catalogue].form in ("red", "letter")
    with opened(document) as pdf:
        for page in pdf.pages:
            lines = [(y, chars) for y, chars in base_lines(page).items() if y < TEXT_TOP + TEXT_HEIGHT]
            for y, chars in lines if not headed or page.page_number > 1 else ():
                assert y > TEXT_TOP
                assert chars[0]["x0"] / MM >= TEXT_LEFT - 0.2
                assert chars[-1]["x1"] / MM <= TEXT_LEFT + TEXT_WIDTH + 0.2
            assert not re.match(r"[一二三四五六七]、", "".join(char["text"] for char in lines[-1][1]))
        # Beside the issuer's name and the date at least one line of text.
        body = [chars for chars in base_lines(pdf.pages[-1]).values() if {round(char["size"]) for char in chars} == {16}]
    assert len(body) >= 3


def bare(number: int, kind: str) -> dict[str, Any]:
    """A sample with nothing but what its kind needs."""
    full, row = sample(number, kind), CATALOGUE[number]
    paths = [*row.needs, *(path for field, value, more in row.needs_when if full.get(field) == value for path in more)]
    found: dict[str, Any] = {"kind": kind}
    for path in paths:
        top, _, inner = path.split("|")[0].rstrip("?").partition(".")
        if not inner or top == "institution":
            found[top] = full[top]
        elif top in full:
            found.setdefault(top, {})[inner] = full[top][inner]
    for field in ("grounds", "changes", "items"):
        if isinstance(found.get(field), list):
            kept = {"clause", "sentence", "field", "after", "what", "required"}
            found[field] = [{name: value for name, value in each.items() if name in kept} for each in found[field]]
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("number", life("pharmacy"))
def test_what_is_not_known_leaves_no_gap_in_the_sentences(number: int) -> None:
    data = bare(number, "pharmacy")
    document = issue(number, issuer=the_city_agency(), institutions=[7], on=date(2026, 4, 2), data=data, recipient="某单位")
    html = rendering.render_html(document)
    assert not re.search(r"<p[^>]*>\s*</p>", html)
    text = text_of(document)
    for gap in (
        "None",
        "（）",
        "、、",
        "，，",
        "。。",
        "：。",
        "，。",
        "于提出",
        "自起",
        "至止",
        "于，",
        "因，",
        "（，",
        "《》",
        "即（",
        "为。",
    ):
        assert gap not in text


@pytest.mark.parametrize("number", life("pharmacy"))
def test_each_needed_field_is_asked_for(number: int) -> None:
    full, row = sample(number, "pharmacy"), CATALOGUE[number]
    check(row, full)
    wanted = [*row.needs, *(path for field, value, more in row.needs_when if full.get(field) == value for path in more)]
    for path in wanted:
        tops = {each.split(".")[0] for each in path.split("|")}
        with pytest.raises(IncompletePaper):
            check(row, {name: value for name, value in full.items() if name not in tops})


@pytest.mark.clause("R11")
@pytest.mark.parametrize(
    ("number", "changes"), [(each, {}) for each in (26, 28, 30, 32, 34, 35, 47)] + [(19, CHANGE_REFUSED), (29, REQUEST_REFUSED)]
)
def test_an_adverse_decision_states_its_remedies_with_their_last_days(issued: Maker, number: int, changes: dict[str, Any]) -> None:
    text = text_of(issued(number, "pharmacy", on=date(2026, 4, 2), **changes))
    assert "2026年4月2日送达的，申请行政复议的最后一日为2026年6月1日，提起行政诉讼的最后一日为2026年10月8日" in text
    assert f"（{PHARMACY}第四十二条）" in text
    served = text_of(issued(number, "pharmacy", on=date(2026, 4, 2), served_on=date(2026, 4, 10), **changes))
    assert "2026年4月10日送达的，申请行政复议的最后一日为2026年6月9日" in served


@pytest.mark.parametrize(("number", "changes"), [(19, {}), (29, {}), (31, {}), (25, {}), (26, MONEY_RELEASED), (33, {})])
def test_what_is_no_decision_against_anybody_states_none(issued: Maker, number: int, changes: dict[str, Any]) -> None:
    assert "行政复议" not in text_of(issued(number, **changes))


@pytest.mark.clause("M43", "P40", "R5")
@pytest.mark.parametrize(("kind", "law", "items"), [("hospital", HOSPITAL, ("三", "五")), ("pharmacy", PHARMACY, ("五", "八"))])
def test_a_termination_names_each_ground_with_its_item_its_nature_and_its_first_day_out(
    issued: Maker, kind: str, law: str, items: tuple[str, str]
) -> None:
    article = "第四十三条" if kind == "hospital" else "第四十条"
    text = text_of(issued(34, kind))
    for item in items:
        assert f"依据：{law}{article}第（{item}）项。" in text
    assert "解除自2026年3月10日起生效，协议履行的最后一日为2026年3月9日。" in text
    assert "本次解除的性质：严重违法违规。认定的理由：拒绝配合的检查由医疗保障行政部门组织。" in text
    assert "送达之日起生效" in text_of(issued(34, kind, effective_on=None))


@pytest.mark.clause("M12.5", "M12.7", "R4")
def test_bans_that_follow_are_stated_with_their_last_day_and_whom_they_bar(issued: Maker) -> None:
    text = text_of(issued(34))
    assert f"自2026年3月10日起至2029年3月10日止，你单位申请医保定点的，不予受理（{HOSPITAL}第十二条第（五）项）" in text
    assert "须先履行完行政处罚，此前仍不予受理" in text
    assert "至2031年3月10日止，由旻頔担任法定代表人、主要负责人或者实际控制人的医疗机构" in text
    pharmacy = text_of(issued(34, "pharmacy"))
    assert "由旻頔担任法定代表人、企业负责人或者实际控制人的零售药店" in pharmacy
    assert f"（{PHARMACY}第十一条第（五）项）" in pharmacy
    told = {"clause": "M12.5", "sentence": "因违法违规被解除协议(2026-03-10起),未满3年,至2029-03-10止", "until": "2029-03-10"}
    assert "至2029年3月10日止。在此期间，你单位申请医保定点的，不予受理" in text_of(issued(34, bans=[told]))
    on_service = [{"clause": "M12.5", "sentence": "因违法违规被解除医保协议", "years": 3}]
    assert "自本决定生效之日起3年内" in text_of(issued(34, bans=on_service))


@pytest.mark.clause("R6", "M42.6")
def test_an_imposed_suspension_counts_both_ends_and_says_when_the_agreement_goes_on(issued: Maker) -> None:
    text = text_of(issued(30))
    assert "自2026年5月10日起至2026年8月7日止，共90日，首日和末日均计算在内" in text
    assert "医保协议自2026年8月8日起继续履行" in text
    assert f"依据：{HOSPITAL}第四十二条第（二）项。" in text
    shorter = text_of(issued(30, correction="原定中止至2026-10-01，现改为至2026-08-07", remedies=False))
    assert "现改为至2026年8月7日。" in shorter
    beyond = text_of(issued(30, last_day=date(2027, 5, 1)))
    assert "协议于该日到期终止" in beyond
    assert "继续履行。" not in beyond


@pytest.mark.clause("M42.3")
def test_only_a_hospital_is_told_that_nothing_is_renewed_while_suspended(issued: Maker) -> None:
    assert "中止期间不办理续签医保协议手续" in text_of(issued(30))
    assert "不办理续签" not in text_of(issued(30, "pharmacy"))


@pytest.mark.clause("I20")
def test_patients_already_in_hospital_are_told_of_from_the_day_of_the_decision(issued: Maker) -> None:
    assert "本决定作出（2026年4月2日）之前已在你单位住院的参保人员" in text_of(issued(30))
    assert "住院的参保人员" not in text_of(issued(30, decided_on=date(2026, 3, 31)))
    assert "住院的参保人员" not in text_of(issued(30, "pharmacy"))


@pytest.mark.clause("M45", "M38.5", "I5", "I10")
def test_who_is_suspended_is_named_with_code_days_and_where_it_is_posted(issued: Maker) -> None:
    doctor = text_of(issued(28))
    assert "自2026年5月10日起至2026年8月7日止，中止你单位人员旻頔（人员医保编码D110105001234）" in doctor
    assert "共90日，首日和末日均计算在内，次日起恢复" in doctor
    assert f"依据：{HOSPITAL}第四十五条。" in doctor
    assert "并将公示的照片报我单位" in doctor
    assert "实施细则》第五条" in text_of(issued(28, "pharmacy"))
    early = text_of(issued(28, decided_on=date(2026, 3, 31)))
    assert "公示的照片" not in early
    for_good = issued(28, variant="department_ended", name="口腔科", last_day=None)
    assert for_good.title == "终止责任部门医保服务决定书"
    assert "终止你单位科室“口腔科”" in text_of(for_good)
    assert "恢复的日期另行告知" in text_of(issued(28, last_day=None))


@pytest.mark.clause("I17", "M38.2", "P35.2")
def test_a_hold_says_on_whose_word_and_until_when_and_a_release_from_which_day(issued: Maker) -> None:
    demanded = text_of(issued(26))
    assert "医疗保障行政部门于2026年5月11日要求暂停" in demanded
    assert "直至你单位配合调查时止" in demanded
    own = text_of(issued(26, "pharmacy", clause="M38.2", demanded_on=None))
    assert f"依据：{PHARMACY}第三十五条第（二）项。" in own
    assert "拒不配合调查" not in own
    released = issued(26, **MONEY_RELEASED)
    assert released.title == "恢复拨付通知书"
    assert "现自2026年6月22日起解除暂停" in text_of(released)


@pytest.mark.clause("M42.4", "M42.5", "P39.4")
def test_a_granted_suspension_states_the_day_on_which_the_agreement_would_lapse(issued: Maker) -> None:
    text = text_of(issued(29))
    assert "自2026年6月1日起至2026年8月29日止中止，共90日" in text
    assert "第180日即2026年11月27日仍未提出继续履行申请的，医保协议自动终止" in text
    assert "不自行恢复" in text
    lapsed = text_of(issued(32, "pharmacy"))
    assert "协议的最后一日为2026年11月27日" in lapsed
    assert "自2026年11月28日起" in lapsed


@pytest.mark.clause("M44.2", "I12", "M43")
def test_a_granted_termination_cites_the_ground_of_the_kind(issued: Maker) -> None:
    change = {"request": "termination", "effective_on": "2026-06-01", "full_check": "我单位已开展全面核查"}
    text = text_of(issued(29, exception_reason="整体搬迁", **change))
    assert f"医保协议自2026年6月1日起解除，履行的最后一日为2026年5月31日（{HOSPITAL}第四十三条第（十二）项）" in text
    assert "因整体搬迁，本次作为例外予以同意" in text
    assert "核查发现的问题处理完毕后，方可解除" in text
    assert f"（{PHARMACY}第四十条第（十五）项）" in text_of(issued(29, "pharmacy", **change))


@pytest.mark.clause("P40.14", "R10")
def test_a_cascade_names_the_branch_it_comes_from_the_person_and_all_branches(issued: Maker) -> None:
    text = text_of(issued(35, "pharmacy"))
    assert "京医保中心解〔2026〕第0001号" in text
    assert "实际控制人旻頔对此负有责任" in text
    assert f"依据{PHARMACY}第四十条第（十四）项，同时解除" in text
    assert all(each["name"] in text for each in life("pharmacy")[35]["institutions"])


@pytest.mark.clause("R10")
def test_one_intended_decision_can_go_to_several(issued: Maker) -> None:
    branches = life("pharmacy")[35]["institutions"]
    data = {name: value for name, value in sample(25, "pharmacy").items() if name not in ("institution", "case")}
    made = issue(
        25, issuer=the_city_agency(), institutions=[7, 8], on=date(2026, 3, 2), data=data | {"institutions": branches}, recipient="各店"
    )
    text = text_of(made)
    assert "拟对下列单位作出解除医保协议的处理" in text
    assert all(each["agreement_number"] in text for each in branches)


def test_an_intended_decision_says_until_when_one_is_heard_and_a_decision_what_was_said(issued: Maker) -> None:
    assert "送达之日起5个工作日内即2026年3月9日前（含当日）提出" in text_of(issued(25))
    assert "于2026年2月13日陈述和申辩：系统切换造成部分数据漏传。经复核，" in text_of(issued(30))
    assert "表示没有陈述和申辩意见" in text_of(issued(34))
    urgent = text_of(issued(30, intended=None, hearing=None, urgent_reason="继续结算可能造成重大损失"))
    assert "因继续结算可能造成重大损失，情况紧急，本决定未经事先告知即行作出" in urgent


@pytest.mark.clause("M40.1", "P37.1")
def test_a_change_states_before_and_after_and_whether_it_came_in_time(issued: Maker) -> None:
    text = text_of(issued(19, late=True))
    assert "北京安和门诊部" in text
    assert "朝阳区卫生健康委员会于2026年1月12日批准（朝卫许〔2026〕15号）" in text
    assert "提出申请的最后一日为2026年3月2日" in text
    assert "记为逾期申请" in text
    assert "记为逾期申请" not in text_of(issued(19))
    assert issued(19, variant="acceptance").title == "变更受理通知书"


@pytest.mark.clause("M41.1", "M41.3")
def test_a_renewal_call_names_the_last_day_to_ask_and_what_follows(issued: Maker) -> None:
    text = text_of(issued(21))
    assert "请于2027年1月30日前（含当日）向所在区医保经办机构提出申请" in text
    assert "2027年4月30日－3个月＝2027年1月30日" in text
    assert "（2027年4月30日）到期自动终止" in text


@pytest.mark.clause("M43.1", "R6")
def test_a_failed_rectification_keeps_the_agreement_suspended_and_opens_the_way_to_termination(issued: Maker) -> None:
    failed = text_of(issued(24, variant="outcome", passed=False))
    assert f"依据{HOSPITAL}第四十三条第（一）项" in failed
    assert "在此期间医保协议继续中止" in failed
    passed = text_of(issued(24, "pharmacy", variant="outcome", passed=True, resumes_on="2026-08-08"))
    assert "医保协议自2026年8月8日起继续履行" in passed
    assert f"依据{PHARMACY}第四十条第（一）项" in text_of(issued(24, "pharmacy"))


@pytest.mark.clause("M43", "M49.2")
def test_the_list_and_the_report_name_number_place_and_days(issued: Maker) -> None:
    listed = issued(36)
    assert listed.title == "关于解除医保协议医疗机构名单的公告"
    assert "第四十三条第（三）项、第四十三条第（一）项" in text_of(listed)
    report = issued(37, "pharmacy")
    assert report.title == "关于中止医保协议处理情况的报告"
    text = text_of(report)
    assert "北京市医疗保障局：" in text
    assert "第三十九条第（二）项" in text
    assert "2026年3月10日至2026年6月7日" in text


@pytest.mark.clause("M39", "M46", "I7")
def test_an_answer_to_mediation_cites_the_national_rules_only_where_the_agency_broke_the_agreement(issued: Maker) -> None:
    assert "实施细则》第七条" in text_of(issued(42))
    plain = text_of(issued(42, "pharmacy", agreement_breach=False))
    assert f"{PHARMACY}第三十六条、第四十二条" in plain
    assert "实施细则" not in plain


@pytest.mark.clause("M41.2", "M41.3")
def test_a_renewal_refused_states_record_and_assessment(issued: Maker) -> None:
    text = text_of(issued(47))
    assert "协议有效期内被中止医保协议1次" in text
    assert "2026年度得分52分" in text
    assert f"（{AGREEMENT['number']}）" in text
