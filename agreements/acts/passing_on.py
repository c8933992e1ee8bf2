"""A major change goes from the district agency, where it was filed, to the city agency (M40.1, P37.1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from agreements.acts.changing import waiting
from agreements.acts.common import ALIVE, AgreementAct, iso, paper, term_of
from agreements.changes import fields_of
from agreements.matters import Change
from agreements.term import Term
from applications.papers import agency_of
from casework.acts import register
from casework.context import Context
from casework.inputs import ActForm, LinesField
from casework.refusals import Refusal


def to_pass_on(term: Term) -> list[Change]:
    """Major changes not decided on and still with the district, the oldest first."""
    return [each for each in waiting(term.changes) if each.major and each.passed_on is None]


class PassOnForm(ActForm):
    field = forms.ChoiceField(label="变更事项(空为最早申报的一项)", required=False)
    items = LinesField(label="须补正的材料(每行一项;空为材料齐全,转报市经办机构)", required=False)
    opinion = forms.CharField(label="区经办机构意见", required=False, widget=forms.Textarea, max_length=1000)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["field"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", ""), *fields_of(self.subject.institution.kind).items()]


@register
class PassOnChange(AgreementAct):
    """The district agency looks through the papers: it asks for what is missing, or passes the change on. The city agency need not wait."""

    word = "pass_on_change"
    title = "转报信息变更"
    clauses = ("M40.1",)
    roles = ("district_agency",)
    sources = ALIVE
    writes = ("change_passed_on", "change_supplement_asked")
    papers = (19,)
    form = PassOnForm

    def available(self, subject: Any) -> bool:
        return subject.state in self.sources and bool(to_pass_on(subject.term()))

    @staticmethod
    def chosen(context: Context) -> Change | None:
        name = context.data["field"]
        return next((each for each in to_pass_on(term_of(context)) if not name or each.field == name), None)

    def guard(self, context: Context) -> Iterable[Refusal]:
        if context.subject.state in self.sources and self.chosen(context) is None:
            yield Refusal("state", "没有待转报的重大信息变更。")

    def effect(self, context: Context) -> None:
        change, items = self.chosen(context), context.data["items"]
        assert change is not None
        if not items:
            context.fact("change_passed_on", of=change.id, opinion=context.data["opinion"])
            return
        context.fact("change_supplement_asked", of=change.id, items=items)
        reported = context.subject.facts.get(pk=change.id).data
        row = {"field": fields_of(context.institution.kind)[change.field], "before": reported["before"], "after": reported["shown"]}
        wanted = [{"what": each, "wrong": "未提交或者不符合要求", "required": "补正后提交"} for each in items]
        told = paper(context, variant="supplement", changes=[row], items=wanted, requested_on=iso(change.on))
        context.issue(19, told, issuer=agency_of(context.institution))
