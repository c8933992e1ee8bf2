"""Guidance for whoever wants to apply: what to prepare, how long each step takes. Drawn from the slots and periods in force today."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from applications.materials import slots_on
from applications.models import ConditionRule
from applications.road import GATE_MONTHS
from deadlines import clock
from deadlines.loading import working_calendar
from deadlines.periods import EVALUATION_MONTHS, Computed, months_after, working_days_after
from institutions.models import Category, Kind
from law.clauses import numbered
from offices import settings as dated
from standing import bans

CONDITIONS = {
    "hospital": [
        ("M5", "属于可以申请的医疗机构类别，有在有效期内的医疗机构执业许可证、中医诊所备案证，或者军队医疗机构为民服务许可证。"),
        ("M6.1", "正式运营至少 3 个月。"),
        ("M6.2", "至少有 1 名第一注册地在本机构、注册满 3 个月的医师。"),
        ("M6.3", "主要负责人负责医保工作，配有专（兼）职医保管理人员；100 张床位以上的，设有内部医保管理部门并有专职人员。"),
        ("M6.4", "有医保管理、财务、统计信息管理、医疗质量安全核心制度。"),
        ("M6.5", "信息系统能按要求与医保系统对接，使用国家统一的医保编码。"),
        ("M6.6", "符合法律法规和市级以上医保部门规定的其他条件。"),
    ],
    "pharmacy": [
        ("P5", "有在有效期内的药品经营许可证。"),
        ("P5.1", "在注册地址正式经营至少 3 个月。"),
        ("P5.2", "至少有 1 名注册在本店、劳动合同 1 年以上且在合同期内的执业药师或药学技术人员。"),
        ("P5.3", "至少有 2 名专（兼）职医保管理人员，劳动合同 1 年以上且在合同期内。"),
        ("P5.4", "药品分类分区管理，医保药品有明确标识。"),
        ("P5.5", "有医保药品、财务、人员、统计信息和费用结算管理制度。"),
        ("P5.6", "信息系统能按要求与医保系统对接，使用国家统一的医保编码。"),
        ("P5.7", "符合法律法规和市级以上医保部门规定的其他条件。"),
    ],
}


# What the words of the Measures (M51, P48) and of these pages mean, in short words of our own.
OF_BOTH = [
    ("经办机构", "依法办理医保管理和服务的机构。区经办机构收申请、核材料；市经办机构组织评估、公示，签订和管理协议。"),
    ("一次性告知", "材料不齐的，经办机构一次说清要补哪些，不能分几次说。"),
    ("停钟", "要求补充材料之后、补齐之前，评估期限不往前走。"),
    ("公示", "评估合格、还没有签约的机构名单向社会公开，任何人可以提出异议。"),
    ("中止协议", "协议暂停一段时间，其间的费用不结算；最长 180 日，有效期不停。"),
    ("解除协议", "协议提前结束；因违法违规或者严重违约的，几年内不得再次申请。"),
]
WORDS = {
    "hospital": [
        ("定点医疗机构", "自愿与市经办机构签订医保协议、为参保人员提供医疗服务的医疗机构。"),
        ("医保协议", "经协商与医疗机构签订的协议，约定医疗服务的规范和双方的权利、义务、责任。"),
        ("补充协议", "互联网医院在所依托的实体医疗机构的协议之下签订的协议，随主协议生效、续签和终止。"),
        *OF_BOTH,
    ],
    "pharmacy": [
        ("零售药店", "领取药品经营许可证的药品零售企业。"),
        ("定点零售药店", "自愿与市经办机构签订医保协议、为参保人员提供药品服务的实体零售药店。"),
        ("医保协议", "经协商与零售药店签订的协议，约定双方的权利、义务、责任。"),
        *OF_BOTH,
    ],
}


@dataclass(frozen=True)
class Step:
    """One step of the road: who does it, how long it takes, the clause, and its last day if everything happened today."""

    title: str
    who: str
    how_long: str
    clause: str
    today: Computed | None = None


def steps(kind: str, day: date) -> list[Step]:
    """The road with the periods in force on a day; a changed setting changes this page."""
    calendar = working_calendar()

    def own(clause: str) -> str:
        return numbered(clause, kind)

    answer, notice = int(dated.value("supplement_days", day)), int(dated.value("notice_days", day))
    return [
        Step("提交申请", "申请机构", "材料齐全的，提交当天就是收到之日", own("M7")),
        Step(
            "核对材料、受理", "区经办机构", f"材料不齐的，{answer} 个工作日内一次性告知补正；齐全的受理，受理日为材料到齐之日",
            own("M8.2"), working_days_after(day, answer, calendar, own("M8.2"), "材料收到"),
        ),
        Step(
            "评估", "市经办机构组织", f"自受理之日起 {EVALUATION_MONTHS} 个月内；要求补充材料的，补充期间不计算",
            own("M9.2"), months_after(day, EVALUATION_MONTHS, calendar, own("M9.2"), "受理"),
        ),
        Step(
            "公示", "市经办机构", f"{notice} 个工作日，自开始公示的次日起算；有异议的，办结后才能签约",
            own("M9.5"), working_days_after(day, notice, calendar, own("M9.5"), "公示开始"),
        ),
        Step("协商、签订协议", "申请机构和市经办机构", "公示期满且异议办结的次日起；协议期限一般为 1 年", own("M10.1")),
        Step("备案、公布", "市经办机构", "报市医疗保障局备案，列入定点名单向社会公布", own("M11")),
    ]  # fmt: skip


def bars(kind: str) -> list[tuple[str, str, str]]:
    """What keeps an institution from applying, and for how long (R4)."""
    rows = [
        ("M9.8", "再次评估仍不合格", f"结果送达之日起 {bans.FAILED_YEARS} 年"),
        ("M12.3", "行政处罚逾期未履行", "到履行完毕"),
        ("M12.4", "以不正当手段申请定点", f"发现之日起 {bans.FRAUD_YEARS} 年"),
        ("M12.5", "因违法违规被解除协议", f"解除生效之日起 {bans.VIOLATION_YEARS} 年；处罚未履行完毕的，到履行完毕"),
        ("M12.6", "因严重违约被解除协议", f"解除生效之日起 {bans.BREACH_YEARS} 年；违约责任未履行完毕的，到履行完毕"),
        ("M12.7", "法定代表人、主要负责人或实际控制人曾致同类定点机构因严重违法违规被解除协议", f"{bans.PERSON_YEARS} 年"),
        ("M12.8", "上述人员被列入失信人名单", "到移出名单"),
    ]
    return [(numbered(clause, kind), what, how_long) for clause, what, how_long in rows]


def guide(request: HttpRequest) -> HttpResponse:
    return render(request, "public/guide.html", {"kinds": Kind.choices})


def guide_for(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in CONDITIONS:
        raise Http404
    today = clock.today()
    further = ConditionRule.objects.filter(Q(to_on__isnull=True) | Q(to_on__gte=today), kind=kind, from_on__lte=today)
    context: dict[str, Any] = {
        "kind": kind,
        "kind_title": Kind(kind).label,
        "conditions": CONDITIONS[kind],
        "further": further,
        "categories": [label for value, label in Category.choices if value != Category.INTERNET] if kind == "hospital" else [],
        "slots": slots_on(kind, today),
        "steps": steps(kind, today),
        "bars": bars(kind),
        "words": WORDS[kind],
        "words_clause": numbered("M51", kind),
        "gate_months": GATE_MONTHS,
        "gate_clause": numbered("M9.7", kind),
        "today": today,
    }
    return render(request, "public/guide_for.html", context)
