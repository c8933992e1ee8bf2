"""The agency goes no further with what it had told it intended (M38.6, documents.md 25)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from agreements.acts.common import ALIVE, AgreementAct, iso, term_of
from agreements.acts.hearing import basis
from agreements.announcing import about
from agreements.intentions import MEASURES, procedure, told_with, waiting
from agreements.matters import Intention
from agreements.models import Agreement
from casework.acts import register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal


class DropForm(ActForm):
    act = forms.ChoiceField(label="哪一项拟处理(只有一项时可空)", choices=[("", ""), *MEASURES.items()], required=False)
    reason = forms.CharField(label="不予处理的理由", widget=forms.Textarea, max_length=2000)


@register
class DropIntention(AgreementAct):
    """Told and perhaps heard, but no decision follows; branches told with it are told so too (R10)."""

    word = "drop_intention"
    title = "不予处理"
    clauses = ("M38.6",)
    roles = ("city_agency",)
    sources = ALIVE
    writes = ("intention_dropped",)
    papers = (25,)
    signatures = 2
    form = DropForm

    def available(self, subject: Any) -> bool:
        return subject.state in ALIVE and any(each.waits for each in subject.term().intentions)

    def institutions(self, subject: Agreement, data: dict[str, Any]) -> set[int]:
        return super().institutions(subject, data) | set(told_with(subject).values_list("agreement__institution", flat=True))

    def guard(self, context: Context) -> Iterable[Refusal]:
        found, act = chosen(context), context.data["act"]
        if len(found) != 1:
            none = f"没有待决定的拟{MEASURES[act]}告知。" if act else "没有待决定的拟处理告知。"
            yield Refusal("state", "有几项拟处理告知,请写明哪一项。" if found else none)
            return
        from_store = found[0].origin
        origin = Agreement.objects.select_related("institution").get(pk=from_store) if from_store is not None else None
        if origin is not None and waiting(origin.term(), found[0].act) is not None:
            yield Refusal("state", f"该告知随{origin.institution.name}的拟处理一并发出,由那里决定是否处理。")

    def effect(self, context: Context) -> None:
        (intention,) = chosen(context)
        self._drop(context, context.subject, intention)
        if intention.act != "terminate" or intention.origin is not None:
            return
        told = told_with(context.subject).values_list("agreement", flat=True)
        branches = Agreement.objects.select_for_update(of=("self",)).select_related("institution__district").filter(pk__in=told)
        for branch in branches.order_by("pk"):
            branch_told = waiting(branch.term(), "terminate", context.subject.pk)
            if branch_told is not None:
                self._drop(context, branch, branch_told)

    @staticmethod
    def _drop(context: Context, agreement: Agreement, intention: Intention) -> None:
        """The fact and the paper of one agreement."""
        reason = context.data["reason"]
        context.fact("intention_dropped", case=agreement, of=intention.id, reason=reason)
        notice = procedure(agreement, intention)["intended"]["number"]
        clause = basis(agreement.institution.kind, intention.act)
        told = {"told_on": intention.on.isoformat(), "heard_on": iso(intention.heard_on), "notice_number": notice}
        data = {**about(agreement), **told, "variant": "dropped", "measure": MEASURES[intention.act], "clause": clause, "reason": reason}
        context.issue(25, data, about=[agreement.institution_id], recipient=agreement.institution.name)


def chosen(context: Context) -> list[Intention]:
    """What may be meant: the own notice of a measure stands before the one that came with another store's."""
    open_ones = [each for each in term_of(context).intentions if each.waits and context.data["act"] in ("", each.act)]
    return [each for each in open_ones if each.origin is None] or open_ones
