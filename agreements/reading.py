"""Which agreement of an institution a question is about."""

from __future__ import annotations

from datetime import date

from django.db.models import F

from agreements.models import Agreement
from institutions.models import Institution


def agreement_of(institution: Institution, day: date) -> Agreement | None:
    """The one in force or suspended on the day, else one still to begin, else the latest that was ever in force, else the latest."""
    rows = Agreement.objects.filter(institution=institution, annulled=False)
    today = rows.filter(first_day__lte=day, ended_on__gte=day).order_by("kind", "-id").first()
    coming = today or rows.filter(first_day__gt=day, ended_on__gte=F("first_day")).order_by("first_day", "-id").first()
    begun = coming or rows.filter(ended_on__gte=F("first_day"), first_day__lte=day).order_by("-first_day", "-id").first()
    return begun or rows.order_by("-id").first()
