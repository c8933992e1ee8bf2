"""Which agreement of an institution a question is about, and agreements with all that their folds read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import F, prefetch_related_objects

from agreements.models import Agreement
from institutions.models import Institution


def agreement_of(institution: Institution, day: date) -> Agreement | None:
    """The one in force or suspended on the day, else one still to begin, else the latest that was ever in force, else the latest."""
    rows = Agreement.objects.filter(institution=institution, annulled=False)
    today = rows.filter(first_day__lte=day, ended_on__gte=day).order_by("kind", "-id").first()
    coming = today or rows.filter(first_day__gt=day, ended_on__gte=F("first_day")).order_by("first_day", "-id").first()
    begun = coming or rows.filter(ended_on__gte=F("first_day"), first_day__lte=day).order_by("-first_day", "-id").first()
    return begun or rows.order_by("-id").first()


def with_chain(agreements: Iterable[Agreement]) -> list[Agreement]:
    """The agreements with the facts of themselves, their main ones and those before them (R6): three queries for each step back."""
    found = list(agreements)
    step = found
    while step:
        prefetch_related_objects(step, "facts", "main__facts", "previous")
        step = [row.previous for row in step if row.previous is not None]
    return found
