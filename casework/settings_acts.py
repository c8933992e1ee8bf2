"""Acts on what holds for every case and belongs to none: the working-day table (R1)."""

from __future__ import annotations

from django import forms

from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm
from deadlines.calendar_changes import overrule


class DayForm(ActForm):
    day = forms.DateField(label="日期")
    working = forms.BooleanField(label="是工作日", required=False)
    reason = forms.CharField(label="理由", max_length=500)


@register
class SetDay(Act):
    """State whether one day is a working day, against any arrangement; the deadlines of open cases follow after the commit."""

    word = "set_day"
    title = "改定工作日"
    clauses = ("R1",)
    roles = ("city_bureau", "administrator")
    form = DayForm

    def effect(self, context: Context) -> None:
        overrule(context.data["day"], context.data["working"], context.actor, context.data["reason"])
