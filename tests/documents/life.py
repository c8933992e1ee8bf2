"""Made-up data of the papers on an agreement's life (19–21, 24–26, 28–37, 42, 47), with every optional field filled."""

from __future__ import annotations

from datetime import date
from typing import Any

AGREEMENT = {"number": "京医保中心协〔2026〕第0001号", "first_day": date(2026, 5, 1), "last_day": date(2027, 4, 30)}
INTENDED = {"number": "京医保中心拟告〔2026〕第0003号", "served_on": date(2026, 2, 10)}
HEARING = {
    "stated": "系统切换造成部分数据漏传",
    "on": date(2026, 2, 13),
    "answer": "漏传的数据涉及6个月，所述情况不能说明全部缺口，不予采纳",
}
CHANGES = [
    {"field": "机构名称", "before": "北京安和门诊部", "after": "北京安和康复医院"},
    {"field": "主要负责人", "before": "王敏", "after": "旻頔"},
]
DEMANDS = [
    {"what": "2026年1月至6月的住院明细数据未上传", "required": "补传全部数据，并提交数据核对表"},
    {"what": "医保数据管理没有专人负责", "required": "指定专人，建立逐日核对制度"},
]


def life(kind: str) -> dict[int, dict[str, Any]]:
    """Data by number of the document, in the numbering of this kind of institution."""
    pharmacy = kind == "pharmacy"
    title = "零售药店" if pharmacy else "医疗机构"
    suspended = {"clause": "P39.5(2)" if pharmacy else "M42.6(2)", "sentence": "未按规定提供有关数据"}
    terminated = {"clause": "P40(5)" if pharmacy else "M43(3)", "sentence": "套取医疗保障基金" if pharmacy else "经查实有欺诈骗保行为"}
    bans = [
        {
            "clause": "P11.3" if pharmacy else "M12.5",
            "sentence": "因违法违规被解除医保协议",
            "from": date(2026, 3, 10),
            "until": date(2029, 3, 10),
            "remains": "须先履行完行政处罚",
        },
        {
            "clause": "P11.5" if pharmacy else "M12.7",
            "sentence": "对严重违法违规负有责任",
            "subject": "旻頔",
            "from": date(2026, 3, 10),
            "until": date(2031, 3, 10),
        },
    ]
    branches = [
        {"name": "北京瑞草堂大药房有限公司安定路店", "district": "东城区", "agreement_number": "京医保中心协〔2026〕第0011号"},
        {"name": "北京瑞草堂大药房有限公司晨光路店", "district": "朝阳区", "agreement_number": "京医保中心协〔2026〕第0012号"},
    ]
    facts = {"facts": "2026年1月至6月的住院明细数据未上传，经2次催告仍未补传", "evidence": "数据核对表和催告记录"}
    return {
        19: {
            "variant": "approval",
            "agreement": AGREEMENT,
            "changes": CHANGES,
            "authority": "朝阳区卫生健康委员会",
            "approval": "朝卫许〔2026〕15号",
            "approved_on": date(2026, 1, 12),
            "requested_on": date(2026, 2, 5),
            "last_day": date(2026, 3, 2),
            "days_used": 18,
            "effective_on": date(2026, 3, 2),
        },
        20: {
            "agreement": AGREEMENT,
            "changes": [{"field": "联系电话", "before": "", "after": "010-00001234"}],
            "requested_on": date(2026, 2, 27),
            "effective_on": date(2026, 3, 2),
        },
        21: {
            "agreement": AGREEMENT,
            "from_on": date(2026, 10, 30),
            "apply_by": date(2027, 1, 30),
            "points": ["续签申请表可以在平台填写", "许可证照有变更的，请一并办理变更手续"],
            "dates": [{"label": "申请的最后一日", "day": date(2027, 1, 30), "explanation": "期满 2027-04-30 - 3个月 = 2027-01-30"}],
        },
        24: {
            "variant": "notice",
            "agreement": AGREEMENT,
            "suspended": True,
            "items": [{**DEMANDS[0], "basis": suspended["clause"]}, DEMANDS[1]],
            "last_day": date(2026, 4, 15),
        },
        25: {
            "variant": "notice",
            "measure": "解除医保协议",
            "agreement": AGREEMENT,
            "grounds": [{**terminated, **facts}],
            "nature": "serious_violation",
            "bans": bans,
            "hear_days": 5,
            "hear_by": date(2026, 3, 9),
            "dates": [
                {"label": "陈述和申辩的最后一日", "day": date(2026, 3, 9), "explanation": "送达 2026-03-02 + 5个工作日 = 2026-03-09"}
            ],
        },
        26: {
            "variant": "hold",
            "agreement": AGREEMENT,
            "clause": "I17",
            "since": date(2026, 5, 12),
            "demanded_on": date(2026, 5, 11),
            "reason": "经2次通知，拒不提供2026年1月至3月的进销存记录",
        },
        28: {
            "variant": "person",
            "agreement": AGREEMENT,
            "name": "旻頔",
            "person_code": "D110105001234",
            "facts": ["2026年1月至3月，为未到场的参保人员开具处方12张"],
            "first_day": date(2026, 5, 10),
            "last_day": date(2026, 8, 7),
            "intended": INTENDED,
            "hearing": HEARING,
            "decided_on": date(2026, 5, 8),
        },
        29: {
            "variant": "granted",
            "request": "suspension",
            "agreement": AGREEMENT,
            "requested_on": date(2026, 2, 10),
            "first_day": date(2026, 6, 1),
            "last_day": date(2026, 8, 29),
            "day_180": date(2026, 11, 27),
        },
        30: {
            "agreement": AGREEMENT,
            "grounds": [{**suspended, **facts}],
            "first_day": date(2026, 5, 10),
            "last_day": date(2026, 8, 7),
            "intended": INTENDED,
            "hearing": HEARING,
            "items": DEMANDS,
            "rectify_by": date(2026, 7, 31),
            "decided_on": date(2026, 4, 2),
        },
        31: {
            "agreement": AGREEMENT,
            "requested_on": date(2026, 7, 20),
            "first_day": date(2026, 6, 1),
            "last_day": date(2026, 8, 1),
            "effective_on": date(2026, 8, 2),
        },
        32: {
            "agreement": AGREEMENT,
            "requested_on": date(2026, 2, 10),
            "first_day": date(2026, 6, 1),
            "day_180": date(2026, 11, 27),
            "granted": {"number": "京医保中心申复〔2026〕第0002号", "served_on": date(2026, 2, 25)},
            "clearing": "请于30日内完成费用的申报和清算",
        },
        33: {
            "variant": "notice",
            "agreement": AGREEMENT,
            "request": "termination",
            "requested_on": date(2026, 2, 10),
            "scope": ["住院费用的申报和结算", "药品和耗材的进销存", "信息系统数据"],
            "first_day": date(2025, 1, 1),
            "last_day": date(2026, 2, 28),
            "reason": "上一年度结算费用增长较快",
        },
        34: {
            "agreement": AGREEMENT,
            "grounds": [
                {**terminated, **facts},
                suspended | {"clause": "P40(8)" if pharmacy else "M43(5)", "sentence": "拒绝配合监督检查，情节恶劣"},
            ],
            "nature": "serious_violation",
            "nature_reason": "拒绝配合的检查由医疗保障行政部门组织",
            "effective_on": date(2026, 3, 10),
            "intended": INTENDED,
            "hearing": {"stated": ""},
            "bans": bans,
            "clearing": "请于30日内完成费用的申报和清算",
        },
        35: {
            "agreement": AGREEMENT,
            "origin": {"name": branches[0]["name"], "number": "京医保中心解〔2026〕第0001号", "decided_on": date(2026, 3, 2)},
            "person": {"name": "旻頔", "post": "实际控制人"},
            "institutions": branches,
            "nature": "violation",
            "effective_on": date(2026, 3, 10),
            "bans": bans[:1],
            "intended": INTENDED,
            "hearing": HEARING,
        },
        36: {
            "institutions": [
                {
                    "name": "北京仁济中医门诊部",
                    "kind_title": title,
                    "district": "朝阳区",
                    "grounds": [terminated["clause"], "P40.1" if pharmacy else "M43.1"],
                    "effective_on": date(2026, 3, 10),
                },
            ],
        },
        37: {
            "measure": "中止医保协议",
            "decided_on": date(2026, 3, 2),
            "institutions": [
                {
                    "name": "北京仁济中医门诊部",
                    "kind_title": title,
                    "district": "朝阳区",
                    "agreement_number": AGREEMENT["number"],
                    "decision": "京医保中心中止〔2026〕第0001号",
                    "grounds": [suspended["clause"]],
                    "first_day": date(2026, 3, 10),
                    "last_day": date(2026, 6, 7),
                },
            ],
        },
        42: {
            "agreement": AGREEMENT,
            "matter": "2025年12月的结算费用逾期未拨付",
            "requested_on": date(2026, 1, 20),
            "term": "医保协议第三条第二款",
            "facts": ["经查，该月费用因数据比对于2026年1月30日拨付，逾期10日"],
            "conclusion": "经办机构应当按期拨付，逾期部分已整改，请双方继续履行协议",
            "measures": ["约谈主要负责人", "限期完善拨付流程"],
            "answer_by": date(2026, 3, 23),
            "agreement_breach": True,
        },
        47: {
            "agreement": AGREEMENT,
            "requested_on": date(2027, 1, 20),
            "reason": "有效期内绩效考核结果不合格，就改进措施未协商一致",
            "record": ["协议有效期内被中止医保协议1次", "追回医保费用2次"],
            "assessment": "2026年度得分52分，等次为不合格",
            "clearing": "请于30日内完成费用的申报和清算",
        },
    }
