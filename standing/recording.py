"""Adverse facts written by acts of higher floors."""

from __future__ import annotations

from datetime import date
from typing import Any

from casework.context import Context
from institutions.models import Institution, Person
from standing.models import StandingFact


def record(
    context: Context, kind: str, on: date, /, *, institution: Institution | None = None, person: Person | None = None, **data: Any
) -> StandingFact:
    """Write one adverse fact as part of an act, so that voiding the act takes it away again."""
    return StandingFact.objects.create(
        kind=kind, on=on, at=context.at, institution=institution, person=person, data=data, act_id=context.record_id
    )


def record_second_failure(context: Context, institution: Institution, served_on: date, *, paper: bool = False, **more: Any) -> StandingFact:
    """The second failed evaluation bars for a year from its service (M9.8)."""
    return record(context, "second_fail", served_on, institution=institution, paper=paper, **more)
