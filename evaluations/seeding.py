"""The first rubric of each kind: the listed items of M9 (five) and P8 (six), in our own short words."""

from __future__ import annotations

from datetime import date
from typing import Any

from evaluations.models import Rubric

FROM = date(2022, 1, 1)


def _item(code: str, title: str, clause: str, specialty: str, weight: int) -> dict[str, Any]:
    return {"code": code, "title": title, "clause": clause, "specialty": specialty, "weight": weight, "mandatory": True}


ITEMS = {
    "hospital": [
        _item("licence", "核查执业许可证照", "M9.3", "medicine", 20),
        _item("staff", "核查专业技术人员执业信息和医师第一注册地", "M9.3", "medicine", 20),
        _item("facilities", "核查与服务功能相适应的设施设备", "M9.3", "medicine", 20),
        _item("rules", "核查内部管理和财务制度、评审结果", "M9.3", "finance", 20),
        _item("system", "核查信息系统是否具备直接联网结算条件", "M9.3", "it", 20),
    ],
    "pharmacy": [
        _item("licence", "核查药品经营许可证、营业执照和负责人身份证", "P8.3", "medicine", 16),
        _item("pharmacist", "核查药师证书及劳动合同", "P8.3", "medicine", 16),
        _item("managers", "核查医保管理人员劳动合同", "P8.3", "insurance", 17),
        _item("rules", "核查内部管理和财务制度", "P8.3", "finance", 17),
        _item("system", "核查信息系统是否具备直接联网结算条件", "P8.3", "it", 17),
        _item("labels", "核查医保药品标识", "P8.3", "insurance", 17),
    ],
}


def seed_rubrics() -> None:
    """Create version 1 of each kind if there is none."""
    for kind, items in ITEMS.items():
        Rubric.objects.get_or_create(kind=kind, version=1, defaults={"from_on": FROM, "items": items, "remark": "按办法所列评估内容"})
