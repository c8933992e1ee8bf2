"""Renewal: the call, the request, no renewal, the decision (M41, M42.3, M44.1, R1, R6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms

from agreements import announcing
from agreements.acts.common import ALIVE, IN_FORCE, AgreementAct, iso, paper, term_of
from agreements.acts.making import create
from agreements.acts.requesting import AnswerForm, public_hospital, warn_public_hospital
from agreements.deadlines import renewal_last_day
from agreements.matters import Renewal
from agreements.models import KINDS, Agreement
from agreements.term import Term
from agreements.voluntary import in_time
from casework.acts import register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal
from deadlines.periods import add_months, term_last_day


def open_request(term: Term, *, wanted: bool) -> Renewal | None:
    """What was asked last, if it waits for its answer."""
    last = term.renewal
    return last if last is not None and last.waits and last.wanted is wanted else None


def window_opens(term: Term) -> date:
    """The first day on which renewal can be asked for: 6 months ahead."""
    return add_months(term.last_day, -announcing.RENEWAL_OPENS_MONTHS)


class _Renewing(AgreementAct):
    """What renewing steps share: the term lives, a hospital is not suspended (M42.3)."""

    sources = IN_FORCE

    def guard(self, context: Context) -> Iterable[Refusal]:
        if context.subject.state == "suspended" and context.institution.kind == "hospital":
            yield context.refuse("M42.3", "中止期间不办理续签手续,中止期结束后再办。")
        if context.subject.state in self.sources and context.subject.kind == "supplementary":
            yield context.refuse("M5.2", "补充协议随主协议,不单独续签。")


@register
class RequestRenewal(_Renewing):
    """The institution asks to renew, 3 months ahead of the end; later it is taken and marked late (M41.1)."""

    word = "request_renewal"
    title = "申请续签"
    clauses = ("M41.1", "M42.3")
    roles = ("institution",)
    writes = ("renewal_requested",)

    def available(self, subject: Any) -> bool:
        return subject.state in self.sources and subject.kind != "supplementary" and subject.term().renewal is None

    def guard(self, context: Context) -> Iterable[Refusal]:
        yield from super().guard(context)
        if context.subject.state not in self.sources:
            return
        term = term_of(context)
        last = term.renewal
        if last is not None and last.agreed:
            yield Refusal("state", "续签已经同意。")
            # What could still be renewed is the term after this one.
            assert last.agreement is not None
            term = Agreement.objects.get(pk=last.agreement).term()
        elif open_request(term, wanted=True) is not None:
            yield Refusal("state", "已有一份待决定的续签申请。")
        if context.on < window_opens(term):
            yield context.refuse("M41.1", f"协议{term.last_day}期满,最早自{window_opens(term)}起申请续签。", window_opens(term))

    def effect(self, context: Context) -> None:
        by = renewal_last_day(context.institution.kind, term_of(context), context.calendar)
        late = context.on > by.day
        context.fact("renewal_requested", late=late)
        context.log["late"] = late


@register
class RequestNonRenewal(_Renewing):
    """The institution does not want to renew: in the 6 months before the end (M41.1), told 3 months ahead of it (M44.1)."""

    word = "request_non_renewal"
    title = "申请不再续签"
    clauses = ("M41.1", "M42.3", "M44.1", "M44.2")
    roles = ("institution",)
    writes = ("non_renewal_requested",)

    def available(self, subject: Any) -> bool:
        return subject.state in self.sources and subject.kind != "supplementary" and subject.term().renewal is None

    def guard(self, context: Context) -> Iterable[Refusal]:
        yield from super().guard(context)
        if context.subject.state not in self.sources:
            return
        term = term_of(context)
        if context.on < window_opens(term):
            yield context.refuse("M41.1", f"协议{term.last_day}期满,最早自{window_opens(term)}起提出。", window_opens(term))
        if not in_time(context.on, term.last_day):
            yield context.refuse("M44.1", f"不再续签须提前3个月提出,协议{term.last_day}期满。")
        last = term.renewal
        if last is not None and last.agreed:
            yield Refusal("state", "续签已经同意。")
        elif open_request(term, wanted=False) is not None:
            yield Refusal("state", "已提出不再续签。")

    def effect(self, context: Context) -> None:
        context.fact("non_renewal_requested")
        warn_public_hospital(context)


@register
class DecideNonRenewal(_Renewing):
    """The city agency answers that the institution does not renew (M44)."""

    word = "decide_non_renewal"
    title = "答复不再续签申请"
    clauses = ("M42.3", "M44.1", "M44.2")
    roles = ("city_agency",)
    writes = ("renewal_decided",)
    papers = (29,)
    signatures = 2
    form = AnswerForm

    def available(self, subject: Any) -> bool:
        return subject.state in self.sources and open_request(subject.term(), wanted=False) is not None

    def guard(self, context: Context) -> Iterable[Refusal]:
        yield from super().guard(context)
        yield from public_hospital(context, context.data["granted"])
        if context.subject.state in self.sources and open_request(term_of(context), wanted=False) is None:
            yield Refusal("state", "没有待决定的不再续签申请。")

    def effect(self, context: Context) -> None:
        data, request = context.data, open_request(term_of(context), wanted=False)
        assert request is not None
        reasons = {name: data[name] for name in ("reason", "exception_reason") if data[name]}
        context.fact("renewal_decided", of=request.id, agreed=False, granted=data["granted"], **reasons)
        variant = "granted" if data["granted"] else "refused"
        context.issue(29, paper(context, variant=variant, request="non_renewal", requested_on=iso(request.on), **reasons))


class DecideForm(ActForm):
    agreed = forms.BooleanField(label="协商一致,同意续签", required=False)
    from_on = forms.DateField(label="续签协议第一日(空为期满次日)", required=False)
    to_on = forms.DateField(label="续签协议最后一日(空为1年)", required=False)
    term_reason = forms.CharField(label="期限不是1年的理由", required=False, max_length=1000)
    kind = forms.ChoiceField(label="协议种类(空为与原协议相同)", choices=[("", ""), *KINDS[:2]], required=False)
    signer = forms.CharField(label="机构签字人", required=False, max_length=80)
    signed_on = forms.DateField(label="机构签字之日(空为当日)", required=False)
    record = forms.CharField(label="履行和考核情况", required=False, widget=forms.Textarea, max_length=4000)
    reason = forms.CharField(label="不予续签的理由", required=False, widget=forms.Textarea, max_length=1000)
    # Whether to agree takes who signed for the institution: a clerk must say, a written case and a batch need not.
    signature_needed = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.signature_needed and data.get("agreed") and not data.get("signer"):
            self.add_error("signer", "同意续签的,须写明代表机构签字的人。")
        return data


@register
class DecideRenewal(_Renewing):
    """Renewed by a new agreement that follows the old one, or not: then it ends on its last day (M41.2, M41.3, M41.4)."""

    word = "decide_renewal"
    title = "决定续签"
    clauses = ("M41.2", "M41.3", "M41.4", "M42.3", "M10.4")
    roles = ("city_agency",)
    writes = ("renewal_decided", "signed")
    papers = (16, 47)
    signatures = 2
    form = DecideForm
    in_batches = True
    grave = True

    def available(self, subject: Any) -> bool:
        return subject.state in self.sources and open_request(subject.term(), wanted=True) is not None

    def guard(self, context: Context) -> Iterable[Refusal]:
        yield from super().guard(context)
        data, term = context.data, term_of(context)
        if context.subject.state not in self.sources:
            return
        if open_request(term, wanted=True) is None:
            yield Refusal("state", "没有待决定的续签申请。")
        first, last = self._days(context)
        if data["agreed"] and first <= term.last_day:
            yield context.refuse("M41.2", f"续签协议的第一日不能早于{term.last_day + timedelta(days=1)}。")
        if data["agreed"] and last < first:
            yield context.refuse("M41.2", "续签协议的最后一日早于第一日。")
        elif data["agreed"] and last != term_last_day(first, 1) and not data["term_reason"]:
            yield context.refuse("M10.4", f"协议期限一般为1年({first}至{term_last_day(first, 1)}),另定期限须写明理由。")
        if data["agreed"] and data["signed_on"] and data["signed_on"] > context.on:
            yield context.refuse("M41.2", "机构签字之日不能晚于今天。")
        if data["agreed"] and term.ended_on < term.last_day:
            yield Refusal("state", f"协议至{term.ended_on}提前终止,不能续签。")

    @staticmethod
    def _days(context: Context) -> tuple[date, date]:
        first = context.data["from_on"] or term_of(context).last_day + timedelta(days=1)
        return first, context.data["to_on"] or term_last_day(first, 1)

    def effect(self, context: Context) -> None:
        data, request = context.data, open_request(term_of(context), wanted=True)
        assert request is not None
        record = [line for line in data["record"].splitlines() if line.strip()]
        if not data["agreed"]:
            reason = data["reason"] or "双方未能协商一致。"
            context.fact("renewal_decided", of=request.id, agreed=False, reason=reason, record=data["record"])
            context.issue(47, paper(context, reason=reason, requested_on=iso(request.on), **({"record": record} if record else {})))
            return
        renewed = self._renew(context)
        said = {"record": data["record"], "term_reason": data["term_reason"]}
        if data["signer"]:
            said |= {"signer": data["signer"], "signed_on": iso(data["signed_on"] or context.on)}
        context.fact("renewal_decided", of=request.id, agreed=True, agreement=renewed.pk, **said)
        context.log["agreement"] = renewed.pk

    def _renew(self, context: Context) -> Agreement:
        old = context.subject
        first, last = self._days(context)
        kind, reason = context.data["kind"] or old.kind, context.data["term_reason"]
        signed = self._signatures(context)
        renewed = create(context, old, signed, kind=kind, first=first, last=last, reason=reason, main=old.main, previous=old)
        for each in old.supplements.select_related("institution__district").filter(annulled=False, kind="supplementary").order_by("pk"):
            if each.derived(context.on) in ALIVE:
                self._goes_on(context, each, renewed)
        return renewed

    @staticmethod
    def _signatures(context: Context) -> list[dict[str, str]]:
        """Both parties' (M41.2); none where the institution's was not told, for the paper is then signed by hand."""
        data = context.data
        if not data["signer"]:
            return []
        agency = {"party": "agency", "name": context.reviewer.user_name if context.reviewer else "", "on": iso(context.on)}
        return [agency, {"party": "institution", "name": data["signer"], "on": iso(data["signed_on"] or context.on)}]

    @staticmethod
    def _goes_on(context: Context, supplement: Agreement, renewed: Agreement) -> None:
        """An internet hospital's agreement goes on with the renewed main one, and fills what it left of the old one (M5.2)."""
        spans = [(renewed, renewed.first_day, renewed.last_day)]
        if supplement.last_day < context.subject.last_day:
            spans.insert(0, (context.subject, supplement.last_day + timedelta(days=1), context.subject.last_day))
        for main, first, last in spans:
            made = create(context, supplement, kind="supplementary", first=first, last=last, main=main, previous=supplement)
            asked = context.fact("renewal_requested", case=supplement, late=False)
            context.fact("renewal_decided", case=supplement, of=asked.pk, agreed=True, agreement=made.pk, record="随主协议续签。")
            supplement = made


@register
class CallForRenewal(AgreementAct):
    """The district agency calls many institutions to renew at once (M41.1)."""

    word = "call_for_renewal"
    title = "统一组织续签"
    clauses = ("M41.1",)
    roles = ("district_agency",)
    sources = IN_FORCE
    writes = ("renewal_called",)
    papers = (21,)
    in_batches = True

    def available(self, subject: Any) -> bool:
        return subject.state in self.sources and subject.term().renewal_stage == "quiet"

    def guard(self, context: Context) -> Iterable[Refusal]:
        if context.subject.state not in self.sources:
            return
        term = term_of(context)
        if context.on < window_opens(term):
            yield context.refuse("M41.1", f"协议{term.last_day}期满,最早自{window_opens(term)}起办理续签。", window_opens(term))
        if term.called_on is not None:
            yield Refusal("state", "续签通知已发出。")

    def effect(self, context: Context) -> None:
        context.fact("renewal_called")
        context.issue(21, paper(context, **announcing.call_data(context.subject, term_of(context))))
