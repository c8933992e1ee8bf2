"""The catalogue of documents (documents.md): form, word of the number, legal basis and the data each needs.

docs/papers.md says what ``data`` holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Form = Literal["notice", "red", "letter", "report", "agreement", "table", "plate"]
PADDED: frozenset[Form] = frozenset({"notice", "report", "agreement", "table", "plate"})
"""Forms whose number is written with 第 and four places."""
Reader = Literal["institution", "third_party", "district", "public"]

TEMPLATE_VERSION = "v1"
"""Folder of the templates and style sheets. After documents have gone out, a changed wording is a new folder."""

# A path with a question mark must be there and may be empty: an institution without a licence has a right to a refusal (R15).
# Of paths with a bar between them one must be there.
ONE = ("institution.name", "institution.kind", "institution.uscc?", "institution.licence?", "institution.district")
CASE = (*ONE, "case.number")
AGREED = (*ONE, "agreement.number")


KIND_TITLES = {"hospital": "医疗机构", "pharmacy": "零售药店", "": "医药机构"}
AGREEMENTS = {"supplementary": "补充协议", "annual": "年度协议"}
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def written_out(text: Any) -> str:
    """ISO dates inside a text as 2026年3月2日, without leading zeros."""
    return _ISO.sub(lambda found: f"{found[1]}年{int(found[2])}月{int(found[3])}日", str(text or ""))


def kind_of(data: Mapping[str, Any]) -> str:
    """hospital or pharmacy: of the institution it is about, or of all in its list; empty where both are."""
    given = (data.get("institution") or {}).get("kind") or data.get("kind")
    if given:
        return str(given)
    listed = {each.get("kind_title") for each in data.get("institutions") or []}
    return next((kind for kind, title in KIND_TITLES.items() if kind and listed == {title}), "")


@dataclass(frozen=True)
class Kind:
    """One row of the catalogue. ``word`` stands in the number; ``basis`` in hospital numbering; ``needs`` are paths into ``data``.

    ``needs_when``: (field, value, what is needed beside when the field has this value). ``adverse_variants``: those that are adverse.

    ``readers`` are those who may open it beside the agencies and bureaux of its area (``documents.access``).
    """

    number: int
    title: str
    form: Form
    word: str
    basis: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    adverse: bool = False
    adverse_variants: tuple[str, ...] = ()
    needs_when: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    template: str = ""
    readers: tuple[Reader, ...] = ("institution", "district")
    variants: Mapping[str, str] | None = None

    @property
    def name(self) -> str:
        """The title without what an issued document fills in."""
        return self.title.format(batch="", kind="医药机构", agreement="服务协议", measure="")

    def title_for(self, data: Mapping[str, Any]) -> str:
        """The title as printed; a kind with variants takes the one that ``data["variant"]`` names."""
        if self.variants:
            return self.variants[data["variant"]]
        agreement = AGREEMENTS.get((data.get("agreement") or {}).get("kind", ""), "服务协议")
        batch, measure = written_out(data.get("batch", "")), data.get("measure", "")
        return self.title.format(batch=batch, kind=KIND_TITLES[kind_of(data)], agreement=agreement, measure=measure)

    def is_adverse(self, data: Mapping[str, Any]) -> bool:
        """Whether remedies are stated (R11): by the kind or its variant, unless the act says otherwise."""
        return bool(data.get("remedies", self.adverse or data.get("variant") in self.adverse_variants))


CITY: tuple[Reader, ...] = ()
OPEN: tuple[Reader, ...] = ("public", "institution", "district", "third_party")

_KINDS = (
    Kind(1, "医保定点申请材料接收凭证", "notice", "定收", ("M7", "M8"), (*CASE, "received_at", "materials"), template="01-receipt"),
    Kind(2, "医保定点申请受理通知书", "notice", "定受", ("M8", "M9"), (*CASE, "accepted_on", "dates"), template="02-acceptance"),
    Kind(3, "补正材料一次性告知书", "notice", "定补", ("M7", "M8"), (*CASE, "items", "dates"), template="03-supplement"),
    Kind(4, "不予受理决定书", "notice", "定不受", ("M12",), (*CASE, "grounds"), adverse=True, template="04-refusal"),
    Kind(
        5,
        "撤回（结束办理）确认书",
        "notice",
        "定结",
        ("M8",),
        (*CASE, "variant", "ended_on", "reason"),
        template="05-closing",
        variants={"withdrawal": "撤回医保定点申请确认书", "closing": "医保定点申请结束办理告知书"},
    ),
    Kind(
        6,
        "医保定点评估委托书",
        "letter",
        "评委",
        ("M9",),
        ("commissioned", "scope", "days", "institutions"),
        template="06-commission",
        readers=("third_party", "district"),
    ),
    Kind(7, "医保定点评估通知书", "notice", "评通", ("M9",), (*CASE, "mode", "team", "at", "place"), template="07-visit"),
    Kind(8, "评估补充材料通知书", "notice", "评补", ("M9",), (*CASE, "items", "dates"), template="08-evidence"),
    Kind(
        9,
        "医保定点评估报告",
        "report",
        "评报",
        ("M9",),
        (*CASE, "mode", "evaluated_on", "team", "findings", "passed"),
        template="09-report",
        readers=("third_party", "district"),
    ),
    Kind(
        10,
        "关于{batch}医保定点评估结果备案的报告",
        "letter",
        "评备",
        ("M9",),
        ("batch", "institutions"),
        template="10-results",
        readers=CITY,
    ),
    Kind(11, "医保定点评估合格告知书", "notice", "评合", ("M9",), (*CASE, "evaluated_on"), template="11-pass"),
    Kind(
        12,
        "医保定点评估不合格告知书暨整改建议书",
        "notice",
        "评不合",
        ("M9",),
        (*CASE, "evaluated_on", "attempt", "items"),
        adverse=True,
        template="12-fail",
    ),
    Kind(
        13,
        "关于{batch}拟签订医保协议{kind}名单的公示",
        "red",
        "公示",
        ("M9",),
        ("batch", "institutions", "from_on", "until_on"),
        template="13-notice",
        readers=OPEN,
    ),
    Kind(
        14,
        "公示异议核查结论告知书",
        "notice",
        "公异",
        ("M9",),
        (*ONE, "objection.matter", "objection.filed_on", "facts"),
        template="14-objection",
    ),
    Kind(15, "医保协议签约通知书", "notice", "签通", ("M10",), (*CASE, "at", "place"), template="15-invitation"),
    Kind(
        16,
        "北京市基本医疗保险定点{kind}{agreement}",
        "agreement",
        "协",
        ("M10",),
        (*ONE, "agreement.first_day", "agreement.last_day", "agreement.template_version"),
        template="16-agreement",
    ),
    Kind(17, "医保协议备案表", "table", "协备", ("M10", "I4"), ("institutions",), template="17-filing", readers=CITY),
    Kind(18, "关于新增基本医疗保险定点{kind}的公告", "red", "公告", ("M11",), ("institutions",), template="18-announcement", readers=OPEN),
    Kind(
        19,
        "定点医药机构信息变更文书",
        "notice",
        "变",
        ("M40",),
        (*ONE, "variant", "changes"),
        adverse_variants=("refusal",),
        needs_when=(("variant", "supplement", ("items",)), ("variant", "refusal", ("reason",))),
        template="19-change",
        variants={
            "acceptance": "变更受理通知书",
            "supplement": "变更材料补正告知书",
            "approval": "变更核准通知书",
            "refusal": "不予核准变更决定书",
        },
    ),
    Kind(20, "一般信息变更回执", "notice", "变回", ("M40",), (*ONE, "changes"), template="20-general"),
    Kind(21, "医保协议续签通知", "notice", "续通", ("M41",), (*AGREED, "agreement.last_day", "apply_by"), template="21-renewal"),
    Kind(
        22,
        "医保协议到期终止告知书",
        "notice",
        "到期",
        ("M41", "M42"),
        (*ONE, "agreement.number", "agreement.first_day", "agreement.last_day", "reason"),
        template="22-expiry",
        adverse=True,
    ),
    Kind(
        23,
        "约谈文书",
        "notice",
        "约",
        ("M38(1)",),
        (*ONE, "variant"),
        variants={"notice": "约谈通知书", "record": "约谈记录"},
    ),
    Kind(
        24,
        "整改文书",
        "notice",
        "改",
        ("M43(1)",),
        (*ONE, "variant"),
        needs_when=(("variant", "notice", ("items", "last_day")), ("variant", "outcome", ("passed",))),
        template="24-rectification",
        variants={"notice": "限期整改通知书", "outcome": "整改验收意见"},
    ),
    Kind(
        25,
        "拟处理告知书",
        "notice",
        "拟告",
        (),
        ("institution.name|institutions", "measure", "variant"),
        needs_when=(("variant", "notice", ("grounds", "hear_by|hear_days")), ("variant", "dropped", ("clause", "told_on", "reason"))),
        template="25-intended",
        variants={"notice": "拟处理告知书", "dropped": "不予处理告知书"},
    ),
    Kind(
        26,
        "医保费用处理通知书",
        "notice",
        "费",
        ("M38", "I5", "I17"),
        (*ONE, "variant", "clause"),
        adverse_variants=("hold", "refuse", "recover"),
        needs_when=(("variant", "hold", ("since",)), ("variant", "release", ("since", "released_on"))),
        template="26-money",
        variants={"hold": "暂停拨付通知书", "refuse": "不予支付通知书", "recover": "追回医保费用通知书", "release": "恢复拨付通知书"},
    ),
    Kind(27, "违约金支付通知书", "notice", "违", ("M38(4)",), ONE, adverse=True),
    Kind(
        28,
        "中止决定书",
        "notice",
        "中人",
        ("M38(5)", "M45", "I5", "I22"),
        (*ONE, "variant", "name", "first_day"),
        adverse=True,
        template="28-part",
        variants={
            "person": "中止责任人员医保服务决定书",
            "department": "中止责任部门医保服务决定书",
            "person_ended": "终止责任人员医保服务决定书",
            "department_ended": "终止责任部门医保服务决定书",
            "person_restored": "恢复责任人员医保服务通知书",
            "department_restored": "恢复责任部门医保服务通知书",
        },
    ),
    Kind(
        29,
        "申请事项答复通知书",
        "notice",
        "申复",
        ("M44",),
        (*AGREED, "variant", "request"),
        adverse_variants=("refused",),
        needs_when=(
            ("variant", "refused", ("reason",)),
            ("request", "suspension", ("first_day", "last_day")),
            ("request", "termination", ("effective_on",)),
            ("request", "non_renewal", ("agreement.last_day",)),
        ),
        template="29-answer",
        variants={"granted": "同意申请事项通知书", "refused": "不同意申请事项通知书"},
    ),
    Kind(
        30,
        "中止医保协议决定书",
        "notice",
        "中止",
        ("M42",),
        (*AGREED, "grounds", "first_day", "last_day"),
        adverse=True,
        template="30-suspension",
    ),
    Kind(31, "继续履行医保协议通知书", "notice", "续履", ("M42",), (*AGREED, "effective_on"), template="31-resumption"),
    Kind(
        32,
        "医保协议自动终止确认书",
        "notice",
        "自终",
        ("M42",),
        (*AGREED, "first_day", "day_180"),
        adverse=True,
        template="32-lapse",
    ),
    Kind(
        33,
        "退出全面核查文书",
        "notice",
        "核",
        ("I12",),
        (*ONE, "variant"),
        needs_when=(("variant", "notice", ("scope",)), ("variant", "outcome", ("found",))),
        template="33-check",
        variants={"notice": "退出全面核查通知书", "outcome": "退出全面核查结论"},
    ),
    Kind(34, "解除医保协议决定书", "notice", "解", ("M43",), (*AGREED, "grounds"), adverse=True, template="34-termination"),
    Kind(
        35,
        "连锁关联解除医保协议决定书",
        "notice",
        "连解",
        ("P40(14)",),
        (*AGREED, "origin.name", "person.name"),
        adverse=True,
        template="35-cascade",
    ),
    Kind(36, "关于解除医保协议{kind}名单的公告", "red", "解告", ("M43",), ("institutions",), template="36-terminated", readers=OPEN),
    Kind(
        37,
        "关于{measure}处理情况的报告",
        "letter",
        "报",
        ("M49",),
        ("measure", "institutions"),
        template="37-report",
        readers=CITY,
    ),
    Kind(38, "线索移送函", "letter", "移", ("M49", "I37"), readers=CITY),
    Kind(39, "责令处理通知书", "notice", "责", ("M49",), readers=CITY),
    Kind(
        40,
        "履行协议文书",
        "notice",
        "催",
        ("I6",),
        (*ONE, "variant"),
        adverse=True,
        variants={"urging": "履行医保协议催告书", "decision": "履行医保协议决定书"},
    ),
    Kind(41, "绩效考核结果告知书", "notice", "考", ("M36",), ONE, adverse=True),
    Kind(
        42,
        "协调处理答复书",
        "notice",
        "协调",
        ("M39", "M46"),
        (*ONE, "matter", "requested_on", "conclusion"),
        template="42-mediation",
    ),
    Kind(43, "送达回证", "table", "送", (), ("proof", "documents"), template="43-service"),
    Kind(44, "举报处理告知书", "notice", "举", ("M48",), readers=CITY),
    Kind(
        45,
        "北京市基本医疗保险定点{kind}标识",
        "plate",
        "牌",
        ("M20",),
        (*ONE, "agreement.number", "agreement.first_day", "public_url"),
        template="45-plate",
    ),
    Kind(
        46,
        "医保定点资源配置文书",
        "letter",
        "配",
        ("M4",),
        ("variant",),
        readers=("district",),
        variants={"need": "医保定点资源配置需求表", "reply": "关于医保定点资源配置的批复"},
    ),
    Kind(
        47,
        "不予续签医保协议告知书",
        "notice",
        "不续",
        ("M41",),
        (*AGREED, "agreement.last_day", "reason"),
        adverse=True,
        template="47-not-renewed",
    ),
    Kind(48, "现场公示", "notice", "场示", ("I10",), ONE),
    Kind(49, "检查文书", "notice", "检", (), (*ONE, "variant"), variants={"notice": "检查通知书", "result": "检查结果告知书"}),
    Kind(50, "医保支付资格处理决定书", "notice", "资格", ("I22",), ONE, adverse=True),
)
CATALOGUE: Mapping[int, Kind] = {kind.number: kind for kind in _KINDS}


class IncompletePaper(ValueError):
    """An act ordered a document without the data its kind needs: a mistake in the program, not of a user."""


def check(kind: Kind, data: Mapping[str, Any]) -> None:
    """Raise IncompletePaper naming every missing or empty field."""
    wanted = [*kind.needs, *(path for field, value, more in kind.needs_when if data.get(field) == value for path in more)]
    missing = [path for path in wanted if _lacks(data, path)]
    if missing:
        raise IncompletePaper(f"文书{kind.number}《{kind.name}》缺少：{'、'.join(missing)}")
    if kind.variants and data.get("variant") not in kind.variants:
        raise IncompletePaper(f"文书{kind.number}《{kind.name}》没有 {data.get('variant')!r} 这一细类")
    if not kind.template:
        raise IncompletePaper(f"文书{kind.number}《{kind.name}》还没有模板")


def _at(data: Mapping[str, Any], path: str) -> Any:
    found: Any = data
    for step in path.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(step)
    return found


def _lacks(data: Mapping[str, Any], path: str) -> bool:
    if "|" in path:
        return all(_lacks(data, each) for each in path.split("|"))
    value = _at(data, path.rstrip("?"))
    return value is None or (not path.endswith("?") and (value == "" or value in ([], {}, ())))
