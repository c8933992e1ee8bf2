"""A mistake in the register is corrected by an act with reason and second signature; every field's history is kept (M29).

An entry that never was true leaves the register whole; what it said stays in the log and in the rows the database keeps of every write.
A real change is no mistake: under an agreement it goes the way of M40, a new holder of a post is recorded beside the old one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal, Refused
from institutions.acts.completing import EARLIEST, check
from institutions.completeness import refresh
from institutions.models import Institution, Licence, Manager, Person, Post, Practitioner
from institutions.names import tidy_name

REMOVE = "entry"
TABLES: dict[str, Any] = {"institution": Institution, "licence": Licence, "post": Post, "staff": Practitioner, "manager": Manager}
# Who holds a post is no field: a wrong person is a wrong entry, taken out and recorded anew with the number.
FIELDS: dict[str, tuple[str, ...]] = {
    "institution": ("name",),
    "licence": ("number", "valid_from", "valid_to"),
    "post": ("from_on", "to_on"),
    "staff": (
        "name", "certificate_number", "national_code", "registered_here", "first_registered_on", "contract_from", "contract_to", "ended_on",
    ),
    "manager": ("name", "full_time", "contract_from", "contract_to", "ended_on"),
}  # fmt: skip
WORDS = {"是": True, "否": False}


def _entries(institution: Institution) -> list[tuple[str, str]]:
    rows: list[tuple[str, Any]] = [("institution", institution)]
    rows += [("licence", row) for row in institution.licences.all()]
    rows += [("post", row) for row in institution.posts.select_related("person")]
    rows += [("staff", row) for row in institution.practitioners.all()]
    rows += [("manager", row) for row in institution.managers.all()]
    return [(f"{table}-{row.pk}", f"{row._meta.verbose_name} {row}") for table, row in rows]


def _titles() -> list[tuple[str, str]]:
    """Every field that can be wrong, once, under the title its table gives it."""
    found: dict[str, list[str]] = {}
    for table, names in FIELDS.items():
        for name in names:
            title = str(TABLES[table]._meta.get_field(name).verbose_name)
            if title not in found.setdefault(name, []):
                found[name].append(title)
    return [(REMOVE, "整条登记有误,予以撤销"), *((name, "、".join(titles)) for name, titles in found.items())]


class CorrectForm(ActForm):
    what = forms.ChoiceField(label="有误的登记")
    field = forms.ChoiceField(label="有误的内容")
    value = forms.CharField(
        label="正确的内容", max_length=200, required=False, help_text="日期写成2026-03-02;是否一类写是或否;撤销整条的不填;本应空着的不填。"
    )
    reason = forms.CharField(label="更正理由", widget=forms.Textarea, max_length=1000)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        what, field = self.fields["what"], self.fields["field"]
        assert isinstance(what, forms.ChoiceField)
        assert isinstance(field, forms.ChoiceField)
        what.choices = _entries(self.subject)
        field.choices = _titles()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        what, name = cleaned.get("what"), cleaned.get("field")
        if not what or not name:
            return cleaned
        table = what.split("-")[0]
        if name == REMOVE:
            if table == "institution":
                self.add_error("field", "机构本身不能撤销,只能更正名称。")
        elif name not in FIELDS[table]:
            self.add_error("field", "这条登记没有该项内容。")
        else:
            try:
                cleaned["value"] = _read(table, name, cleaned.get("value", ""))
            except ValidationError as error:
                self.add_error("value", error)
        return cleaned


def _read(table: str, name: str, typed: str) -> Any:
    """What was typed, as the field holds it."""
    field = TABLES[table]._meta.get_field(name)
    if field.get_internal_type() == "BooleanField":
        if typed not in WORDS:
            raise ValidationError("请写是或否。")
        return WORDS[typed]
    if typed == "":
        if not field.blank:
            raise ValidationError("该项不能空着。")
        return None if field.null else ""
    value = field.clean(tidy_name(typed) if name == "name" else typed, None)
    if field.get_internal_type() == "DateField" and (value < EARLIEST or value.year > 2199):
        raise ValidationError("日期应在1900年至2199年之间。")
    return value


@register
class CorrectRegister(Act):
    """Correct what was recorded by mistake: one field of an entry, an entry as a whole, or the institution's name."""

    word = "correct_register"
    title = "更正登记"
    subject = Institution
    clauses = ("M29", "M40.1")
    roles = ("district_agency", "city_agency")
    signatures = 2
    grave = True
    form = CorrectForm

    def available(self, subject: Institution) -> bool:
        return True

    def effect(self, context: Context) -> None:
        data = context.data
        table, pk = data["what"].split("-")
        row = context.subject if table == "institution" else TABLES[table].objects.get(institution=context.subject, pk=int(pk))
        context.log = {"what": data["what"], "entry": str(row), "reason": data["reason"]}
        if data["field"] == REMOVE:
            context.log["before"] = {name: str(getattr(row, name)) for name in FIELDS[table]}
            _take_out(row)
        else:
            before = getattr(row, data["field"])
            if before == data["value"]:
                raise Refused([Refusal("state", "与现有登记相同,没有可更正的。")])
            context.log[data["field"]] = {"before": before, "after": data["value"]}
            setattr(row, data["field"], data["value"])
            check(row)
            row.save()
        refresh(context.subject)


def _take_out(row: Any) -> None:
    """The entry leaves the register; the holder whom a wrong appointment had ended goes on."""
    before = None
    if isinstance(row, Post):
        before = Post.objects.filter(institution=row.institution, post=row.post, to_on=row.from_on - timedelta(days=1)).first()
    try:
        row.delete()
    except ProtectedError:
        raise Refused([Refusal("state", "其他办理以该登记为依据,请先更正其后的办理。")]) from None
    if before is not None:
        before.to_on = row.to_on
        before.save(update_fields=["to_on"])


class PersonNameForm(ActForm):
    name = forms.CharField(label="正确的姓名", max_length=100)
    reason = forms.CharField(label="更正理由", widget=forms.Textarea, max_length=1000)

    def clean_name(self) -> str:
        return tidy_name(self.cleaned_data["name"])


@register
class CorrectPerson(Act):
    """Correct a registered person's name. The identity number stays who the person is: bans follow it (M12.7)."""

    word = "correct_person"
    title = "更正姓名"
    subject = Person
    clauses = ("M29", "M12.7")
    roles = ("city_agency",)
    signatures = 2
    grave = True
    form = PersonNameForm

    def available(self, subject: Person) -> bool:
        return True

    def institutions(self, subject: Any, data: dict[str, Any]) -> set[int]:
        return set()

    def people(self, subject: Any, data: dict[str, Any]) -> set[int]:
        return {subject.pk}

    def guard(self, context: Context) -> Iterable[Refusal]:
        if context.data["name"] == context.subject.name:
            yield Refusal("state", "与现有姓名相同,没有可更正的。")

    def effect(self, context: Context) -> None:
        person = context.subject
        context.log["name"] = {"before": person.name, "after": context.data["name"]}
        person.name = context.data["name"]
        person.save(update_fields=["name"])
