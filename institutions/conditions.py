"""May this institution apply, as far as its own conditions go (M5–M6, P5)? Pure rules over a profile, no Django.

A condition that fails says its clause, why, and the first later day on which the recorded dates alone would meet it; None
where somebody must act first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from deadlines.calendar import WorkingCalendar
from institutions.condition_profile import LicenceRow, ManagerRow, PractitionerRow, Profile, Span
from institutions.condition_rules import CONDITIONS, Condition
from law.clauses import numbered, table

__all__ = ["LicenceRow", "ManagerRow", "PractitionerRow", "Profile", "Span", "Unmet", "unmet"]


@dataclass(frozen=True)
class Unmet:
    """One condition not met: clause in the institution's own numbering, why, and from which day on it would be met."""

    clause: str
    sentence: str
    earliest_on: date | None = None


# What the institution states about itself; a statement that does not hold is a reason like any other.
STATEMENTS: Mapping[str, str] = {
    "M6.4": "没有符合协议管理要求的医保管理、财务、统计信息、医疗质量安全等制度。",
    "M6.5": "信息系统和接口不符合要求，或未按规定使用国家医保编码。",
    "M6.6": "不符合法律法规和市级以上医保部门规定的其他条件。",
    "M12.1": "以医疗美容、辅助生殖、生活照护、种植牙等非基本医疗服务为主要执业范围。",
    "M12.2": "基本医疗服务未执行国家和本市的医药价格政策。",
    "M12.9": "有法律法规规定的其他不予受理的情形。",
    "P5.4": "药品未分类分区管理，或所售药品没有明确的医保用药标识。",
    "P5.5": "没有符合协议管理要求的药品、财务、人员、统计信息和费用结算制度。",
    "P5.6": "信息系统和接口不符合要求，或未按规定使用国家医保编码。",
    "P5.7": "不符合法律法规和市级以上医保部门规定的其他条件。",
    "P11.7": "有法律法规规定的其他不予受理的情形。",
}
_STATED_FAMILIES = {"hospital": ("M5", "M6", "M12"), "pharmacy": ("P5", "P11")}


def _belongs(clause: str, kind: str) -> bool:
    return clause in table() and clause.split(".")[0] in _STATED_FAMILIES[kind]


def _denied(attested: Mapping[str, bool], kind: str) -> list[Unmet]:
    """Statements given as false, in the kind's own numbering; a clause that does not bind this kind says nothing."""
    clauses = dict.fromkeys(numbered(clause, kind) for clause, holds in attested.items() if holds is False)
    return [Unmet(clause, STATEMENTS.get(clause, "申请机构自述不符合本条。")) for clause in clauses if _belongs(clause, kind)]


def _earliest(condition: Condition, profile: Profile, day: date) -> date | None:
    starts = sorted({start for start in condition.starts(profile) if start is not None and start > day})
    return next((start for start in starts if condition.holds(profile, start)), None)


def unmet(profile: Profile, day: date, attested: Mapping[str, bool], calendar: WorkingCalendar | None = None) -> list[Unmet]:
    """Every condition of M5–M6 (P5) and every statement that does not hold on the day, each with its clause.

    The working calendar takes no part: "at least N months" are not moved to a working day (R13).
    """
    found = [
        Unmet(condition.clause, condition.sentence(profile, day), _earliest(condition, profile, day))
        for condition in CONDITIONS[profile.kind]
        if not condition.holds(profile, day)
    ]
    told = {each.clause for each in found}
    return found + [each for each in _denied(attested, profile.kind) if each.clause not in told]
