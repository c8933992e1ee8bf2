"""Penalties and liabilities: recorded with their last day, and carried out (M12.3, M12.5, M12.6)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms

from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal
from institutions.models import Institution
from standing.bans import owed
from standing.reading import facts_of
from standing.recording import record

KINDS = {"penalty": "行政处罚", "liability": "违约责任", "termination": "解除协议时未履行完毕的责任"}


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
    what: ClassVar[str]
    of = forms.TypedChoiceField(label="履行的是哪一项(空为全部)", required=False, coerce=int, empty_value=None)
    remark = forms.CharField(label="依据", required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["of"]
        assert isinstance(field, forms.TypedChoiceField)
        open_ones = owed(facts_of(self.subject), self.what) if self.subject is not None else []
        field.choices = [("", "全部"), *((each.id, f"{each.on} {each.data.get('remark') or KINDS[each.kind]}") for each in open_ones)]


class PenaltyDoneForm(DoneForm):
    what = "penalty"


class LiabilityDoneForm(DoneForm):
    what = "liability"


class _Fulfil(_OfInstitution):
    """What is owed is carried out: bans that lasted for it end the same day (R4)."""

    what: ClassVar[str]

    def available(self, subject: Institution) -> bool:
        return bool(owed(facts_of(subject), self.what))

    def guard(self, context: Context) -> Iterable[Refusal]:
        if not self.available(context.subject):
            yield Refusal("state", f"没有尚未履行的{KINDS[self.what]}。")

    def effect(self, context: Context) -> None:
        of = {"of": context.data["of"]} if context.data["of"] else {}
        record(context, f"{self.what}_fulfilled", context.on, institution=context.subject, remark=context.data["remark"], **of)


@register
class FulfilPenalty(_Fulfil):
    """A penalty, or every one, is carried out (M12.3, M12.5)."""

    word = "fulfil_penalty"
    title = "登记行政处罚履行完毕"
    clauses = ("M12.3", "M12.5")
    what = "penalty"
    form = PenaltyDoneForm


@register
class FulfilLiability(_Fulfil):
    """The liability under the agreement is met (M12.6)."""

    word = "fulfil_liability"
    title = "登记违约责任履行完毕"
    clauses = ("M12.6",)
    what = "liability"
    form = LiabilityDoneForm
