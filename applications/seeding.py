"""The listed materials of M7 and P6, in our own short words; the city bureau may change them from a day on."""

from __future__ import annotations

from applications.models import MaterialSlot
from law.rulesets import MEASURES_FROM

FROM = MEASURES_FROM  # M53
SLOTS: dict[str, list[tuple[str, str, list[str]]]] = {
    "hospital": [
        ("M7(1)", "定点申请表", []),
        ("M7(2)", "执业许可证、备案证或军队许可证照复印件", []),
        ("M7(3)", "内部管理和财务制度文本", ["医保管理制度", "财务制度", "统计信息管理制度", "医疗质量安全核心制度"]),
        ("M7(4)", "信息系统相关材料", []),
        ("M7(5)", "医保基金使用预测分析报告", []),
        ("M7(6)", "市级要求的其他材料", []),
    ],
    "pharmacy": [
        ("P6(1)", "定点申请表", []),
        ("P6(2)", "药品经营许可证、营业执照及三类负责人身份证复印件", []),
        ("P6(3)", "药师证书及劳动合同复印件", []),
        ("P6(4)", "医保管理人员劳动合同复印件", []),
        (
            "P6(5)",
            "内部管理和财务制度文本",
            ["医保药品管理制度", "财务管理制度", "医保人员管理制度", "统计信息管理制度", "医保费用结算制度"],
        ),
        ("P6(6)", "信息系统相关材料", []),
        ("P6(7)", "医保基金使用预测分析报告", []),
        ("P6(8)", "市级要求的其他材料", []),
    ],
}


def seed_slots() -> None:
    """Create the slots that are not there yet."""
    for kind, rows in SLOTS.items():
        for slot, title, parts in rows:
            MaterialSlot.objects.get_or_create(kind=kind, slot=slot, from_on=FROM, defaults={"title": title, "parts": parts})
