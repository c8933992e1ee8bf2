"""The list of dishonest persons (M12.8): entry and removal, by person across all institutions and districts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal
from institutions.identity import BadIdentityNumber, resident_number_of
from institutions.models import Person
from standing.bans import PersonFacts, bans_on
from standing.models import StandingFact
from standing.reading import people_with_facts
from standing.recording import record


class PersonForm(ActForm):
    name = forms.CharField(label="姓名", max_length=100)
    id_number = forms.CharField(label="身份证件号码", max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def clean_id_number(self) -> str:
        try:
            return resident_number_of(self.cleaned_data["id_number"])
        except BadIdentityNumber as error:
            raise forms.ValidationError(str(error)) from error


@register
class RegisterPerson(Act):
    """Somebody to be listed who holds no post anywhere yet; the same number is the same person. The log bears no number (M35)."""

    word = "register_person"
    title = "登记人员"
    clauses = ("M12.8",)
    roles = ("city_agency",)
    form = PersonForm

    def effect(self, context: Context) -> None:
        person = Person.get_or_create_by_id_number(context.data["name"], context.data["id_number"])
        context.log = {"person": person.pk, "name": person.name}


class SourceForm(ActForm):
    source = forms.CharField(label="来源", required=False, max_length=300)


class ListingForm(SourceForm):
    since = forms.DateField(label="列入之日(空为当日)", required=False)


class _OfPerson(Act):
    subject = Person
    roles = ("city_agency",)
    form = SourceForm

    def available(self, subject: Person) -> bool:
        return True

    def institutions(self, subject: Any, data: dict[str, Any]) -> set[int]:
        return set()

    def people(self, subject: Any, data: dict[str, Any]) -> set[int]:
        return {subject.pk}

    @staticmethod
    def listed(context: Context) -> bool:
        facts: list[PersonFacts] = people_with_facts([context.subject])
        return any(ban.clause == "M12.8" for ban in bans_on(context.on, "hospital", (), facts))


@register
class ListDishonest(_OfPerson):
    """The person is on the list, from today or from the day the list itself names (R4: entry)."""

    word = "list_dishonest"
    title = "列入失信人名单"
    clauses = ("M12.8",)
    form = ListingForm

    def guard(self, context: Context) -> Iterable[Refusal]:
        since = context.data["since"]
        if self.listed(context):
            yield Refusal("state", f"{context.subject.name}已在名单中。")
        if since and since > context.on:
            yield Refusal("state", "列入之日不能晚于今天。")
        removed = removed_on(context.subject)
        if since and removed and since < removed:
            yield Refusal("state", f"{context.subject.name}曾于{removed}移出名单,再次列入之日不能早于该日。", removed)

    def effect(self, context: Context) -> None:
        since = context.data["since"] or context.on
        record(context, "dishonest_listed", since, person=context.subject, source=context.data["source"])


def removed_on(person: Person) -> date | None:
    """The day the person was last taken off the list."""
    removals = StandingFact.objects.filter(person=person, kind="dishonest_unlisted", voided_at__isnull=True)
    return removals.order_by("on").values_list("on", flat=True).last()


@register
class UnlistDishonest(_OfPerson):
    """The person is taken off the list; the bar is gone the same day."""

    word = "unlist_dishonest"
    title = "移出失信人名单"
    clauses = ("M12.8",)

    def guard(self, context: Context) -> Iterable[Refusal]:
        if not self.listed(context):
            yield Refusal("state", f"{context.subject.name}不在名单中。")

    def effect(self, context: Context) -> None:
        record(context, "dishonest_unlisted", context.on, person=context.subject, source=context.data["source"])
