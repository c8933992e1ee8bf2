"""Termination cases: opened where a major change was found that was never filed, closed where none is terminated (M43)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from agreements.acts.common import ALIVE, AgreementAct, own, owner_of, term_of, with_the_fixed
from agreements.grounds import SECOND_SUSPENSION
from casework.acts import register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal
from deadlines import clock


class OpenForm(ActForm):
    reason = forms.CharField(label="发现的情况", widget=forms.Textarea, max_length=2000)


@register
class OpenTerminationCase(AgreementAct):
    """A major change was found that was never filed: a termination case is opened (M43.6)."""

    word = "open_termination_case"
    title = "未办变更立案"
    clauses = ("M43.6", "M40.1")
    roles = ("city_agency",)
    sources = ALIVE
    writes = ("case_opened",)
    form = OpenForm

    def guard(self, context: Context) -> Iterable[Refusal]:
        yield from with_the_fixed(context)
        if any(each.ground == "M43(6)" and each.state(context.on) == "open" for each in term_of(context).cases):
            yield Refusal("state", "同一情形已立案。")

    def effect(self, context: Context) -> None:
        context.fact("case_opened", ground="M43(6)", reason=context.data["reason"])


class CloseForm(ActForm):
    reason = forms.CharField(label="理由", widget=forms.Textarea, max_length=1000)


@register
class CloseTerminationCase(AgreementAct):
    """A termination case ends without a termination; an agreement kept suspended by a failed rectification goes on tomorrow (R6)."""

    word = "close_termination_case"
    title = "解除立案结案（不解除）"
    clauses = ("M43.1", "M43")
    roles = ("city_agency",)
    sources = ALIVE
    writes = ("case_closed",)
    signatures = 2
    grave = True
    form = CloseForm

    def available(self, subject: Any) -> bool:
        return subject.state in self.sources and any(each.state(clock.today()) == "open" for each in subject.term().all_cases)

    def guard(self, context: Context) -> Iterable[Refusal]:
        if not any(each.state(context.on) == "open" for each in term_of(context).all_cases):
            yield Refusal("state", "没有待决定的解除立案。")

    def effect(self, context: Context) -> None:
        case = next(each for each in term_of(context).all_cases if each.state(context.on) == "open")
        context.fact("case_closed", case=owner_of(context.subject, case), of=case.id, reason=context.data["reason"])
        context.log["ground"] = own(context, case.ground or SECOND_SUSPENSION)
