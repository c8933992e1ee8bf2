"""Template helps shared by every page: form controls, deadline badges, Chinese stops."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.safestring import SafeString

from applications.checklist import JudgementWidget
from casework.attaching import FindingsWidget
from casework.inputs import RowsWidget
from deadlines import clock
from offices.settings import Known

register = template.Library()

STOPS = str.maketrans(",;:?!", "，；：？！")
BRACKETED = re.compile(r"\(([^()]*[\u3400-\u9fff][^()]*)\)")
STOP = re.compile(r"(?<=[\u3400-\u9fff）》”〕])[,;:?!]|(?<=\d)[,;:](?=[\u3400-\u9fff])")


@register.filter
def chinese(text: Any) -> Any:
    """A sentence as it is printed: the rules type their stops and brackets on a keyboard, a page shows Chinese ones."""
    if hasattr(text, "__html__"):
        return text
    return STOP.sub(lambda found: found[0].translate(STOPS), BRACKETED.sub(r"（\1）", str(text)))


@register.filter
def shape(field: BoundField) -> str:
    """How a field is laid out: ``check`` (one box), ``choices`` (radios or several boxes), ``rows`` (a small table) or ``line``."""
    widget = field.field.widget
    if isinstance(widget, RowsWidget | JudgementWidget | FindingsWidget):
        return "rows"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    return "check" if isinstance(widget, forms.CheckboxInput) else "line"


@register.filter
def control(field: BoundField) -> SafeString:
    """The control itself with the sheet's class, whatever form it comes from."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        kind = "form-check-input"
    elif isinstance(widget, forms.Select):
        kind = "form-select"
    else:
        kind = "form-control"
    given = widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"{kind} {given}".strip()})


@register.filter
def choice_control(choice: BoundWidget) -> SafeString:
    """One radio or box of a group."""
    attributes = choice.data["attrs"]
    attributes["class"] = f"form-check-input {attributes.get('class', '')}".strip()
    return choice.tag(wrap_label=False)


@dataclass(frozen=True)
class Badge:
    kind: str
    icon: str
    words: str
    due: date | None = None
    provisional: bool = False

    @property
    def day(self) -> str:
        return said(self.due) if self.due else ""


def said(day: date) -> str:
    """A day in words. Not the filter ``date``, which a list of fifty pays for by a millisecond."""
    return f"{day.year}年{day.month}月{day.day}日"


def badge_of(due: date | None, paused_since: date | None = None, met_on: date | None = None, provisional: bool = False) -> Badge:
    """Days left of an act-by deadline as words, icon and kind; ``due`` itself still belongs to the period (R1)."""
    if met_on is not None:
        late = due is not None and met_on > due
        words = f"已办，超期 {(met_on - due).days} 天" if late and due else "按期办结"
        return Badge("soon" if late else "met", "check-circle-fill", words, due)
    if paused_since is not None:
        return Badge("paused", "pause-circle-fill", f"停钟，自{said(paused_since)}起")
    if due is None:
        return Badge("none", "dash-circle", "无期限")
    left = (due - clock.today()).days
    if left < 0:
        return Badge("overdue", "exclamation-octagon-fill", f"已超期 {-left} 天", due, provisional)
    if left == 0:
        return Badge("today", "alarm-fill", "今天到期", due, provisional)
    if left <= 3:
        return Badge("soon", "hourglass-split", f"剩 {left} 天", due, provisional)
    return Badge("running", "clock", f"剩 {left} 天", due, provisional)


@register.inclusion_tag("partials/deadline_badge.html")
def deadline_badge(
    due: date | None,
    paused_since: date | None = None,
    met_on: date | None = None,
    provisional: bool = False,
) -> dict[str, Any]:
    """``{% deadline_badge due paused_since=… met_on=… provisional=… %}``"""
    return {"badge": badge_of(due or None, paused_since or None, met_on or None, bool(provisional))}


@register.filter
def shown(value: Any, known: Known) -> str:
    """A setting's value as people read it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(known.choices.get(each, each) for each in value) or "无"
    return str(value)
