"""Departments and persons suspended or ended for settlement (M45, I5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from agreements.acts.common import ALIVE, AgreementAct, iso, paper
from agreements.acts.hearing import heard_fields, unheard, waiting
from casework.acts import register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal
from institutions import codes
from institutions.acts.completing import read_code
from institutions.models import Person


class PartForm(ActForm):
    department = forms.CharField(label="科室", max_length=100, required=False)
    person = forms.CharField(label="人员", max_length=100, required=False, help_text="姓名")
    code = forms.CharField(label="人员医保编码", max_length=20, required=False, help_text="结算按编码核对人员;没有编码的,按姓名核对。")
    person_id = forms.ModelChoiceField(Person.objects.all(), label="人员(已登记的)", required=False)
    from_on = forms.DateField(label="第一日(空为当日)", required=False)
    to_on = forms.DateField(label="最后一日(空为未定)", required=False)
    ended = forms.BooleanField(label="终止(不再恢复)", required=False)
    facts = forms.CharField(label="认定的事实", required=False, widget=forms.Textarea, max_length=4000)
    urgent_reason = forms.CharField(label="情况紧急未先行告知的理由", required=False, max_length=500)

    def clean_code(self) -> str:
        return read_code(codes.person_code_of, self.cleaned_data["code"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["person"] = data.get("person") or (data["person_id"].name if data.get("person_id") else "")
        data["code"] = data.get("code") or ""
        self._look_up(data)
        if "person" in data and bool(data.get("department")) == bool(data["person"]):
            self.add_error("department", "请填写科室或者人员,二者之一。")
        if data.get("from_on") and data.get("to_on") and data["to_on"] < data["from_on"]:
            self.add_error("to_on", "最后一日早于第一日。")
        return data

    def _look_up(self, data: dict[str, Any]) -> None:
        """Name or code, whichever was left out, from the record of the institution's doctors and pharmacists."""
        staff = dict(self.subject.institution.practitioners.exclude(national_code="").values_list("national_code", "name"))
        if data["code"]:
            data["person"] = data["person"] or staff.get(data["code"], "")
            if not data["person"]:
                self.add_error("person", "该编码没有登记在本机构,请填写姓名。")
            elif data["person"] != staff.get(data["code"], data["person"]):
                self.add_error("code", f"该编码登记的姓名为{staff[data['code']]}。")
            return
        known = [code for code, name in staff.items() if name == data["person"]]
        if len(known) > 1 and not data.get("person_id"):
            self.add_error("code", f"有{len(known)}人同名,请填写人员医保编码:{'、'.join(known)}。")
        elif known and not data.get("person_id"):
            data["code"] = known[0]


@register
class SuspendPart(AgreementAct):
    """A hospital's department or a person is suspended or ended for settlement (M45; pharmacies: persons, I5)."""

    word = "suspend_part"
    title = "中止或终止科室、人员结算"
    clauses = ("M45", "M38.5", "I5", "M38.6")
    roles = ("city_agency",)
    sources = ALIVE
    writes = ("part_suspended",)
    papers = (28,)
    signatures = 2
    grave = True
    form = PartForm

    def guard(self, context: Context) -> Iterable[Refusal]:
        data = context.data
        data["from_on"] = data["from_on"] or context.on
        if data["department"] and context.institution.kind == "pharmacy":
            yield Refusal("I5", "零售药店只能中止或终止人员,不能中止科室。")
            yield Refusal("state", "零售药店没有科室。")
        if data["from_on"] < context.on:
            yield Refusal("state", "第一日不能早于作出决定之日。")
        yield from unheard(context, "suspend_part")

    def effect(self, context: Context) -> None:
        data, intention = context.data, waiting(context, "suspend_part")
        known = {"intention": intention.id} if intention else {}
        known |= {"code": data["code"]} if data["code"] else {}
        person, name = data["person_id"], data["department"] or data["person"]
        context.fact(
            "part_suspended", data["from_on"], department=data["department"], person=person.pk if person else data["person"] or None,
            name=name, ended=data["ended"], facts=data["facts"],
            **{"from": iso(data["from_on"]), "to": iso(data["to_on"]) or None}, **known,
        )  # fmt: skip
        variant = f"{'department' if data['department'] else 'person'}{'_ended' if data['ended'] else ''}"
        told = {
            "variant": variant,
            "name": name,
            "person_code": data["code"],
            "first_day": iso(data["from_on"]),
            "decided_on": iso(context.on),
        }
        told |= {"last_day": iso(data["to_on"])} if data["to_on"] and not data["ended"] else {}
        told |= {"facts": [data["facts"]]} if data["facts"] else {}
        context.issue(28, paper(context, **told, **heard_fields(context, "suspend_part")))
