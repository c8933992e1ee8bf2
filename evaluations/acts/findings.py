"""A finding with evidence for every listed item, in writing or on site (M9.3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from applications.models import Application
from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal
from evaluations.models import Finding


class FindingForm(ActForm):
    item = forms.ChoiceField(label="评估项目", error_messages={"invalid_choice": "评估细则中没有这一项。"})
    met = forms.BooleanField(label="符合", required=False)
    mode = forms.ChoiceField(label="方式", choices=[("on_site", "现场"), ("written", "书面")], required=False)
    evidence = forms.CharField(label="依据和证据", widget=forms.Textarea, max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        evaluation = self.subject.evaluations.order_by("-round").first()
        item = self.fields["item"]
        assert isinstance(item, forms.ChoiceField)
        item.choices = [(each["code"], each["title"]) for each in evaluation.rubric.items] if evaluation else []


@register
class RecordFinding(Act):
    """Record one item's finding; done by the office that was commissioned, or by the city agency itself."""

    word = "record_finding"
    title = "记录评估意见"
    subject = Application
    clauses = ("M9.3",)
    roles = ("city_agency", "third_party", "district_agency")
    sources = ("evaluating",)
    form = FindingForm

    def guard(self, context: Context) -> Iterable[Refusal]:
        evaluation = context.subject.evaluations.order_by("-round").first()
        if context.actor.role != "city_agency" and (evaluation is None or evaluation.commissioned_to_id != context.actor.office_id):
            yield Refusal("permission", "未受委托的机构不能记录评估意见。")

    def effect(self, context: Context) -> None:
        evaluation, data = context.subject.evaluations.latest("round"), context.data
        evaluation.findings.filter(item=data["item"], replaced_at__isnull=True).update(replaced_at=context.at)
        Finding.objects.create(
            evaluation=evaluation, item=data["item"], met=data["met"], mode=data["mode"] or "on_site", evidence=data["evidence"],
            recorded_by_id=context.actor.user_id, recorded_at=context.at,
        )  # fmt: skip
