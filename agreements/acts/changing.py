"""Changes of an institution's data under its agreement (M40, P37)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from agreements.acts.common import ALIVE, AgreementAct, iso, own, paper, term_of
from agreements.changes import POSTS, fields_of, is_major
from agreements.deadlines import FILING_DAYS
from agreements.grounds import BARRED_PERSON
from agreements.matters import Change
from agreements.models import AgreementFact
from applications.papers import agency_of
from casework.acts import register
from casework.attaching import FilesField, names_of
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal
from deadlines import clock
from deadlines.periods import Computed, working_days_after
from institutions.acts.completing import check
from institutions.identity import BadIdentityNumber, resident_number_of
from institutions.models import Category, Ownership, Person
from institutions.posts import appoint, holders
from standing.reading import bans_of_person

CHOICES = {"ownership": dict(Ownership.choices), "category": dict(Category.choices)}


class ChangeForm(ActForm):
    field = forms.ChoiceField(label="变更事项")
    value = forms.CharField(label="变更后(人员填姓名;诊疗科目每行一项)", widget=forms.Textarea, max_length=4000)
    id_number = forms.CharField(
        label="人员的身份证件号码", max_length=30, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    approved_on = forms.DateField(label="主管部门批准之日", required=False)
    authority = forms.CharField(label="批准机关", max_length=200, required=False)
    approval = forms.CharField(label="批准文书", max_length=200, required=False)
    approval_files = FilesField(label="批准文书的文件", shared=True)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["field"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(fields_of(self.subject.institution.kind).items())

    def clean_value(self) -> Any:
        value: Any = self.cleaned_data["value"].strip()
        name = self.cleaned_data.get("field", "")
        if name in CHOICES:
            titles = {title: key for key, title in CHOICES[name].items()}
            value = titles.get(value, value)
            if value not in CHOICES[name]:
                raise ValidationError(f"应为{'、'.join(titles)}之一。")
        if name == "departments":
            value = [line.strip() for line in value.splitlines() if line.strip()]
        if name == "beds":
            if not value.isdigit() or int(value) > 20_000:
                raise ValidationError("床位数应为0至20000的整数。")
            value = int(value)
        limit = {"name": 200, "bank_account": 100, "grade": 40, "scale": 100, "phone": 40}.get(name, 300)
        if isinstance(value, str) and len(value) > limit:
            raise ValidationError(f"最多{limit}字。")
        return value

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        name = data.get("field", "")
        if name in POSTS:
            try:
                data["id_number"] = resident_number_of(data.get("id_number") or "")
            except BadIdentityNumber as error:
                self.add_error("id_number", str(error))
        if name and is_major(self.subject.institution.kind, name, clock.today()) and not data.get("approved_on"):
            self.add_error("approved_on", "重大信息变更须写明主管部门批准之日。")
        return data


def last_day_to_file(context: Context, approved_on: date) -> Computed:
    """30 working days from the authority's approval (M40.1)."""
    return working_days_after(approved_on, FILING_DAYS, context.calendar, context.clause("M40.1"), "主管部门批准")


def shown(field: str, value: Any) -> str:
    """A value as people read it."""
    if field in CHOICES:
        return CHOICES[field].get(value, str(value))
    return "、".join(value) if isinstance(value, list) else str(value if value is not None else "")


@register
class ReportChange(AgreementAct):
    """The institution reports a change; a major one within 30 working days of approval, later it is taken and marked late (M40)."""

    word = "report_change"
    title = "申报信息变更"
    clauses = ("M40.1", "M40.2")
    roles = ("institution", "district_agency")
    sources = ALIVE
    writes = ("change_reported",)
    papers = (19,)
    form = ChangeForm

    def guard(self, context: Context) -> Iterable[Refusal]:
        data = context.data
        if data["approved_on"] and data["approved_on"] > context.on:
            yield context.refuse("M40.1", "批准之日不能晚于今天。")
        if context.subject.state not in self.sources:
            yield Refusal("state", "协议已终止或解除,不能申报变更。")
        elif any(each.field == data["field"] and each.waits for each in term_of(context).changes):
            yield Refusal("state", "同一事项已有待核准的变更。")

    def effect(self, context: Context) -> None:
        data, kind = context.data, context.institution.kind
        name, value, major = data["field"], data["value"], is_major(kind, data["field"], context.on)
        late, used = False, {}
        if major:
            due = last_day_to_file(context, data["approved_on"])
            late = context.on > due.day
            days = context.calendar.working_days_between(data["approved_on"], context.on) if context.on > data["approved_on"] else 0
            used = {"approved_on": iso(data["approved_on"]), "last_day": iso(due.day), "days_used": days, "late": late}
        stored = value
        if name in POSTS:
            person = Person.get_or_create_by_id_number(value, data["id_number"])
            stored = person.pk
            context.log["id_number"] = person.masked_id_number
        before = before_of(context, name)
        known: dict[str, Any] = {
            "approved_on": iso(data["approved_on"]) or None,
            "authority": data["authority"],
            "approval": data["approval"],
        }
        context.fact("change_reported", field=name, value=stored, shown=shown(name, value), before=before, major=major, late=late, **known)
        context.log["late"] = late
        if major:
            row = {"field": fields_of(kind)[name], "before": before, "after": shown(name, value)}
            files = list(names_of(data["approval_files"]).values())
            more = {
                "approval_files": files,
                "authority": data["authority"],
                "approval": data["approval"],
                "requested_on": iso(context.on),
                **used,
            }
            context.issue(19, paper(context, variant="acceptance", changes=[row], **more), issuer=agency_of(context.institution))


def before_of(context: Context, field: str) -> str:
    """What is on record today."""
    if field in POSTS:
        holder = holders(context.institution, context.on).get(field)
        return holder.name if holder else ""
    return shown(field, getattr(context.institution, field))


def waiting(changes: list[Change]) -> list[Change]:
    """Changes not yet decided on, the oldest first."""
    return [each for each in changes if each.waits]


class DecideForm(ActForm):
    field = forms.ChoiceField(label="变更事项(空为最早申报的一项)", required=False)
    refused = forms.BooleanField(label="不予核准", required=False)
    reason = forms.CharField(label="不予核准的理由", required=False, widget=forms.Textarea, max_length=1000)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["field"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", ""), *fields_of(self.subject.institution.kind).items()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("refused") and not data.get("reason"):
            self.add_error("reason", "不予核准的,须写明理由。")
        return data


@register
class ApproveChange(AgreementAct):
    """Major changes by the city agency, others by the district's; one that brings in a barred person opens a case (M40, M43(10))."""

    word = "approve_change"
    title = "核准信息变更"
    clauses = ("M40.1", "M40.2", "M43")
    roles = ("city_agency", "district_agency")
    sources = ALIVE
    writes = ("change_decided",)
    papers = (19, 20)
    form = DecideForm

    def available(self, subject: Any) -> bool:
        return subject.state in self.sources and bool(waiting(subject.term().changes))

    @staticmethod
    def chosen(context: Context) -> Change | None:
        name = context.data["field"]
        return next((each for each in waiting(term_of(context).changes) if not name or each.field == name), None)

    def guard(self, context: Context) -> Iterable[Refusal]:
        if context.subject.state not in self.sources:
            return
        change = self.chosen(context)
        if change is None:
            yield Refusal("state", "没有待核准的变更。")
        elif change.major and context.actor.role == "district_agency":
            yield Refusal("permission", "重大信息变更由市经办机构核准。")
        elif not change.major and context.actor.role == "city_agency":
            yield Refusal("permission", "一般信息变更由区经办机构办理。")

    def effect(self, context: Context) -> None:
        change = self.chosen(context)
        assert change is not None
        approved = not context.data["refused"]
        fact = context.subject.facts.get(pk=change.id)
        opens = self._apply(context, change) if approved else ""
        more: dict[str, Any] = {"opens": opens} if opens else {}
        context.fact("change_decided", of=change.id, approved=approved, reason=context.data["reason"], **more)
        row = {"field": fields_of(context.institution.kind)[change.field], "before": fact.data["before"], "after": fact.data["shown"]}
        if not change.major:
            context.issue(20, paper(context, changes=[row], requested_on=iso(change.on), effective_on=iso(context.on)))
        elif approved:
            days = {"requested_on": iso(change.on), "effective_on": iso(context.on), "approved_on": iso(change.approved_by_authority_on)}
            context.issue(19, paper(context, variant="approval", changes=[row], **days, late=change.late))
        else:
            context.issue(19, paper(context, variant="refusal", changes=[row], reason=context.data["reason"], requested_on=iso(change.on)))
        if opens:
            context.log["opens"] = own(context, opens)

    @staticmethod
    def _apply(context: Context, change: Change) -> str:
        """Write the new value; the ground of the case that a barred person opens."""
        institution = context.institution
        if change.field not in POSTS:
            context.log["before"], context.log["after"] = getattr(institution, change.field), change.value
            setattr(institution, change.field, change.value)
            check(institution)
            institution.save()
            return ""
        person = Person.objects.get(pk=change.value)
        before = holders(institution, context.on)
        former = before.get(change.field)
        context.log["before"] = former.pk if former else None
        appoint(institution, change.field, person, context.on)
        newcomer = person.pk not in {each.pk for each in before.values()}
        return BARRED_PERSON if newcomer and bans_of_person(person, institution.kind, context.on) else ""

    def people(self, subject: Any, data: dict[str, Any]) -> set[int]:
        return {int(each.value) for each in waiting(subject.term().changes) if each.field in POSTS}


def restore(fact: AgreementFact) -> None:
    """Put back what an approval that was voided had replaced, from the day it was made."""
    institution = fact.agreement.institution
    reported = fact.agreement.facts.get(pk=fact.data["of"])
    field, before = reported.data["field"], fact.act.data.get("before")
    if field not in POSTS:
        setattr(institution, field, before)
        institution.save()
    elif before is not None:
        appoint(institution, field, Person.objects.get(pk=before), fact.on)
