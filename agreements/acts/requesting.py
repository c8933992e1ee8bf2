"""Suspension at the institution's request, resumption, and the lapse after day 180 (M42.2, M42.4, M42.5, M44, R6, R9, R14)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms

from agreements.acts.common import AgreementAct, iso, outside, owner_of, paper, running, term_of, with_the_fixed
from agreements.suspensions import MOST_DAYS, Suspension
from agreements.voluntary import earliest_effect, in_time
from casework.acts import register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal
from deadlines import clock
from deadlines.periods import status_last_day
from institutions.models import Ownership


def open_request(suspensions: list[Suspension]) -> Suspension | None:
    """The request to suspend that waits for its decision."""
    return next((each for each in reversed(suspensions) if each.waits), None)


def shared(suspensions: Iterable[Suspension], first: date) -> Iterable[Refusal]:
    """Suspensions never share a day (R6): none at request begins in an imposed one, or where another at request goes on or would be met.

    One at request may go on to its day 180, whatever was granted. An imposed one that begins during it ends it the day before.
    """
    last = status_last_day(first, MOST_DAYS)
    for each in suspensions:
        met = each.covers(first) or (not each.imposed and each.stands and first <= each.first_day <= last)
        if met:
            until = f"至{each.last_day}" if each.last_day else ""
            yield Refusal("state", f"自{each.first_day}{until}已有一次中止(依申请的可至第{MOST_DAYS}日),期间不能重叠。")


def is_public_hospital(institution: Any) -> bool:
    """A public hospital as a rule may not leave or suspend of its own will (M44.2)."""
    return bool(institution.kind == "hospital" and institution.ownership == Ownership.PUBLIC)


def public_hospital(context: Context, granted: bool) -> Iterable[Refusal]:
    """Granting needs an exception reason (M44.2)."""
    if granted and is_public_hospital(context.institution) and not context.data["exception_reason"]:
        yield context.refuse("M44.2", "公立医疗机构原则上不得主动提出;同意的,须写明例外理由。")


def warn_public_hospital(context: Context) -> None:
    if is_public_hospital(context.institution):
        context.log["warnings"] = ["公立医疗机构原则上不得主动提出(M44.2),市经办机构一般不予同意。"]


class SuspensionRequestForm(ActForm):
    from_on = forms.DateField(label="中止第一日(至少3个月之后)", required=False)
    days = forms.IntegerField(label="中止天数(最多180日)", min_value=1, max_value=100_000, required=False)
    reason = forms.CharField(label="原因", required=False, widget=forms.Textarea, max_length=1000)


@register
class RequestSuspension(AgreementAct):
    """The institution asks for a suspension, at least 3 months ahead, for at most 180 days (M42.4, M44.1)."""

    word = "request_suspension"
    title = "申请中止协议"
    clauses = ("M42.4", "M44.1", "M44.2")
    roles = ("institution",)
    sources = ("active",)
    writes = ("suspension_requested",)
    form = SuspensionRequestForm

    def guard(self, context: Context) -> Iterable[Refusal]:
        data = context.data
        data["from_on"] = data["from_on"] or earliest_effect(context.on)
        data["days"] = data["days"] or MOST_DAYS
        yield from with_the_fixed(context)
        if not in_time(context.on, data["from_on"]):
            first = earliest_effect(context.on)
            yield context.refuse("M44.1", f"须提前3个月提出,今天提出的最早自{first}起中止。")
        if data["days"] > MOST_DAYS:
            yield context.refuse("M42.4", f"中止不得超过{MOST_DAYS}日。")
        if context.subject.state not in self.sources:
            yield Refusal("state", "协议不在履行中,不能申请中止。")
            return
        term = term_of(context)
        if open_request(term.all_suspensions) is not None:
            yield Refusal("state", "已有一份待决定的中止申请。")
        yield from outside(context, data["from_on"], "中止的第一日在其之后")
        yield from shared(term.all_suspensions, data["from_on"])

    def effect(self, context: Context) -> None:
        first = context.data["from_on"]
        span: dict[str, Any] = {"from": iso(first), "to": iso(status_last_day(first, context.data["days"]))}
        context.fact("suspension_requested", reason=context.data["reason"], **span)
        warn_public_hospital(context)


class AnswerForm(ActForm):
    granted = forms.BooleanField(label="同意", required=False)
    exception_reason = forms.CharField(label="公立医疗机构例外理由", required=False, max_length=1000)
    reason = forms.CharField(label="理由(不同意的须写明)", required=False, widget=forms.Textarea, max_length=1000)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("granted") and not data.get("reason"):
            self.add_error("reason", "不同意的,须写明理由。")
        return data


@register
class DecideSuspension(AgreementAct):
    """The city agency answers the request (M42.4, M44.1)."""

    word = "decide_suspension"
    title = "答复中止申请"
    clauses = ("M42.4", "M44.1", "M44.2")
    roles = ("city_agency",)
    sources = ("active",)
    writes = ("suspension_decided",)
    papers = (29,)
    signatures = 2
    form = AnswerForm

    def available(self, subject: Any) -> bool:
        return subject.state in self.sources and open_request(subject.term().all_suspensions) is not None

    def guard(self, context: Context) -> Iterable[Refusal]:
        yield from public_hospital(context, context.data["granted"])
        if context.subject.state not in self.sources:
            return
        request = open_request(term_of(context).all_suspensions)
        if request is None:
            yield Refusal("state", "没有待决定的中止申请。")
        elif context.data["granted"]:
            yield from shared(term_of(context).all_suspensions, max(request.first_day, context.on))

    def effect(self, context: Context) -> None:
        data, request = context.data, open_request(term_of(context).all_suspensions)
        assert request is not None
        # Decided late, it begins on the day of the decision: what was served before stays served.
        first = max(request.first_day, context.on)
        last = first + (request.stated_last - request.first_day)
        reasons: dict[str, Any] = {"reason": data["reason"], "exception_reason": data["exception_reason"]}
        span: dict[str, Any] = {"from": iso(first), "to": iso(last)}
        context.fact(
            "suspension_decided", case=owner_of(context.subject, request), of=request.id, granted=data["granted"], **span, **reasons
        )
        days = {"first_day": iso(first), "last_day": iso(last), "day_180": iso(status_last_day(first, MOST_DAYS))}
        answer = {
            "variant": "granted" if data["granted"] else "refused",
            "request": "suspension",
            "requested_on": iso(request.requested_on),
        }
        context.issue(29, paper(context, **answer, **days, **{name: text for name, text in reasons.items() if text}))


@register
class RequestResumption(AgreementAct):
    """The institution asks to go on, through day 180 (M42.2, M42.5)."""

    word = "request_resumption"
    title = "申请恢复履行"
    clauses = ("M42.2", "M42.5")
    roles = ("institution",)
    sources = ("suspended",)
    writes = ("resumption_requested",)

    def available(self, subject: Any) -> bool:
        if subject.state != "suspended":
            return False
        suspension = subject.term().suspension(clock.today(), imposed=False)
        return suspension is not None and suspension.resumption_on is None

    def guard(self, context: Context) -> Iterable[Refusal]:
        if context.subject.state != "suspended":
            return
        suspension = running(context, imposed=False)
        if suspension is None:
            yield Refusal("state", "目前不是依申请的中止。")
        elif suspension.resumption_on is not None:
            yield Refusal("state", f"已于{suspension.resumption_on}申请恢复履行。")

    def effect(self, context: Context) -> None:
        suspension = running(context, imposed=False)
        assert suspension is not None
        context.fact("resumption_requested", case=owner_of(context.subject, suspension), of=suspension.id)
        context.touch(context.subject)


@register
class Resume(AgreementAct):
    """The city agency confirms: suspended through today, in force from tomorrow (R6)."""

    word = "resume"
    title = "确认恢复履行"
    clauses = ("M42.2",)
    roles = ("city_agency",)
    sources = ("suspended",)
    writes = ("resumed",)
    papers = (31,)

    def available(self, subject: Any) -> bool:
        if subject.state != "suspended":
            return False
        suspension = subject.term().suspension(clock.today(), imposed=False)
        return suspension is not None and suspension.resumption_on is not None

    def guard(self, context: Context) -> Iterable[Refusal]:
        if context.subject.state != "suspended":
            return
        suspension = running(context, imposed=False)
        if suspension is None:
            yield Refusal("state", "目前不是依申请的中止。")
        elif suspension.resumption_on is None:
            yield Refusal("state", "机构尚未申请恢复履行。")
        elif suspension.resumed_on is not None:
            yield Refusal("state", "恢复履行已确认。")

    def effect(self, context: Context) -> None:
        suspension = running(context, imposed=False)
        assert suspension is not None
        context.fact("resumed", case=owner_of(context.subject, suspension), of=suspension.id)
        tomorrow = context.on + timedelta(days=1)
        days = {"first_day": iso(suspension.first_day), "last_day": iso(context.on), "effective_on": iso(tomorrow)}
        context.issue(31, paper(context, **days))


class PreventForm(ActForm):
    to_on = forms.DateField(label="另定的终止日")
    reason = forms.CharField(label="理由", widget=forms.Textarea, max_length=1000)


@register
class PreventLapse(AgreementAct):
    """Recorded before day 180: the agreement is not to lapse then but on a later day, should nobody ask to resume (M42.5, R14)."""

    word = "prevent_lapse"
    title = "另定自动终止日"
    clauses = ("M42.5", "R14")
    roles = ("city_agency",)
    sources = ("suspended",)
    writes = ("lapse_prevented",)
    signatures = 2
    grave = True
    form = PreventForm

    def available(self, subject: Any) -> bool:
        return subject.state == "suspended" and subject.term().suspension(clock.today(), imposed=False) is not None

    def guard(self, context: Context) -> Iterable[Refusal]:
        suspension, to = running(context, imposed=False), context.data["to_on"]
        if context.subject.state != "suspended" or suspension is None or suspension.cap is None:
            yield from self._refusals(context, "目前没有依申请的中止,或已自动终止。")
        elif context.on >= suspension.cap:
            yield from self._refusals(context, f"须在{suspension.cap}之前记录。")
        elif to <= suspension.cap:
            yield from self._refusals(context, f"另定的终止日须晚于{suspension.cap}。")

    @staticmethod
    def _refusals(context: Context, words: str) -> Iterable[Refusal]:
        yield Refusal("R14", words)
        yield context.refuse("M42.5", words)
        yield Refusal("state", words)

    def effect(self, context: Context) -> None:
        suspension = running(context, imposed=False)
        assert suspension is not None
        owner = owner_of(context.subject, suspension)
        context.fact("lapse_prevented", case=owner, of=suspension.id, to=iso(context.data["to_on"]), reason=context.data["reason"])
