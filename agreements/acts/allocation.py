"""Places for a kind and year, decided by the city bureau (M4)."""

from __future__ import annotations

from django import forms

from agreements.models import INSTITUTION_KINDS, Allocation
from casework.acts import Act, register
from casework.context import Context
from casework.inputs import RuleForm
from offices.models import District


class AllocationForm(RuleForm):
    kind = forms.ChoiceField(label="机构类别", choices=INSTITUTION_KINDS)
    places = forms.IntegerField(label="名额", min_value=0, max_value=1_000_000)
    year = forms.IntegerField(label="年度", min_value=2022, max_value=2100)
    district = forms.ModelChoiceField(District.objects.all(), label="区(空为全市)", required=False)


@register
class SetAllocation(Act):
    """Allocate places; a later row replaces an earlier one, which stays on record."""

    word = "set_allocation"
    title = "下达资源配置"
    clauses = ("M4",)
    roles = ("city_bureau",)
    form = AllocationForm

    def effect(self, context: Context) -> None:
        data = context.data
        Allocation.objects.create(
            kind=data["kind"], year=data["year"], district=data["district"], places=data["places"],
            act_id=context.record_id, recorded_at=context.at,
        )  # fmt: skip
