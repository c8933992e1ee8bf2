"""Penalties and liabilities: recorded with their last day, and carried out (M12.3, M12.5, M12.6)."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal
from institutions.models import Institution
from standing.bans import owed
from standing.reading import facts_of
from standing.recording import record


class PenaltyForm(ActForm):
    by = forms.DateField(label="履行期限最后一日(空为已逾期)", required=False)
    remark = forms.CharField(label="处罚决定", required=False, max_length=500)


class _OfInstitution(Act):
    subject = Institution
    roles = ("city_agency",)
    signatures = 2

    def available(self, subject: Institution) -> bool:
        return True


@register
class ImposePenalty(_OfInstitution):
    """An administrative penalty; unfulfilled when its period has run out it bars (M12.3)."""

    word = "impose_penalty"
    title = "登记行政处罚"
    clauses = ("M12.3",)
    form = PenaltyForm

    def effect(self, context: Context) -> None:
        by = context.data["by"].isoformat() if context.data["by"] else None
        record(context, "penalty", context.on, institution=context.subject, by=by, remark=context.data["remark"])


class DoneForm(ActForm):
    remark = forms.CharField(label="依据", required=False, max_length=500)


@register
class FulfilPenalty(_OfInstitution):
    """Every penalty is carried out: bans that lasted for it end the same day (R4)."""

    word = "fulfil_penalty"
    title = "登记行政处罚履行完毕"
    clauses = ("M12.3", "M12.5")
    form = DoneForm

    def available(self, subject: Institution) -> bool:
        return owed(facts_of(subject), "penalty")

    def guard(self, context: Context) -> Iterable[Refusal]:
        if not owed(facts_of(context.subject), "penalty"):
            yield Refusal("state", "没有尚未履行的行政处罚。")

    def effect(self, context: Context) -> None:
        record(context, "penalty_fulfilled", context.on, institution=context.subject, remark=context.data["remark"])


@register
class FulfilLiability(_OfInstitution):
    """The liability under the agreement is met (M12.6)."""

    word = "fulfil_liability"
    title = "登记违约责任履行完毕"
    clauses = ("M12.6",)
    form = DoneForm

    def available(self, subject: Institution) -> bool:
        return owed(facts_of(subject), "liability")

    def guard(self, context: Context) -> Iterable[Refusal]:
        if not owed(facts_of(context.subject), "liability"):
            yield Refusal("state", "没有尚未履行的违约责任。")

    def effect(self, context: Context) -> None:
        record(context, "liability_fulfilled", context.on, institution=context.subject, remark=context.data["remark"])
