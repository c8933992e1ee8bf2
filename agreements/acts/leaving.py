"""Termination at the institution's request and the full check before it takes effect (M43(12), M44, I12, R9)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from agreements.acts.common import ALIVE, IN_FORCE, AgreementAct, iso, own, owner_of, paper, term_of, through, with_the_fixed
from agreements.acts.requesting import AnswerForm, public_hospital, warn_public_hospital
from agreements.announcing import CLEARING
from agreements.grounds import AT_REQUEST, NONE
from agreements.matters import TerminationRequest
from agreements.voluntary import earliest_effect, in_time
from casework.acts import register
from casework.context import Context
from casework.inputs import ActForm, LinesField
from casework.refusals import Refusal
from deadlines import clock
from standing.recording import record


def open_request(requests: list[TerminationRequest]) -> TerminationRequest | None:
    """The request to leave that waits for its decision."""
    return next((each for each in reversed(requests) if each.waits), None)


class TerminationRequestForm(ActForm):
    effective_on = forms.DateField(label="解除生效日(至少3个月之后)", required=False)
    reason = forms.CharField(label="原因", required=False, widget=forms.Textarea, max_length=1000)


@register
class RequestTermination(AgreementAct):
    """The institution asks to end the agreement, at least 3 months ahead (M44.1)."""

    word = "request_termination"
    title = "申请解除协议"
    clauses = ("M44.1", "M44.2")
    roles = ("institution",)
    sources = IN_FORCE
    writes = ("termination_requested",)
    form = TerminationRequestForm

    def guard(self, context: Context) -> Iterable[Refusal]:
        data = context.data
        data["effective_on"] = data["effective_on"] or earliest_effect(context.on)
        yield from with_the_fixed(context)
        if not in_time(context.on, data["effective_on"]):
            yield context.refuse("M44.1", f"须提前3个月提出,今天提出的最早自{earliest_effect(context.on)}起解除。")
        if context.subject.state not in self.sources:
            yield Refusal("state", "协议不在有效期内,不能申请解除。")
            return
        term = term_of(context)
        if open_request(term.all_requests) is not None:
            yield Refusal("state", "已有一份待决定的解除申请。")
        if data["effective_on"] > through(context)[0]:
            yield Refusal("state", f"协议至{through(context)[0]}止,届时自行终止,不必申请解除。")

    def effect(self, context: Context) -> None:
        context.fact("termination_requested", effective=iso(context.data["effective_on"]), reason=context.data["reason"])
        warn_public_hospital(context)


@register
class DecideTermination(AgreementAct):
    """The city agency answers the request to leave (M43(12), M44)."""

    word = "decide_termination"
    title = "答复解除申请"
    clauses = ("M43", "M44.1", "M44.2", "I12")
    roles = ("city_agency",)
    sources = IN_FORCE
    writes = ("termination_decided",)
    papers = (29,)
    signatures = 2
    grave = True
    form = AnswerForm

    def available(self, subject: Any) -> bool:
        return subject.state in IN_FORCE and open_request(subject.term().all_requests) is not None

    def guard(self, context: Context) -> Iterable[Refusal]:
        yield from public_hospital(context, context.data["granted"])
        if context.subject.state in self.sources and open_request(term_of(context).all_requests) is None:
            yield Refusal("state", "没有待决定的解除申请。")

    def effect(self, context: Context) -> None:
        data, term = context.data, term_of(context)
        request = open_request(term.all_requests)
        assert request is not None
        # Decided late, the first day out is not before the day of the decision.
        effective = max(request.effective, context.on)
        reasons = {"reason": data["reason"], "exception_reason": data["exception_reason"]}
        owner = owner_of(context.subject, request)
        context.fact("termination_decided", case=owner, of=request.id, granted=data["granted"], effective=iso(effective), **reasons)
        if data["granted"]:
            ground = own(context, AT_REQUEST)
            known: dict[str, Any] = {"natures": [NONE], "grounds": [ground], "decided_on": iso(context.on)}
            record(context, "termination", effective, institution=context.institution, **known)
        answer = {"variant": "granted" if data["granted"] else "refused", "request": "termination", "requested_on": iso(request.on)}
        more = {name: text for name, text in reasons.items() if text}
        if term.open_check(context.on):
            more["full_check"] = "全面核查未结束前,解除不发生效力。"
        context.issue(29, paper(context, **answer, effective_on=iso(effective), clearing=CLEARING, **more))


class CheckForm(ActForm):
    scope = LinesField(label="核查范围(每行一项)", required=False)
    reason = forms.CharField(label="理由", required=False, max_length=1000)


@register
class OrderFullCheck(AgreementAct):
    """A full check of costs before a voluntary exit takes effect (I12)."""

    word = "order_full_check"
    title = "启动退出全面核查"
    clauses = ("I12",)
    roles = ("city_agency",)
    sources = ALIVE
    writes = ("full_check_ordered",)
    papers = (33,)
    form = CheckForm

    def available(self, subject: Any) -> bool:
        return subject.state in self.sources and not subject.term().open_check(clock.today())

    def guard(self, context: Context) -> Iterable[Refusal]:
        if context.subject.state in self.sources and term_of(context).open_check(context.on):
            yield Refusal("state", "全面核查尚未结束。")

    def effect(self, context: Context) -> None:
        context.fact("full_check_ordered", scope=context.data["scope"])
        scope = context.data["scope"] or ["协议期内发生的医保费用"]
        term = context.subject
        span = {"first_day": iso(term.first_day), "last_day": iso(context.on)}
        context.issue(33, paper(context, variant="notice", scope=scope, reason=context.data["reason"], **span))


class CheckResultForm(ActForm):
    items = LinesField(label="须处理的问题(每行一项;空为没有或已处理完毕,核查结束)", required=False)


@register
class CloseFullCheck(AgreementAct):
    """What it found keeps the check open until dealt with; then the exit can take effect, from tomorrow if its day has passed (I12, R9)."""

    word = "close_full_check"
    title = "全面核查结论"
    clauses = ("I12",)
    roles = ("city_agency",)
    sources = ("pending", "active", "suspended", "expired", "terminated")
    writes = ("full_check_found", "full_check_closed")
    papers = (33,)
    form = CheckResultForm

    def available(self, subject: Any) -> bool:
        return subject.state in self.sources and subject.term().open_check(clock.today())

    def guard(self, context: Context) -> Iterable[Refusal]:
        if not term_of(context).open_check(context.on):
            yield Refusal("state", "没有进行中的全面核查。")

    def effect(self, context: Context) -> None:
        found = context.data["items"]
        facts = context.subject.facts.filter(voided_at__isnull=True)
        before = facts.filter(kind="full_check_found", pk__gt=facts.filter(kind="full_check_ordered").latest("pk").pk).last()
        if found:
            context.fact("full_check_found", items=found)
        else:
            context.fact("full_check_closed")
        dealt_with = before.data["items"] if before is not None and not found else []
        items = [{"what": line, "required": "须先处理完毕"} for line in found]
        if dealt_with:
            closing = f"核查发现的问题（{'、'.join(dealt_with)}）已处理完毕，可以办理解除或者不再续签医保协议的手续。"
            context.issue(33, paper(context, variant="outcome", found=False, checked_on=iso(context.on), conclusion=closing))
            return
        context.issue(33, paper(context, variant="outcome", found=bool(found), checked_on=iso(context.on), items=items))
