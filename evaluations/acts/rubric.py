"""A finer evaluation rubric from a day on (M9.3, M9.9): the listed items stay, each may be split; past evaluations keep theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms

from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm, RowsField
from casework.refusals import Refusal
from evaluations.models import SPECIALTIES, Rubric
from evaluations.seeding import ITEMS
from institutions.models import Kind
from law.clauses import numbered

WHOLE = 100
YES_NO = [("yes", "必备"), ("no", "非必备")]


class RubricForm(ActForm):
    kind = forms.ChoiceField(label="机构类别", choices=Kind.choices)
    items = RowsField(
        {
            "code": ("编号", None), "title": ("项目", None), "specialty": ("专业", SPECIALTIES), "weight": ("权重", None),
            "mandatory": ("性质", YES_NO),
        },
        rows=10, label="评估项目",
    )  # fmt: skip
    from_on = forms.DateField(label="自何日起")
    remark = forms.CharField(label="修订说明", max_length=300, required=False)

    def clean_items(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for number, row in enumerate(self.cleaned_data["items"], 1):
            if not re.fullmatch(r"[a-z][a-z0-9-]{0,19}", row["code"]):
                raise forms.ValidationError(f"第{number}行：编号用小写字母开头，只含小写字母、数字和横线，最多20个字符。")
            if not row["title"] or not row["specialty"]:
                raise forms.ValidationError(f"第{number}行：请写明项目和专业。")
            if not re.fullmatch(r"\d{1,3}", row["weight"]):
                raise forms.ValidationError(f"第{number}行：权重应为0至{WHOLE}的整数。")
            rows.append({**row, "weight": int(row["weight"]), "mandatory": row["mandatory"] != "no"})
        codes = [row["code"] for row in rows]
        if len(codes) != len(set(codes)):
            raise forms.ValidationError("编号不能重复。")
        total = sum(row["weight"] for row in rows)
        if total != WHOLE:
            raise forms.ValidationError(f"权重合计应为{WHOLE},现为{total}。")
        return rows


@register
class PublishRubric(Act):
    """Publish the next version. Every item the Measures list must be there, whole or split (``rules``, ``rules-1`` …)."""

    word = "publish_rubric"
    title = "发布评估细则"
    clauses = ("M9.3", "M9.9")
    roles = ("city_agency",)
    form = RubricForm

    def guard(self, context: Context) -> Iterable[Refusal]:
        data = context.data
        if data["from_on"] < context.on:
            yield Refusal("state", "不能早于今天：已经组成小组的评估按原细则进行。", context.on)
        clause = numbered("M9.3", data["kind"])
        codes = [row["code"] for row in data["items"]]
        for listed in ITEMS[data["kind"]]:
            if not any(code == listed["code"] or code.startswith(f"{listed['code']}-") for code in codes):
                yield Refusal(clause, f"缺少法定评估内容“{listed['title']}”，编号应为{listed['code']}或以{listed['code']}-开头。")
        later = Rubric.objects.filter(kind=data["kind"], from_on__gt=data["from_on"]).first()
        if later is not None:
            yield Refusal("state", f"{later}已定于{later.from_on}起使用，新版本不能更早。")

    def effect(self, context: Context) -> None:
        data = context.data
        clause = numbered("M9.3", data["kind"])
        last = Rubric.objects.filter(kind=data["kind"]).order_by("-version").values_list("version", flat=True).first()
        rubric = Rubric.objects.create(
            kind=data["kind"], version=(last or 0) + 1, from_on=data["from_on"], remark=data["remark"],
            items=[{**row, "clause": clause} for row in data["items"]],
        )  # fmt: skip
        context.log = {"kind": rubric.kind, "version": rubric.version, "from_on": rubric.from_on, "remark": rubric.remark}
