"""What the institution states about itself, as far as only a person can judge it (M6.4–M6.6, M12, P5, P11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from applications.models import Application, ConditionRule

STATEMENTS: Mapping[str, Mapping[str, str]] = {
    "hospital": {
        "M6.4": "已建立医保管理、财务、统计信息管理和医疗质量安全核心制度，并已上传。",
        "M6.5": "信息系统能够按要求与医保系统对接，使用国家统一的医保编码。",
        "M6.6": "符合法律法规和市级以上医保部门规定的其他条件。",
        "M12.1": "执业范围以基本医疗服务为主，不以医疗美容、辅助生殖、生活照护、种植牙等为主。",
        "M12.2": "基本医疗服务执行国家和本市的医药价格政策。",
        "M12.9": "没有法律法规规定的其他不予受理的情形。",
    },
    "pharmacy": {
        "P5.4": "药品分类分区管理，医保药品有明确标识。",
        "P5.5": "已建立医保药品、财务、人员、统计信息和费用结算管理制度，并已上传。",
        "P5.6": "信息系统能够按要求与医保系统对接，使用国家统一的医保编码。",
        "P5.7": "符合法律法规和市级以上医保部门规定的其他条件。",
        "P11.7": "没有法律法规规定的其他不予受理的情形。",
    },
}


@dataclass(frozen=True)
class Statement:
    """One sentence and the institution's answer: true, false, or None while it has not answered."""

    code: str
    text: str
    answer: bool | None
    number: int

    @property
    def field(self) -> str:
        """The name of its input; codes hold points."""
        return f"statement-{self.number}"


def statements_of(application: Application, day: date) -> list[Statement]:
    """The statements of the kind and the further dated conditions of the city (M6.6, P5.7)."""
    kind = application.institution.kind
    rows = ConditionRule.objects.filter(Q(to_on__isnull=True) | Q(to_on__gte=day), kind=kind, from_on__lte=day)
    listed = [*STATEMENTS[kind].items(), *((rule.code, rule.title) for rule in rows)]
    return [Statement(code, text, application.attest.get(code), number) for number, (code, text) in enumerate(listed)]
