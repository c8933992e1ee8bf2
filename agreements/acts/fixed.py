"""The annual agreement next to a fixed one, for hospitals of good standing (M41.4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from agreements.acts.common import IN_FORCE, AgreementAct, term_of
from agreements.acts.making import create
from casework.acts import register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal
from deadlines.periods import term_last_day


class AnnualForm(ActForm):
    from_on = forms.DateField(label="年度协议第一日(空为当日)", required=False)
    to_on = forms.DateField(label="年度协议最后一日(空为1年,不超过固定协议)", required=False)


@register
class SignAnnual(AgreementAct):
    """A short annual agreement under a fixed one; it lives and dies with it."""

    word = "sign_annual"
    title = "签订年度协议（固定协议之下）"
    clauses = ("M41.4",)
    roles = ("city_agency",)
    sources = IN_FORCE
    writes = ("signed",)
    papers = (16,)
    signatures = 2
    grave = True
    form = AnnualForm

    def available(self, subject: Any) -> bool:
        return subject.state in self.sources and subject.kind == "fixed"

    def guard(self, context: Context) -> Iterable[Refusal]:
        data, term = context.data, term_of(context)
        data["from_on"] = data["from_on"] or context.on
        data["to_on"] = data["to_on"] or min(term_last_day(data["from_on"], 1), term.ended_on)
        if context.subject.kind != "fixed":
            yield context.refuse("M41.4", "只在固定协议之下另签年度协议。")
        if data["from_on"] < context.on or data["to_on"] < data["from_on"] or data["to_on"] > term.ended_on:
            yield context.refuse("M41.4", f"年度协议应自今天或以后开始,不超过固定协议的最后一日{term.ended_on}。")

    def effect(self, context: Context) -> None:
        first, last = context.data["from_on"], context.data["to_on"]
        annual = create(context, context.subject, kind="annual", first=first, last=last, main=context.subject)
        context.log["agreement"] = annual.pk
