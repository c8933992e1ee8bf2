"""What was decided is reported to the bureau of the same level (M49.2, documents.md 37)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from agreements import cascade
from agreements.acts.common import ALIVE, AgreementAct, iso, term_of
from casework.acts import register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal
from offices.models import Office


class ReportForm(ActForm):
    what = forms.ChoiceField(label="报告的处理", choices=[("suspension", "中止"), ("termination", "解除"), ("part", "科室、人员")])


@register
class ReportDecision(AgreementAct):
    """Report a suspension, termination or suspended part to the bureau of the same level (M49.2)."""

    word = "report_decision"
    title = "向医保行政部门报告"
    clauses = ("M49.2",)
    roles = ("city_agency",)
    sources = (*ALIVE, "expired", "terminated")
    writes = ("reported",)
    papers = (37,)
    form = ReportForm

    def available(self, subject: Any) -> bool:
        return any(unreported(subject, what) for what in ("suspension", "termination", "part"))

    def guard(self, context: Context) -> Iterable[Refusal]:
        if not unreported(context.subject, context.data["what"]):
            yield Refusal("state", "没有应报告而未报告的处理。")

    def effect(self, context: Context) -> None:
        what = context.data["what"]
        found = unreported(context.subject, what)
        for each in found:
            context.fact("reported", of=each)
        if what == "termination":
            return  # its report is issued with the decision itself (documents.md 37)
        measure = {"suspension": "中止医保协议", "part": "中止科室、人员结算"}[what]
        rows = [{**cascade.listed(context.subject, [], context.on), "grounds": self._grounds(context, found)}]
        bureau = Office.objects.filter(role="city_bureau", active=True).first()
        report = {"measure": measure, "institutions": rows, "decided_on": iso(context.on)}
        context.issue(37, report, recipient=bureau.name if bureau else "")

    @staticmethod
    def _grounds(context: Context, found: list[int]) -> list[str]:
        term = term_of(context)
        return [each.ground for each in term.suspensions if each.id in found and each.ground] or [context.clause("M45")]


def unreported(agreement: Any, what: str) -> list[int]:
    """Decisions of a kind not yet reported, by their facts."""
    term = agreement.term()
    made = {
        "suspension": [each.id for each in term.suspensions if each.imposed],
        "termination": [each.id for each in term.decisions if not each.at_request],
        "part": [each.id for each in term.parts],
    }[what]
    return [each for each in made if each not in term.reported]
