"""Adverse facts written by acts of higher floors."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from casework.context import Context
from casework.facts import EFFECT_MOVED
from casework.refusals import Refusal
from institutions.models import Institution, Person
from law.rulesets import MEASURES_FROM
from standing.models import StandingFact


def before_measures(context: Context, day: date) -> Iterable[Refusal]:
    """Nothing is dated before under the Measures, so no ban under them rests on such a day (M53, P50)."""
    if day < MEASURES_FROM:
        yield context.refuse("M53", f"本办法自{MEASURES_FROM}起施行,此前的事实不能作为依本办法不予受理的依据。", MEASURES_FROM)


def record(
    context: Context, kind: str, on: date, /, *, institution: Institution | None = None, person: Person | None = None, **data: Any
) -> StandingFact:
    """Write one adverse fact as part of an act, so that voiding the act takes it away again."""
    return StandingFact.objects.create(
        kind=kind, on=on, at=context.at, institution=institution, person=person, data=data, act_id=context.record_id
    )


def move_effect(context: Context, act: int, served_on: date, *, document: int) -> None:
    """What a decision barred begins when its paper was served, not before (R5, R4); voiding the proof takes it back."""
    for fact in StandingFact.objects.filter(act_id=act, kind__in=("termination", "barred_person"), voided_at__isnull=True):
        data = {"of": fact.pk, "document": document}
        StandingFact.objects.create(
            kind=EFFECT_MOVED, on=served_on, at=context.at, institution=fact.institution, person=fact.person, data=data,
            act_id=context.record_id,
        )  # fmt: skip


def record_second_failure(context: Context, institution: Institution, served_on: date, *, paper: bool = False, **more: Any) -> StandingFact:
    """The second failed evaluation bars for a year from its service (M9.8)."""
    return record(context, "second_fail", served_on, institution=institution, paper=paper, **more)
