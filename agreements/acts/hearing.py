"""The intended decision and the institution's word on it, before an adverse decision (M38.6, documents.md 25)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from agreements import cascade, intentions
from agreements.acts.common import ALIVE, AgreementAct, iso, paper, term_of, with_the_fixed
from agreements.acts.findings import FindingsForm, grounds_rows
from agreements.acts.findings import told as told_of
from agreements.grounds import ARTICLES, CASCADE, SUSPENSION_ARTICLES, suspension_grounds, termination_grounds
from agreements.intentions import MEASURES, open_intentions
from agreements.matters import Intention
from agreements.models import AgreementFact
from casework.acts import register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal
from institutions.models import Person
from offices import settings as office_settings


class IntendForm(FindingsForm):
    field_order = ("act", "ground", "findings")

    act = forms.ChoiceField(label="拟作出的处理", choices=list(MEASURES.items()))
    ground = forms.MultipleChoiceField(label="情形", required=False)
    facts = forms.CharField(label="认定的事实", required=False, widget=forms.Textarea, max_length=4000)
    head_office_at_fault = forms.ModelChoiceField(Person.objects.all(), label="连锁总部有过错的人员(告知有关分支)", required=False)
    days = forms.IntegerField(label="陈述申辩期(工作日,空为规定天数)", min_value=1, max_value=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        kind = self.subject.institution.kind
        every = {**suspension_grounds(kind), **{clause: each.label for clause, each in termination_grounds(kind).items()}}
        field = self.fields["ground"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(clause, f"{clause} {label}") for clause, label in every.items()]
        self.offer(every)


@register
class Intend(AgreementAct):
    """Tell the institution what is intended and through which day it may be heard."""

    word = "intend"
    title = "拟处理告知"
    clauses = ("M38.6", "M42.6", "M43", "M45")
    roles = ("city_agency",)
    sources = ALIVE
    writes = ("intended",)
    papers = (25,)
    form = IntendForm

    def institutions(self, subject: Any, data: dict[str, Any]) -> set[int]:
        return super().institutions(subject, data) | cascade.concerned(subject, data)

    def guard(self, context: Context) -> Iterable[Refusal]:
        act, fault = context.data["act"], context.data["head_office_at_fault"]
        if act != "suspend_part":
            yield from with_the_fixed(context)
        if fault is not None and act != "terminate":
            yield Refusal(CASCADE, "只有解除协议的决定及于同一连锁的其他分支。")
        if waiting(context, act) is None:
            return
        # Who comes to know later that the head office is at fault still has to tell the branches.
        if act != "terminate" or fault is None or not cascade.untold(context.subject, fault, context.on):
            yield Refusal("state", f"“{MEASURES[act]}”已告知,尚未作出决定。")

    def effect(self, context: Context) -> None:
        data, institution = context.data, context.institution
        days = data["days"] or int(office_settings.value("hearing_days", context.on))
        last = context.calendar.add_working_days(context.on, days)
        own = [context.subject] if waiting(context, data["act"]) is None else []
        if own:
            context.fact("intended", act=data["act"], last_day=iso(last), ground=data["ground"], **told_of(context))
        unstated = {"clause": basis(institution.kind, data["act"]), "sentence": MEASURES[data["act"]]}
        rows = grounds_rows(context, data["ground"], data["facts"], data["findings"]) or [unstated]
        told = paper(context, variant="notice", measure=MEASURES[data["act"]], grounds=rows, hear_by=iso(last), hear_days=days)
        fault = data["head_office_at_fault"]
        if fault is None:
            context.issue(25, told)
            return
        # One notice to all whom the decision will reach; each of them may speak (R10).
        branches = cascade.untold(context.subject, fault, context.on)
        for each in branches:
            context.fact("intended", case=each, act=data["act"], last_day=iso(last), ground=[CASCADE], origin=context.subject.pk)
        agreements = [*own, *branches]
        listed = [cascade.listed(each, data["ground"], context.on) for each in agreements]
        about = [each.institution_id for each in agreements]
        names = "、".join(each.institution.name for each in agreements)
        several = {name: value for name, value in told.items() if name not in ("institution", "agreement")}
        why = f"{institution.name}拟被解除医保协议,连锁总部的{fault.name}有责任,由其任职的分支一并解除。"
        several["grounds"] = rows + grounds_rows(context, [CASCADE], why)
        context.issue(25, {**several, "institutions": listed}, about=about, recipient=names)


def basis(kind: str, act: str) -> str:
    """The article of a measure for a kind of institution, where no ground of it is stated yet."""
    part = "M45" if kind == "hospital" else "I5"
    return {"suspend": SUSPENSION_ARTICLES[kind], "terminate": ARTICLES[kind]}.get(act, part)


def waiting(context: Context, act: str) -> Intention | None:
    """The intention told for an act and not yet followed by a decision."""
    return intentions.waiting(term_of(context), act)


def unheard(context: Context, act: str) -> Iterable[Refusal]:
    """No adverse decision unheard; the urgent exception needs a reason."""
    return () if context.data.get("urgent_reason") else intentions.unheard(context.subject, act, context.on)


def heard_fields(context: Context, act: str) -> dict[str, Any]:
    """What the decision's paper says about the hearing."""
    told = intentions.procedure(context.subject, waiting(context, act))
    return told or {"urgent_reason": context.data.get("urgent_reason", "")}


class HearForm(ActForm):
    statement = forms.CharField(label="陈述申辩意见(空为没有意见)", required=False, widget=forms.Textarea, max_length=4000)


@register
class Hear(AgreementAct):
    """The institution says what it has to say about the intended decision, or that it has nothing to add."""

    word = "hear"
    title = "陈述申辩"
    clauses = ("M38.6", "M13")
    roles = ("institution", "city_agency")
    sources = ALIVE
    writes = ("heard",)
    form = HearForm

    def available(self, subject: Any) -> bool:
        return subject.state in ALIVE and bool(open_intentions(subject.term().intentions))

    def guard(self, context: Context) -> Iterable[Refusal]:
        rows = open_intentions(term_of(context).intentions)
        if not rows:
            yield Refusal("state", "没有等待陈述申辩的拟处理告知。")
        elif not _speaking(context):
            yield Refusal("state", f"陈述申辩期已于{rows[-1].last_day}届满。")

    def effect(self, context: Context) -> None:
        context.fact("heard", of=_speaking(context)[-1].id, statement=context.data["statement"])


def _speaking(context: Context) -> list[Intention]:
    """What the institution may still speak on today: its own notice and one that reaches it as a branch can run side by side."""
    return [each for each in open_intentions(term_of(context).intentions) if context.on <= each.last_day]


def count_from(context: Context, told: AgreementFact, served_on: date) -> None:
    """Let the days to be heard that were told count from a day of service; nothing changes once it was decided or dropped."""
    intention = next((each for each in told.agreement.term().intentions if each.id == told.pk and each.waits), None)
    if intention is None or intention.on == served_on:
        return
    days = context.calendar.working_days_between(intention.on, intention.last_day)
    last = context.calendar.add_working_days(served_on, days)
    context.fact("intention_served", served_on, told.agreement, of=told.pk, **{"from": iso(served_on)}, last_day=iso(last))
