"""Dated settings: what an office may decide where the law leaves room, with who and why.

Each key is declared once in ``KNOWN`` with its default and the clause or reading it belongs to. A row holds from its day
on; of several rows for one day the one recorded last counts. Asked for a past day, the answer is that day's.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from offices.models import Role, Setting, User

_ADMIN = (str(Role.ADMINISTRATOR),)
_BUREAU = (str(Role.CITY_BUREAU), str(Role.ADMINISTRATOR))


@dataclass(frozen=True)
class Known:
    """One setting: title and help for people, ``check`` returns a Chinese sentence when a value will not do.

    ``roles`` may set it: what the law leaves open belongs to the city bureau (R16), entered by itself or, on its word, by
    the administrator; what concerns the platform alone belongs to the administrator.
    """

    key: str
    title: str
    default: Any
    unit: str
    clause: str
    help: str
    check: Callable[[Any], str]
    roles: tuple[str, ...] = _BUREAU
    choices: Mapping[str, str] = field(default_factory=dict)
    """Where the value is a list: what may be in it, with titles."""


class Unfit(ValueError):
    """The value does not suit the setting; the message is for people."""


def _whole(least: int, most: int) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, int):
            return "请填整数。"
        return "" if least <= value <= most else f"请填 {least} 至 {most} 之间的整数。"

    return check


def _yes_or_no(value: Any) -> str:
    return "" if isinstance(value, bool) else "请选择“是”或“否”。"


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        return "请填写文字，不能为空。"
    return "" if len(value) <= 200 else "最多 200 字。"


def _some_of(choices: Mapping[str, str]) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        known = isinstance(value, list) and len(set(map(str, value))) == len(value) and all(each in choices for each in value)
        return "" if known else f"请从{'、'.join(choices.values())}中选择。"

    return check


_DAYS = _whole(1, 60)
_HOSPITAL_GENERAL = {"beds": "编制床位数", "phone": "电话"}
_PHARMACY_GENERAL = {"bank_account": "银行账户", "phone": "电话"}
_AS_MAJOR = "办法列明的重大信息之外，再按重大信息办理的事项：自批准之日起 30 个工作日内申请，由市经办机构核准。"

KNOWN: Mapping[str, Known] = {
    known.key: known
    for known in (
        Known("notice_days", "公示期", 5, "个工作日", "M9.4", "公示自次日起计算（R12）。", _DAYS),
        Known("hearing_days", "陈述申辩期", 5, "个工作日", "M29", "拟处理告知书送达次日起计算。", _DAYS),
        Known(
            "supplement_days", "一次性告知补正的期限", 5, "个工作日", "M8", "收到申请材料次日起计算（R3）；办法规定为 5 个工作日。", _DAYS
        ),
        Known("bureau_report_days", "向医保行政部门报告的期限", 5, "个工作日", "M49", "处理决定作出次日起计算。", _DAYS),
        Known(
            "person_ban_across_kinds",
            "人员禁入是否跨类别",
            False,
            "",
            "M12.7",
            "办法对医疗机构和零售药店分别规定；选“是”后，一类机构引起的人员禁入对另一类也生效（R4）。",
            _yes_or_no,
        ),
        Known("reconsideration_body", "行政复议机关", "北京市人民政府", "", "R11", "写入各项不利决定的救济告知。", _text),
        Known(
            "district_reconsideration_body",
            "区级决定的行政复议机关",
            "所在区人民政府",
            "",
            "R11",
            "写入区经办机构所作决定的救济告知。",
            _text,
        ),
        Known("lawsuit_body", "行政诉讼管辖法院", "有管辖权的人民法院", "", "R11", "写入各项不利决定的救济告知。", _text),
        Known("mediation_body", "协调处理部门", "北京市医疗保障局", "", "M46", "争议的协调处理（M46、P42）。", _text),
        Known(
            "collective_decision",
            "重大决定须附集体讨论记录",
            False,
            "",
            "M29",
            "选“是”后，不予受理、评估结果、解除等双人决定须写明集体讨论记录。",
            _yes_or_no,
        ),
        Known(
            "hospital_major_more",
            "医疗机构另按重大信息变更的事项",
            [],
            "",
            "M40.1",
            _AS_MAJOR,
            _some_of(_HOSPITAL_GENERAL),
            choices=_HOSPITAL_GENERAL,
        ),
        Known(
            "pharmacy_major_more",
            "零售药店另按重大信息变更的事项",
            [],
            "",
            "P37.1",
            _AS_MAJOR,
            _some_of(_PHARMACY_GENERAL),
            choices=_PHARMACY_GENERAL,
        ),
        Known("sign_up_open", "开放机构自行注册", True, "", "M7", "关闭后，注册页说明应到所在区经办机构办理。", _yes_or_no, _ADMIN),
        Known(
            "second_factor",
            "经办人员须用动态口令登录",
            False,
            "",
            "M29",
            "选“是”后，各级医保部门和经办机构人员登录时还须输入动态口令。",
            _yes_or_no,
            _ADMIN,
        ),
        Known("invitation_days", "邀请链接有效期", 7, "日", "M29", "过期的邀请链接不能再用。", _whole(1, 30), _ADMIN),
    )
}


class _Remembered:
    """All settings as they stood when first asked for."""

    rows: list[Setting] | None = None

    def newest_first(self) -> list[Setting]:
        if self.rows is None:
            self.rows = list(Setting.objects.order_by("-from_on", "-id"))
        return self.rows


_remembered: ContextVar[_Remembered | None] = ContextVar("offices_settings", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """Within it settings are read once, when first asked for: for an act, a check or a sweep that asks many times in one breath."""
    token = _remembered.set(_Remembered())
    try:
        yield
    finally:
        _remembered.reset(token)


def value(key: str, day: date) -> Any:
    """The setting's value that holds on ``day``; its documented default when nobody has set it by then."""
    known = KNOWN[key]
    kept = _remembered.get()
    if kept is not None:
        return next((row.value for row in kept.newest_first() if row.key == key and row.from_on <= day), known.default)
    row = Setting.objects.filter(key=key, from_on__lte=day).order_by("-from_on", "-id").first()
    return known.default if row is None else row.value


def put(key: str, new: Any, *, from_on: date, by: User | None, reason: str) -> Setting:
    """Record a value from a day on. Raises ``Unfit`` for an unknown key, a value that will not do or a missing reason."""
    known = KNOWN.get(key)
    if known is None:
        raise Unfit("没有这个设置项。")
    if complaint := known.check(new):
        raise Unfit(complaint)
    if not reason.strip():
        raise Unfit("请写明理由。")
    row = Setting.objects.create(key=key, value=new, from_on=from_on, by=by, reason=reason.strip())
    if kept := _remembered.get():
        kept.rows = None
    return row
