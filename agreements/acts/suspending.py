"""Suspension imposed: decision, rectification, amendment (M42.6, M43.1, R6)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from agreements.acts.common import AgreementAct, iso, outside, owner_of, paper, running, term_of, with_the_fixed
from agreements.acts.findings import FindingsForm, grounds_rows, told
from agreements.acts.hearing import heard_fields, unheard, waiting
from agreements.grounds import suspension_grounds
from agreements.models import AgreementFact
from agreements.suspensions import MOST_DAYS, Suspension
from casework.acts import register
from casework.context import Context
from casework.inputs import ActForm, LinesField
from casework.refusals import Refusal
from deadlines import clock
from deadlines.periods import status_last_day


class SuspendForm(FindingsForm):
    field_order = ("ground", "findings")

    ground = forms.ChoiceField(label="情形")
    from_on = forms.DateField(label="中止第一日(空为当日)", required=False)
    to_on = forms.DateField(label="中止最后一日(空为满180日)", required=False)
    facts = forms.CharField(label="认定的事实和证据", required=False, widget=forms.Textarea, max_length=4000)
    rectify = LinesField(label="整改要求(每行一项)", required=False)
    urgent_reason = forms.CharField(label="情况紧急未先行告知的理由", required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["ground"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(clause, f"{clause} {label}") for clause, label in suspension_grounds(self.subject.institution.kind).items()]
        self.offer(suspension_grounds(self.subject.institution.kind))


@register
class Suspend(AgreementAct):
    """Suspend on one of the four grounds, for at most 180 days; a second one in the term opens a termination case (R6)."""

    word = "suspend"
    title = "中止协议"
    clauses = ("M42.1", "M42.2", "M42.6", "M38.6", "M43.1")
    roles = ("city_agency",)
    sources = ("active", "suspended")
    writes = ("suspended",)
    papers = (24, 30)
    signatures = 2
    collective = True
    grave = True
    form = SuspendForm

    def guard(self, context: Context) -> Iterable[Refusal]:
        data = context.data
        data["from_on"] = data["from_on"] or context.on
        data["to_on"] = data["to_on"] or status_last_day(data["from_on"], MOST_DAYS)
        yield from with_the_fixed(context)
        first, last = data["from_on"], data["to_on"]
        if first < context.on:
            yield context.refuse("M42.6", f"中止的第一日{first}不能早于作出决定之日。")
        if last < first:
            yield context.refuse("M42.6", "中止的最后一日早于第一日。")
        if (last - first).days + 1 > MOST_DAYS:
            yield context.refuse("M42.6", f"中止最长{MOST_DAYS}日(至{status_last_day(first, MOST_DAYS)})。")
        if context.subject.state in self.sources:
            yield from self._against_state(context)
        else:
            yield Refusal("state", "协议未在履行或者依申请中止之中。")
        yield from unheard(context, "suspend")

    @staticmethod
    def _against_state(context: Context) -> Iterable[Refusal]:
        term, data = term_of(context), context.data
        yield from outside(context, data["from_on"], "中止的第一日在其之后")
        if running(context, imposed=True) is not None:
            yield Refusal("state", "协议正在处理中止期间,不能再作出中止的决定。")
            return
        for each in term.all_suspensions:
            if each.imposed and each.first_day <= data["to_on"] and (each.last_day is None or data["from_on"] <= each.last_day):
                yield Refusal("state", f"自{each.first_day}起已有一次处理中止,期间不能重叠。")

    def effect(self, context: Context) -> None:
        data = context.data
        intention = waiting(context, "suspend")
        known = {"intention": intention.id} if intention else {}
        span = {"from": iso(data["from_on"]), "to": iso(data["to_on"])}
        context.fact("suspended", data["from_on"], ground=data["ground"], **span, **known, **told(context))
        rows = grounds_rows(context, [data["ground"]], data["facts"], data["findings"])
        items = [{"what": line, "required": line} for line in data["rectify"]]
        days = {"first_day": iso(data["from_on"]), "last_day": iso(data["to_on"]), "rectify_by": iso(data["to_on"])}
        context.issue(30, paper(context, grounds=rows, items=items, **days, **heard_fields(context, "suspend")))
        if items:
            demands = [{**each, "basis": data["ground"]} for each in items]
            context.issue(24, paper(context, variant="notice", items=demands, last_day=iso(data["to_on"]), suspended=True))


class RectificationForm(ActForm):
    passed = forms.BooleanField(label="整改到位", required=False)
    findings = forms.CharField(label="验收情况", required=False, widget=forms.Textarea, max_length=4000)


class _Rectification(AgreementAct):
    roles = ("district_agency",)
    writes = ("rectification_recorded",)
    papers = (24,)
    form = RectificationForm

    def record(self, context: Context, of: int, agreement: Any) -> None:
        passed = context.data["passed"]
        context.fact("rectification_recorded", case=agreement, of=of, passed=passed, findings=context.data["findings"])
        items = [{"what": "中止期间的整改", "finding": context.data["findings"] or ("整改到位" if passed else "整改不到位")}]
        context.issue(24, paper(context, variant="outcome", passed=passed, checked_on=iso(context.on), items=items, suspended=True))


@register
class RecordRectification(_Rectification):
    """The check of the rectification during an imposed suspension; a failed one opens a termination case (M43.1, R6)."""

    word = "record_rectification"
    title = "整改验收"
    clauses = ("M43.1", "M42.2")
    sources = ("suspended",)

    def available(self, subject: Any) -> bool:
        return subject.state == "suspended"

    def guard(self, context: Context) -> Iterable[Refusal]:
        if context.subject.state != "suspended":
            return
        suspension = running(context, imposed=True)
        if suspension is None:
            yield Refusal("state", "目前没有处理中止,不需整改验收。")
        elif suspension.rectified is not None:
            yield Refusal("state", f"整改验收已于{suspension.rectified_on}登记。")

    def effect(self, context: Context) -> None:
        suspension = running(context, imposed=True)
        assert suspension is not None
        self.record(context, suspension.id, owner_of(context.subject, suspension))


@register
class RecordLateRectification(_Rectification):
    """A check missed during the suspension is made up; the agreement has gone on meanwhile (M42.2), a failure opens the case (M43.1)."""

    word = "record_late_rectification"
    title = "补记整改验收"
    clauses = ("M43.1", "M42.2")
    sources = ("active", "suspended")

    def available(self, subject: Any) -> bool:
        return subject.state in self.sources and bool(self.missed(subject))

    @staticmethod
    def missed(subject: Any) -> list[Suspension]:
        """Imposed suspensions that are over and whose check was never recorded; one from the term before too (R6)."""
        over = [each for each in subject.term().all_suspensions if each.imposed and each.stated_last < clock.today()]
        checks = AgreementFact.objects.filter(agreement__institution_id=subject.institution_id, kind="rectification_recorded")
        recorded = set(checks.filter(voided_at__isnull=True).values_list("data__of", flat=True)) if over else set()
        return [each for each in over if each.id not in recorded]

    def guard(self, context: Context) -> Iterable[Refusal]:
        if not self.missed(context.subject):
            yield Refusal("state", "没有应补记的整改验收。")

    def effect(self, context: Context) -> None:
        suspension = self.missed(context.subject)[0]
        self.record(context, suspension.id, owner_of(context.subject, suspension))
        context.touch(context.subject)


class AmendForm(ActForm):
    to_on = forms.DateField(label="改定的最后一日")
    reason = forms.CharField(label="理由", widget=forms.Textarea, max_length=1000, required=False)


@register
class AmendSuspension(AgreementAct):
    """Shorten an imposed suspension by an amended decision, before its last day (R6)."""

    word = "amend_suspension"
    title = "改定中止期"
    clauses = ("M42.6", "R6")
    roles = ("city_agency",)
    sources = ("suspended",)
    writes = ("suspension_amended",)
    papers = (30,)
    signatures = 2
    grave = True
    form = AmendForm

    def available(self, subject: Any) -> bool:
        return subject.state in self.sources and any(each.imposed for each in subject.term().all_suspensions)

    @staticmethod
    def chosen(context: Context) -> Any:
        """The imposed suspension that runs, else, during one at request, the one to come."""
        coming = [each for each in term_of(context).all_suspensions if each.imposed and each.first_day > context.on]
        return running(context, imposed=True) or next(iter(coming), None)

    def guard(self, context: Context) -> Iterable[Refusal]:
        if context.subject.state not in self.sources:
            return
        suspension, to = self.chosen(context), context.data["to_on"]
        if suspension is None:
            yield Refusal("state", "目前没有处理中止。")
            return
        if context.on >= suspension.stated_last:
            yield from self._refusals(f"中止期至{suspension.stated_last}止,须在此日之前改定。")
        elif to >= suspension.stated_last:
            yield from self._refusals(f"只能缩短:改定的最后一日须早于{suspension.stated_last}。")
        elif to < max(context.on, suspension.first_day):
            yield from self._refusals("改定的最后一日不能早于今天,也不能早于中止的第一日。")

    @staticmethod
    def _refusals(words: str) -> Iterable[Refusal]:
        yield Refusal("R6", words)
        yield Refusal("state", words)

    def effect(self, context: Context) -> None:
        suspension, to = self.chosen(context), context.data["to_on"]
        owner = owner_of(context.subject, suspension)
        context.fact("suspension_amended", case=owner, of=suspension.id, to=iso(to), reason=context.data["reason"])
        rows = grounds_rows(context, [suspension.ground])
        days = {"first_day": iso(suspension.first_day), "last_day": iso(to), "rectify_by": iso(to)}
        correction = f"原定中止至{suspension.stated_last},现改为至{to}。{context.data['reason']}"
        context.issue(30, paper(context, grounds=rows, **days, correction=correction, remedies=False))
