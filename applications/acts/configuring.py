"""What the city bureau sets about applications, each from a day on: listed materials (M7, P6), further conditions (M6.6, P5.7).

Nothing is rewritten: a changed material is a new row from its day, the earlier one ends the day before. Applications keep the
list of the day they were filed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Q, QuerySet

from applications.models import ConditionRule, MaterialSlot
from casework.acts import Act, register
from casework.context import Context
from casework.inputs import LinesField, RuleForm
from casework.refusals import Refusal
from institutions.models import Kind

CODE = RegexValidator(r"^[A-Za-z0-9()_-]{1,20}$", "编号只用字母、数字、括号和横线。")


class _Set(Act):
    """A new version of a row, known by kind and ``key``; the one that would overlap ends the day before."""

    roles = ("city_bureau",)
    rows: ClassVar[type[MaterialSlot | ConditionRule]]
    key: ClassVar[str]
    taken: ClassVar[str]

    def guard(self, context: Context) -> Iterable[Refusal]:
        from_on = context.data["from_on"]
        yield from _past(context, from_on)
        if self._versions(context).filter(from_on__gte=from_on).exists():
            yield Refusal("state", self.taken)

    def effect(self, context: Context) -> None:
        from_on = context.data["from_on"]
        running = self._versions(context).filter(Q(to_on__isnull=True) | Q(to_on__gte=from_on))
        running.update(to_on=from_on - timedelta(days=1))
        self.rows.objects.create(**{name: value for name, value in context.data.items() if name != "reason"})

    def _versions(self, context: Context) -> QuerySet[Any]:
        return self.rows.objects.filter(**{name: context.data[name] for name in ("kind", self.key)})


class _End(Act):
    """A row holds no longer after its last day."""

    roles = ("city_bureau",)
    chosen: ClassVar[str]  # the field of the form that names the row

    def guard(self, context: Context) -> Iterable[Refusal]:
        return _past(context, context.data["to_on"])

    def effect(self, context: Context) -> None:
        row = context.data[self.chosen]
        row.to_on = max(context.data["to_on"], row.from_on)
        row.save(update_fields=["to_on"])


def _past(context: Context, day: date) -> Iterable[Refusal]:
    """From today on at the earliest, so that nothing already filed is judged by it."""
    if day < context.on:
        yield Refusal("state", "不能早于今天：已经提交的申请按原规定办理。", context.on)


class SlotForm(RuleForm):
    kind = forms.ChoiceField(label="机构类别", choices=Kind.choices)
    slot = forms.CharField(label="编号", max_length=20, validators=[CODE], help_text="沿用原编号即为修改，如 M7(6)、P6(8);新编号即为增加。")
    title = forms.CharField(label="材料名称", max_length=120)
    parts = LinesField(label="分项（每行一项）", required=False, help_text="须分别上传的，每行写一项；整体上传的不填。")
    hint = forms.CharField(label="说明", max_length=300, required=False)
    from_on = forms.DateField(label="自何日起")


@register
class SetSlot(_Set):
    """Add a listed material, or change it from a day on."""

    word = "set_slot"
    title = "增加或修改申请材料"
    clauses = ("M7",)
    form = SlotForm
    rows, key = MaterialSlot, "slot"
    taken = "该材料已有自这一日或其后起的版本。"


class EndSlotForm(RuleForm):
    slot = forms.ModelChoiceField(MaterialSlot.objects.filter(to_on__isnull=True), label="材料")
    to_on = forms.DateField(label="最后一日")


@register
class EndSlot(_End):
    """A listed material is asked for no longer."""

    word = "end_slot"
    title = "停用申请材料"
    clauses = ("M7",)
    form = EndSlotForm
    chosen = "slot"


class ConditionForm(RuleForm):
    kind = forms.ChoiceField(label="机构类别", choices=Kind.choices)
    code = forms.CharField(label="编号", max_length=20, validators=[CODE], help_text="沿用原编号即为修改，新编号即为增加。")
    title = forms.CharField(label="条件", max_length=200, help_text="写成申请机构可以逐条申明“符合”或“不符合”的一句话。")
    from_on = forms.DateField(label="自何日起")


@register
class SetCondition(_Set):
    """A further condition set at city level or above, or a new wording of one (M6.6, P5.7)."""

    word = "set_condition"
    title = "增加或修改市级条件"
    clauses = ("M6.6",)
    form = ConditionForm
    rows, key = ConditionRule, "code"
    taken = "该条件已有自这一日或其后起的版本。"


class EndConditionForm(RuleForm):
    condition = forms.ModelChoiceField(ConditionRule.objects.filter(to_on__isnull=True), label="条件")
    to_on = forms.DateField(label="最后一日")


@register
class EndCondition(_End):
    """A further condition holds no longer."""

    word = "end_condition"
    title = "停用市级条件"
    clauses = ("M6.6",)
    form = EndConditionForm
    chosen = "condition"
