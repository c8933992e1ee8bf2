"""Grounds of suspension and termination, and the nature of a termination (M42.6, M43, P39.5, P40, R5). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from law.clauses import numbered

SERIOUS, VIOLATION, FRAUD, BREACH, NONE = "serious_violation", "violation", "fraud_in_applying", "serious_breach", "none"
# From the gravest: the first one that a decision has names it (R5).
NATURES = {SERIOUS: "严重违法违规", VIOLATION: "违法违规", FRAUD: "以不正当手段申请", BREACH: "严重违约", NONE: "无过错"}
VIOLATIONS = frozenset({SERIOUS, VIOLATION})

ARTICLES = {"hospital": "M43", "pharmacy": "P40"}
SUSPENSION_ARTICLES = {"hospital": "M42.6", "pharmacy": "P39.5"}

SUSPENSION_LABELS = {
    1: "对基金安全和参保人权益可能造成重大风险",
    2: "未按规定提供数据或提供不实数据",
    3: "协议约定应当中止",
    4: "其他规定应当中止",
}

# Item → short label of our own and the nature it has by itself; None: the decision must state it.
_HOSPITAL: dict[int, tuple[str, str | None]] = {
    1: ("期内两次中止,或整改不到位", BREACH),
    2: ("以不正当手段取得定点", FRAUD),
    3: ("查实欺诈骗保", SERIOUS),
    4: ("为非定点或中止期间的机构结算", VIOLATION),
    5: ("拒不配合检查考核,情节恶劣", BREACH),
    6: ("重大信息变更未办理", BREACH),
    7: ("停业歇业未报告", BREACH),
    8: ("重大违法违规且可能致基金重大损失", SERIOUS),
    9: ("执业许可或备案被吊销、注销", None),
    10: ("三类人员不能履约或失信", None),
    11: ("未履行医保行政处罚", VIOLATION),
    12: ("主动申请且经同意", NONE),
    13: ("协议约定应当解除", BREACH),
    14: ("其他规定应当解除", None),
}
_PHARMACY: dict[int, tuple[str, str | None]] = {
    1: ("期内两次中止,或整改不到位", BREACH),
    2: ("重大药品质量安全事件", None),
    3: ("以不正当手段取得定点", FRAUD),
    4: ("伪造票据账目处方骗取基金", SERIOUS),
    5: ("串换倒卖药品套取基金", SERIOUS),
    6: ("为非定点或中止期间的机构结算", VIOLATION),
    7: ("转借结算设备或改变使用场地", BREACH),
    8: ("拒不配合审核考核,情节恶劣", BREACH),
    9: ("重大信息变更未办理", BREACH),
    10: ("重大违法违规且可能致基金重大损失", SERIOUS),
    11: ("药品经营许可或执照被吊销、注销", None),
    12: ("未履行医保行政处罚", VIOLATION),
    13: ("三类人员不能履约或失信", None),
    14: ("连锁总部人员致分支被解除", None),
    15: ("主动申请且经同意", NONE),
    16: ("协议约定应当解除", BREACH),
    17: ("其他规定应当解除", None),
}
_TABLES = {"hospital": _HOSPITAL, "pharmacy": _PHARMACY}

# In the hospital numbering; own_ground tells a pharmacy's.
SECOND_SUSPENSION, BARRED_PERSON, AT_REQUEST = "M43(1)", "M43(10)", "M43(12)"
CASCADE = "P40(14)"


# Twins among the grounds of termination that the product itself opens or writes; the articles do not run in step.
_TWINS = {"M43(1)": "P40(1)", "M43(6)": "P40(9)", "M43(10)": "P40(13)", "M43(12)": "P40(15)"}


def own_ground(ground: str, kind: str) -> str:
    """A ground or clause that ended an agreement in the numbering of the kind of institution."""
    if kind != "pharmacy" or ground.startswith("P40("):
        return ground
    return _TWINS.get(ground, numbered(ground, kind))


@dataclass(frozen=True)
class Ground:
    """One ground of termination: ``M43(3)`` with its label and its own nature (None: must be stated)."""

    clause: str
    label: str
    nature: str | None


def termination_grounds(kind: str) -> dict[str, Ground]:
    """Every ground of termination of a kind of institution, in order."""
    article = ARTICLES[kind]
    return {f"{article}({item})": Ground(f"{article}({item})", label, nature) for item, (label, nature) in _TABLES[kind].items()}


def suspension_grounds(kind: str) -> dict[str, str]:
    """Every ground on which a suspension is imposed, with its label (M42.6)."""
    return {f"{SUSPENSION_ARTICLES[kind]}({item})": label for item, label in SUSPENSION_LABELS.items()}


def leading(kind: str, grounds: Iterable[str], stated: str = "") -> str:
    """The ground that names the decision: the one of the gravest nature, of equals the first (R5)."""
    table, order = termination_grounds(kind), list(NATURES)
    return min(grounds, key=lambda each: order.index(table[each].nature or stated or NONE))


def gravest(natures: Iterable[str]) -> str:
    """The nature that names a decision with several grounds."""
    found = set(natures)
    return next((nature for nature in NATURES if nature in found), NONE)


@dataclass(frozen=True)
class Nature:
    """The natures a decision has, and the grounds for which it still lacks a stated nature or a reason to deviate."""

    natures: tuple[str, ...]
    unstated: tuple[str, ...] = ()
    deviating: tuple[str, ...] = ()


def nature_of(kind: str, grounds: Iterable[str], stated: str = "", reason: str = "") -> Nature:
    """Natures of a decision on these grounds (R5).

    A nature that is stated serves every ground that has none of its own. Where all have one it must be one of theirs;
    another takes the place of all, and needs a reason.
    """
    table = termination_grounds(kind)
    chosen = [table[each] for each in grounds]
    own = [each.nature for each in chosen if each.nature is not None]
    open_ones = tuple(each.clause for each in chosen if each.nature is None)
    if open_ones:
        return Nature(_distinct([*own, stated] if stated else own), unstated=() if stated else open_ones)
    if not stated or stated in own:
        return Nature(_distinct(own))
    return Nature((stated,), deviating=() if reason else tuple(each.clause for each in chosen))


def serious_beside_cascade(kind: str, grounds: Iterable[str], stated: str, natures: Iterable[str]) -> bool:
    """Whether a serious violation stands behind the decision by a ground other than P40(14), which reaches no post holder (R4, R5)."""
    chosen = list(grounds)
    if CASCADE not in chosen:
        return SERIOUS in natures
    table = termination_grounds(kind)
    # P40(14) has no nature of its own: what is stated serves those grounds that have none, the others keep theirs.
    return any((table[each].nature or stated) == SERIOUS for each in chosen if each != CASCADE)


def _distinct(natures: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(natures))
