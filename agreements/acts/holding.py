"""Settlement and payment held and released (I17, M38.2, R8)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from agreements.acts.common import ALIVE, AgreementAct, iso, paper, term_of
from agreements.matters import Hold
from casework.acts import register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal


class RemarkForm(ActForm):
    reason = forms.CharField(label="事由", required=False, widget=forms.Textarea, max_length=1000)


@register
class DemandHold(AgreementAct):
    """The bureau demands that settlement and payment be held while the institution refuses to cooperate (I17)."""

    word = "demand_hold"
    title = "要求暂停结算拨付"
    clauses = ("I17",)
    roles = ("city_bureau",)
    sources = (*ALIVE, "expired", "terminated")
    writes = ("hold_demanded",)
    form = RemarkForm

    def guard(self, context: Context) -> Iterable[Refusal]:
        if open_hold(term_of(context).holds) is not None or term_of(context).hold_demanded_on is not None:
            yield Refusal("state", "已要求或已暂停结算拨付。")

    def effect(self, context: Context) -> None:
        context.fact("hold_demanded", reason=context.data["reason"])


def open_hold(holds: list[Hold]) -> Hold | None:
    """The hold that is not released."""
    return next((each for each in holds if each.released_on is None), None)


@register
class HoldSettlement(AgreementAct):
    """Settlement and payment are held from today: at the bureau's demand (I17), else by the agency itself (M38.2)."""

    word = "hold_settlement"
    title = "暂停结算拨付"
    clauses = ("I17", "M38.2")
    roles = ("city_agency",)
    sources = (*ALIVE, "expired", "terminated")
    writes = ("held",)
    papers = (26,)
    form = RemarkForm

    def available(self, subject: Any) -> bool:
        return subject.state in self.sources and open_hold(subject.term().holds) is None

    def guard(self, context: Context) -> Iterable[Refusal]:
        if open_hold(term_of(context).holds) is not None:
            yield Refusal("state", "结算拨付已暂停。")

    def effect(self, context: Context) -> None:
        demanded = term_of(context).hold_demanded_on
        clause = "M38.2" if demanded is None else "I17"
        context.fact("held", clause=clause, reason=context.data["reason"])
        told = {"clause": clause, "since": iso(context.on), "demanded_on": iso(demanded), "reason": context.data["reason"]}
        context.issue(26, paper(context, variant="hold", **told))


@register
class ReleaseHold(AgreementAct):
    """The hold ends; what was held is settled as if there had been none (R8)."""

    word = "release_hold"
    title = "恢复结算拨付"
    clauses = ("I17", "M38.2")
    roles = ("city_agency",)
    sources = (*ALIVE, "expired", "terminated")
    writes = ("hold_released",)
    papers = (26,)
    form = RemarkForm

    def available(self, subject: Any) -> bool:
        return subject.state in self.sources and open_hold(subject.term().holds) is not None

    def guard(self, context: Context) -> Iterable[Refusal]:
        if open_hold(term_of(context).holds) is None:
            yield Refusal("state", "结算拨付没有暂停。")

    def effect(self, context: Context) -> None:
        hold = open_hold(term_of(context).holds)
        assert hold is not None
        context.fact("hold_released", of=hold.id, reason=context.data["reason"])
        told = {"clause": hold.clause, "since": iso(hold.on), "released_on": iso(context.on), "reason": context.data["reason"]}
        context.issue(26, paper(context, variant="release", **told))
