"""An application ends before signing: withdrawn by the institution, closed by the agency with a reason."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from applications import papers
from applications.models import Application
from applications.road import sources_of
from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal


def over(context: Context) -> Iterable[Refusal]:
    """A second failure that has been served is the end of the matter: nothing is left to refuse, withdraw or close (M9.8)."""
    subject = context.subject
    if subject.state == "failed" and not subject.road().is_open(context.on):
        yield Refusal("state", "再次评估不合格已送达,申请已办结。")


class ReasonForm(ActForm):
    reason = forms.CharField(label="原因", widget=forms.Textarea, max_length=1000)


class OptionalReasonForm(ActForm):
    reason = forms.CharField(label="原因", widget=forms.Textarea, max_length=1000, required=False)


@register
class Withdraw(Act):
    """The institution takes its application back, any time before signing."""

    word = "withdraw"
    title = "撤回申请"
    subject = Application
    clauses = ("M10.1",)
    roles = ("institution",)
    writes = ("withdrawn",)
    sources = tuple(sources_of("withdrawn"))
    transition = "withdraw"
    form = OptionalReasonForm
    papers = (5,)

    def guard(self, context: Context) -> Iterable[Refusal]:
        return over(context)

    def effect(self, context: Context) -> None:
        filed = context.subject.filed_on is not None
        context.fact("withdrawn", reason=context.data["reason"])
        if filed:
            reason = context.data["reason"] or "申请人撤回"
            data = papers.base(context, variant="withdrawal", ended_on=context.on.isoformat(), reason=reason)
            context.issue(5, data, issuer=papers.agency_of(context.institution))


@register
class CloseApplication(Act):
    """The agency ends a matter with a stated reason: supplied papers still unfit, nothing supplied, the institution gone (R3)."""

    word = "close_application"
    title = "结束办理"
    subject = Application
    clauses = ("M8.2",)
    roles = ("district_agency",)
    writes = ("closed",)
    sources = tuple(sources_of("closed"))
    transition = "close"
    form = ReasonForm
    papers = (5,)
    grave = True

    def guard(self, context: Context) -> Iterable[Refusal]:
        return over(context)

    def effect(self, context: Context) -> None:
        context.fact("closed", reason=context.data["reason"])
        reason, ended_on = context.data["reason"], context.on.isoformat()
        context.issue(5, papers.base(context, variant="closing", ended_on=ended_on, reason=reason, remedies=True))
