"""The list of dishonest persons (M12.8): entry and removal, by person across all institutions and districts."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal
from django import forms
from institutions.models import Person

from standing.bans import PersonFacts, bans_on
from standing.reading import people_with_facts
from standing.recording import record


class ListingForm(ActForm):
    source = forms.CharField(label="来源", required=False, max_length=300)


class _OfPerson(Act):
    subject = Person
    roles = ("city_agency",)
    form = ListingForm

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
    """The person is on the list from today."""

    word = "list_dishonest"
    title = "列入失信人名单"
    clauses = ("M12.8",)

    def guard(self, context: Context) -> Iterable[Refusal]:
        if self.listed(context):
            yield Refusal("state", f"{context.subject.name}已在名单中。")

    def effect(self, context: Context) -> None:
        record(context, "dishonest_listed", context.on, person=context.subject, source=context.data["source"])


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
