"""A suspended department or person is settled again, before the stated last day or where none was stated (M45, I5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms

from agreements.acts.common import ALIVE, AgreementAct, iso, paper, term_of
from agreements.matters import Part
from agreements.models import Agreement
from agreements.term import Term
from casework.acts import register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal
from deadlines import clock
from institutions.models import Person


def suspended_parts(term: Term, day: date) -> list[Part]:
    """Those suspended beyond today; one ended for good comes back by no act but a correction or a judgement."""
    return [each for each in term.parts if not each.ended and (each.last_day is None or day < each.last_day)]


def names_of(parts: Iterable[Part]) -> dict[int, str]:
    """Fact → the name of its department or person."""
    rows = list(parts)
    people = dict(Person.objects.filter(pk__in=[each.person_id for each in rows if each.person_id]).values_list("pk", "name"))
    return {each.id: each.name(people) for each in rows}


class RestoreForm(ActForm):
    part = forms.TypedChoiceField(label="恢复哪一项(只有一项时可空)", required=False, coerce=int, empty_value=None)
    reason = forms.CharField(label="理由", widget=forms.Textarea, max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["part"]
        assert isinstance(field, forms.TypedChoiceField)
        parts = suspended_parts(self.subject.term(), clock.today()) if isinstance(self.subject, Agreement) else []
        field.choices = [("", ""), *names_of(parts).items()]


@register
class RestorePart(AgreementAct):
    """Suspended through today, settled again from tomorrow."""

    word = "restore_part"
    title = "恢复科室、人员结算"
    clauses = ("M45", "I5")
    roles = ("city_agency",)
    sources = ALIVE
    writes = ("part_restored",)
    papers = (28,)
    signatures = 2
    form = RestoreForm

    def available(self, subject: Any) -> bool:
        return subject.state in ALIVE and bool(suspended_parts(subject.term(), clock.today()))

    def guard(self, context: Context) -> Iterable[Refusal]:
        found = chosen(context)
        if len(found) != 1:
            yield Refusal("state", "有几项中止的科室、人员,请写明恢复哪一项。" if found else "没有中止结算的科室、人员。")

    def effect(self, context: Context) -> None:
        (part,) = chosen(context)
        reason = context.data["reason"]
        context.fact("part_restored", of=part.id, reason=reason)
        variant = "department_restored" if part.department else "person_restored"
        told = {"variant": variant, "name": names_of([part])[part.id], "person_code": part.code, "reason": reason}
        days = {"first_day": iso(part.first_day), "restored_on": iso(context.on + timedelta(days=1))}
        context.issue(28, paper(context, **told, **days, remedies=False))


def chosen(context: Context) -> list[Part]:
    """The one named, or all there are."""
    parts = suspended_parts(term_of(context), context.on)
    return [each for each in parts if context.data["part"] in (None, each.id)]
