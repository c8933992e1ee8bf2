"""An institution's licences, its people in the three posts and its staff, recorded one by one (M5, M6, M12.7, P5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Invalid, Refusal
from institutions import codes, identity, posts
from institutions.acts.completing import DayField, check, read_code
from institutions.acts.settled import against_change
from institutions.completeness import refresh
from institutions.models import (
    Institution,
    Kind,
    Licence,
    LicenceKind,
    Manager,
    Person,
    PostName,
    Practitioner,
    PractitionerKind,
)

LICENCES = {
    Kind.HOSPITAL: [LicenceKind.PRACTICE_LICENCE, LicenceKind.TCM_CLINIC_FILING, LicenceKind.MILITARY_PERMIT],
    Kind.PHARMACY: [LicenceKind.DRUG_LICENCE, LicenceKind.BUSINESS_LICENCE],
}
STAFF = {
    Kind.HOSPITAL: [PractitionerKind.PHYSICIAN, PractitionerKind.VILLAGE_DOCTOR, PractitionerKind.TCM_SPECIALIST],
    Kind.PHARMACY: [PractitionerKind.LICENSED_PHARMACIST, PractitionerKind.PHARMACY_TECHNICIAN],
}


class RecordAct(Act):
    """Base: recorded by the institution itself or by its district's agency."""

    subject = Institution
    roles = ("district_agency", "institution")

    def available(self, subject: Institution) -> bool:
        return True


def _choose(form: ActForm, kinds: list[Any]) -> None:
    field = form.fields["kind"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [(kind.value, kind.label) for kind in kinds]


def _ordered(cleaned: dict[str, Any], form: forms.Form, first: str, last: str) -> None:
    if cleaned.get(first) and cleaned.get(last) and cleaned[last] < cleaned[first]:
        form.add_error(last, "最后一日不能早于第一日。")
    if cleaned.get(last) and not cleaned.get(first):
        form.add_error(first, "请填写第一日。")


class LicenceForm(ActForm):
    kind = forms.ChoiceField(label="证照")
    number = forms.CharField(label="证号", max_length=60)
    valid_from = DayField(label="有效期起")
    valid_to = DayField(label="有效期止", required=False, ahead=60, help_text="长期有效的不填。")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _choose(self, LICENCES[self.subject.kind])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _ordered(cleaned, self, "valid_from", "valid_to")
        return cleaned


@register
class RecordLicence(RecordAct):
    """Record a licence with its number and validity (M5, P5). A new one beside one that is on record is a change."""

    word = "record_licence"
    title = "登记证照"
    clauses = ("M5", "M40.2")
    form = LicenceForm

    def guard(self, context: Context) -> Iterable[Refusal]:
        there = context.subject.licences.filter(kind=context.data["kind"]).exists()
        return against_change(context, ["证照"] if there else [])

    def effect(self, context: Context) -> None:
        licence = Licence(institution=context.subject, **context.data)
        check(licence)
        licence.save()
        refresh(context.subject)


class PostForm(ActForm):
    post = forms.ChoiceField(label="职务", choices=PostName.choices)
    name = forms.CharField(label="姓名", max_length=100)
    id_number = forms.CharField(label="身份证件号码", max_length=30, help_text="加密保存,页面上只显示首尾几位。")
    from_on = DayField(label="任职起始日")

    def clean_id_number(self) -> str:
        try:
            return identity.resident_number_of(self.cleaned_data["id_number"])
        except identity.BadIdentityNumber as error:
            raise ValidationError(str(error)) from error

    def raw(self) -> dict[str, Any]:
        return {name: value for name, value in super().raw().items() if name != "id_number"}


def known_person(name: str, id_number: str) -> Person:
    """The person with this number, under the name on record."""
    person = Person.get_or_create_by_id_number(name, id_number)
    if person.name != name:
        # Bans follow the number: another name under a known number is a mistake to be cleared first.
        raise Invalid({"name": ["该证件号码已登记为另一姓名,请核对号码;号码无误的,请到所在区经办机构办理。"]})
    return person


@register
class RecordPost(RecordAct):
    """Record who holds one of the three posts (M12.7, M12.8). The number is kept encrypted and never logged (M35)."""

    word = "record_post"
    title = "登记负责人"
    clauses = ("M6.3", "M12.7", "M35", "M40.1")
    form = PostForm

    def guard(self, context: Context) -> Iterable[Refusal]:
        there = context.subject.posts.filter(post=context.data["post"]).exists()
        title = str(PostName(context.data["post"]).label)
        latest = context.subject.posts.filter(post=context.data["post"]).order_by("-from_on").first()
        if latest is not None and context.data["from_on"] < latest.from_on:
            yield Refusal("state", f"现任{title}自{latest.from_on}起任职,新任起始日不能早于该日。")
        yield from against_change(context, [title] if there else [])

    def effect(self, context: Context) -> None:
        data = context.data
        person = known_person(data["name"], data["id_number"])
        posts.appoint(context.subject, data["post"], person, data["from_on"])
        context.log = {"post": data["post"], "person": person.pk, "name": person.name, "from_on": data["from_on"]}


class StaffForm(ActForm):
    kind = forms.ChoiceField(label="资格")
    name = forms.CharField(label="姓名", max_length=100)
    certificate_number = forms.CharField(label="证书编号", max_length=60, required=False)
    national_code = forms.CharField(label="人员医保编码", max_length=20, required=False)
    registered_here = forms.BooleanField(label="(第一)注册地在本机构", required=False)
    first_registered_on = DayField(label="在本机构注册之日", required=False)
    contract_from = DayField(label="劳动合同起", required=False)
    contract_to = DayField(label="劳动合同止", required=False, ahead=60)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _choose(self, STAFF[self.subject.kind])

    def clean_national_code(self) -> str:
        return read_code(codes.person_code_of, self.cleaned_data["national_code"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _ordered(cleaned, self, "contract_from", "contract_to")
        return cleaned


@register
class RecordStaff(RecordAct):
    """Record a doctor (M6.2) or a pharmacist (P5.2). Adding one changes nothing that others rest on."""

    word = "record_staff"
    title = "登记执业人员"
    clauses = ("M6.2", "P5.2")
    form = StaffForm

    def effect(self, context: Context) -> None:
        row = Practitioner(institution=context.subject, **context.data)
        check(row)
        row.save()


class ManagerForm(ActForm):
    name = forms.CharField(label="姓名", max_length=100)
    full_time = forms.BooleanField(label="专职", required=False)
    contract_from = DayField(label="劳动合同起", required=False)
    contract_to = DayField(label="劳动合同止", required=False, ahead=60)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _ordered(cleaned, self, "contract_from", "contract_to")
        return cleaned


@register
class RecordManager(RecordAct):
    """Record somebody who looks after insurance matters (M6.3, P5.3)."""

    word = "record_manager"
    title = "登记医保管理人员"
    clauses = ("M6.3", "P5.3")
    form = ManagerForm

    def effect(self, context: Context) -> None:
        row = Manager(institution=context.subject, **context.data)
        check(row)
        row.save()


class EndForm(ActForm):
    who = forms.ChoiceField(label="人员")
    ended_on = DayField(label="在本机构的最后一日")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        staff = self.subject.practitioners.filter(ended_on__isnull=True)
        managers = self.subject.managers.filter(ended_on__isnull=True)
        field = self.fields["who"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            *((f"staff-{row.pk}", f"{row.get_kind_display()} {row.name}") for row in staff),
            *((f"manager-{row.pk}", f"医保管理人员 {row.name}") for row in managers),
        ]


@register
class EndStaff(RecordAct):
    """Record that a doctor, pharmacist or manager has left; the row stays with its last day."""

    word = "end_staff"
    title = "登记人员离开"
    clauses = ("M6.2", "M6.3", "P5.2", "P5.3")
    form = EndForm

    def effect(self, context: Context) -> None:
        what, pk = context.data["who"].split("-")
        model: Any = Practitioner if what == "staff" else Manager
        row = model.objects.get(institution=context.subject, pk=int(pk))
        row.ended_on = context.data["ended_on"]
        check(row)
        row.save(update_fields=["ended_on"])
