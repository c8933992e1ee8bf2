"""Each state in two tongues: its name, and what whoever holds the matter has to do next (craft rule 17)."""

from datetime import date

from applications.road import STATES, Road
from offices.models import Role

# Kinds of matter on the desk: state of the application, or another reason to act.
STEPS = {
    "submitted": "核对材料",
    "supplementing": "等待补正",
    "accepted": "组成评估小组",
    "evaluating": "评估",
    "passed": "备案与公示",
    "failed": "送达结果",
    "rectifying": "再次评估",
    "public_notice": "公示与异议",
    "negotiating": "协商签约",
}
# Beside a living agreement.
LIFE = {
    "decide_suspension": "答复中止申请",
    "resume": "确认恢复履行",
    "rectification": "整改验收",
    "termination_case": "解除立案",
    "decide_termination": "答复解除申请",
    "renewal": "决定续签",
    "change": "核准变更",
    "passing": "转报变更",
    "bureau_report": "报告处理决定",
    "decision": "作出处理决定",
    "full_check": "退出全面核查",
    "hold": "暂停结算拨付",
    "dispute": "答复争议",
}
MATTERS = {**STEPS, "review": "复核签署", "file_agreement": "协议备案", **LIFE, "sign_up": "机构注册"}

HOLDERS = {
    "institution": "申请机构",
    "district_agency": "区经办机构",
    "city_agency": "市经办机构",
}


def holder_title(role: str) -> str:
    """Who holds a matter; empty when nobody has to act any more."""
    return HOLDERS.get(role) or (Role(role).label if role in Role.values else "")


def holder_of(waits_for: str, road: Road, day: date) -> str:
    """Who holds an application today: the stored projection, corrected by what only the calendar has changed since (R7)."""
    if not road.is_open(day):
        return waits_for if road.unserved_failure else ""
    if road.state(day) == "rectifying" and _gate_over(road, day):
        return "city_agency"
    return waits_for


def _gate_over(road: Road, day: date) -> bool:
    opens = road.re_evaluation_from("M9.7", day)
    return opens is not None and opens <= day


def next_step(road: Road, day: date) -> str:
    """What is to be done next, in a few words."""
    state = road.state(day)
    each = road.round
    if road.unserved_failure and each is not None and each.sent_on is not None:
        return "结果已交寄，收到回执后登记送达"
    if road.unserved_failure and not road.is_open(day):
        return "送达不合格结果"
    if state == "submitted" and road.supplement_on is not None:
        return "补正到齐，答复受理"
    if state == "submitted":
        return "材料齐全，核对受理" if not road.missing else f"缺{len(road.missing)}项，一次性告知"
    if state == "evaluating" and each is not None:
        return "等待补充材料" if each.open_items else "记录意见，作出结果"
    if state == "passed":
        return "发布公示" if road.result_filed_on else "结果备案"
    if state == "rectifying":
        if road.re_evaluation_on:
            return "组成再次评估小组"
        return "整改期满，开始再次评估" if _gate_over(road, day) else "整改中"
    if state == "failed" and road.second_failure and road.served_by(day):
        return "不再评估，1年后可再申请"
    if state == "public_notice" and road.open_objections:
        return f"处理{len(road.open_objections)}件异议"
    if state == "public_notice":
        return f"公示至{road.notice_last_day}"
    return STEPS.get(state) or STATES.get(state, state)
