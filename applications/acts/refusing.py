"""Refusal by document with two signatures (M12, M5–M6, R3, R15)."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from applications import entry, papers
from applications.acts.ending import over
from applications.models import Application
from applications.road import AFTER_ACCEPTANCE
from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal
from law.clauses import numbered
from standing.reading import bans_of

# What only a person can judge: non-basic services, prices, another legal ground; and attested conditions.
JUDGED = {
    "hospital": {
        "M12.1": "以非基本医疗服务为主要执业范围",
        "M12.2": "基本医疗服务未执行医药价格政策",
        "M12.9": "法律法规规定的其他不予受理情形",
        "M6.4": "内部管理制度不符合要求",
        "M6.5": "信息系统不符合要求",
        "M6.6": "不符合市级规定的其他条件",
    },
    "pharmacy": {
        "P11.7": "法律法规规定的其他不予受理情形",
        "P5.4": "药品分类分区管理或医保用药标识不符合要求",
        "P5.5": "内部管理制度不符合要求",
        "P5.6": "信息系统不符合要求",
        "P5.7": "不符合市级规定的其他条件",
    },
}
SEEN = {
    "hospital": ["M5", "M5.2", "M6.1", "M6.2", "M6.3", "M9.7", "M9.8", *(f"M12.{n}" for n in range(3, 9))],
    "pharmacy": ["P5", "P5.1", "P5.2", "P5.3", "P8.7", "P8.8", *(f"P11.{n}" for n in range(1, 7))],
}
BARS = {"M9.8", *(f"M12.{n}" for n in range(3, 9)), "P8.8", *(f"P11.{n}" for n in range(1, 7))}


class RefuseForm(ActForm):
    ground = forms.MultipleChoiceField(label="不予受理的情形")
    evidence = forms.CharField(label="认定的事实和证据", required=False, widget=forms.Textarea, max_length=2000)

    def __init__(self, *args: object, **kwargs: object):
        super().__init__(*args, **kwargs)
        kind = self.subject.institution.kind
        field = self.fields["ground"]
        assert isinstance(field, forms.MultipleChoiceField)
        seen = [(clause, f"{clause} 系统可核的情形") for clause in SEEN[kind]]
        field.choices = [*((clause, f"{clause} {title}") for clause, title in JUDGED[kind].items()), *seen]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        judged = set(cleaned.get("ground", [])) & set(JUDGED[self.subject.institution.kind])
        if judged and not cleaned.get("evidence"):
            self.add_error("evidence", "由人判断的情形须写明事实和证据。")
        return cleaned


@register
class Refuse(Act):
    """Refuse; each ground the system can check must hold, after acceptance only bars count (R3)."""

    word = "refuse"
    title = "不予受理"
    subject = Application
    clauses = ("M12.1", "M12.2", "M12.3", "M12.4", "M12.5", "M12.6", "M12.7", "M12.8", "M12.9", "M5", "M6.1", "M6.2", "M6.3")
    roles = ("district_agency",)
    writes = ("refused",)
    sources = ("submitted", "supplementing", "accepted", "evaluating", "passed", "failed", "rectifying", "public_notice", "negotiating")
    transition = "refuse"
    signatures = 2
    collective = True
    form = RefuseForm
    papers = (4,)
    grave = True

    def guard(self, context: Context) -> Iterable[Refusal]:
        holding = {refusal.clause for refusal in self.holding(context)}
        kind = context.institution.kind
        yield from over(context)
        for ground in context.data["ground"]:
            clause = numbered(ground, kind)
            if context.subject.state in AFTER_ACCEPTANCE and clause not in BARS:
                yield Refusal(clause, f"受理之后只能因不予受理的禁止情形结束申请,{clause}不在其内。")
                yield Refusal("state", "已受理的申请不能以此情形不予受理。")
            elif clause not in JUDGED[kind] and clause not in holding:
                yield Refusal(clause, f"经系统核对,{clause}的情形目前不存在。")

    @staticmethod
    def holding(context: Context) -> list[Refusal]:
        """Bars of today and conditions of the filing day: what the system can see for itself."""
        road = context.subject.road()
        filed = context.subject.facts.filter(kind="filed", voided_at__isnull=True).last()
        sentences = filed.data.get("unmet_sentences", {}) if filed else {}
        conditions = [Refusal(clause, sentences.get(clause, clause)) for clause in road.unmet]
        return [*entry.bars(context.institution, context.on), *entry.gate(context.institution, context.on), *conditions]

    def effect(self, context: Context) -> None:
        kind = context.institution.kind
        chosen = [numbered(ground, kind) for ground in context.data["ground"]]
        known = {refusal.clause: refusal for refusal in self.holding(context)}
        met = [known.get(clause) or Refusal(clause, JUDGED[kind].get(clause, clause)) for clause in chosen]
        context.fact("refused", grounds=chosen, served_on=context.on.isoformat())
        rows = papers.grounds(met, context.data["evidence"], bans_of(context.institution, context.on))
        context.issue(4, papers.base(context, grounds=rows, remedies=True))
