"""How the institution reads its own case: each state in its words, who acts, and what comes next (craft rule 17)."""

from datetime import date
from typing import NamedTuple

from applications.road import Road


class Words(NamedTuple):
    title: str
    who: str
    following: str


DISTRICT, CITY, YOU, NOBODY = "区经办机构", "市经办机构", "本机构", ""

STATES = {
    "draft": Words("草稿，还没有提交", YOU, "材料和申明填好以后，核对并提交。提交之前别人看不到。"),
    "submitted": Words("已提交，等待核对材料", DISTRICT, "材料齐全的，受理并发受理通知书；不齐的，一次性告知要补的全部材料。"),
    "supplementing": Words("需要补正材料", YOU, "补齐的那一天就是受理日。告知只有一次，请一次补齐。"),
    "accepted": Words("已受理，等待评估", CITY, "市经办机构组织评估小组，书面评估或者到现场评估。"),
    "evaluating": Words("评估中", CITY, "评估结果会送达本机构；要求补充材料的，补充期间不计入期限。"),
    "passed": Words("评估合格，等待公示", CITY, "结果报备案后，向社会公示。"),
    "failed": Words("再次评估不合格，申请结束", NOBODY, "自结果送达之日起1年内不能再次申请。不服的，可以申请行政复议或者提起行政诉讼。"),
    "rectifying": Words("评估不合格，整改中", YOU, "按整改建议完成整改；满3个月后，市经办机构可以再次评估一次。"),
    "public_notice": Words("公示中", CITY, "公示期满、异议都办结以后，协商签约。"),
    "negotiating": Words("公示期满，等待签约", CITY, "市经办机构协商并发签约通知书，本机构自愿签署。"),
    "signed": Words("已签约", NOBODY, "协议在有效期内的，列入定点医药机构名单。"),
    "refused": Words("不予受理", NOBODY, "理由和救济途径见不予受理决定书。"),
    "withdrawn": Words("已撤回", NOBODY, "可以重新申请。"),
    "closed": Words("已结束办理", NOBODY, "理由见结束办理告知书；条件具备后可以重新申请。"),
    "declined": Words("没有签约", NOBODY, "双方没有达成协议，申请结束；可以重新申请。"),
}
# Once invited: whether the institution has signed already.
SIGNING = {
    False: Words("已发签约通知，等待本机构签署", YOU, "阅读协议，签署或者说明理由不签；自愿签署。"),
    True: Words("本机构已签署，等待市经办机构签署", CITY, "双方签署后协议成立，备案并公布。"),
}


def seen_state(road: Road, day: date) -> str:
    """The state as the institution may know it: a result that has not been served to it is not yet there (M9.6)."""
    state = road.state(day)
    unserved = road.round is not None and (road.round.served_on is None or road.round.served_on > day)
    return "evaluating" if state in ("passed", "failed") and unserved else state


def words_of(road: Road, day: date) -> Words:
    """The words for a day; while something is asked of the institution, it is the one that acts (R2)."""
    state = seen_state(road, day)
    if state == "evaluating" and road.round is not None and road.round.open_items:
        return Words("评估中，需要补充材料", YOU, "评估期限停止计算，到全部补齐之日为止。")
    if state == "rectifying" and road.re_evaluation_on is not None:
        return Words("再次评估已开始", CITY, "市经办机构组织评估小组；再次评估只有一次。")
    return STATES[state]
