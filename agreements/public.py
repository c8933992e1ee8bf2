"""What everybody may know about institutions: designated, to be signed, terminated (M9.5, M11, M35, M43). By dates, never by a job (R7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from agreements.models import Agreement
from agreements.reading import agreement_of, of_day
from applications.models import Application
from applications.road import notice_last_day
from casework.facts import EFFECT_MOVED
from deadlines.calendar import WorkingCalendar
from deadlines.loading import working_calendar
from evaluations.models import NoticeEntry
from institutions.models import Institution, InstitutionQuerySet
from law.clauses import numbered
from standing.models import StandingFact

# Stored states on a notice: the step between them is made by the calendar alone, so the list is right before any timer runs (R7).
ON_NOTICE = ("public_notice", "negotiating")


def designated(day: date) -> InstitutionQuerySet:
    """Institutions with an agreement in force or suspended on a day (M11, R6)."""
    in_force = Agreement.objects.in_force_on(day).filter(institution=OuterRef("pk"))
    return Institution.objects.filter(Exists(in_force))


def agreements_of(institutions: Iterable[Institution], day: date) -> dict[int, Agreement]:
    """Institution → its agreement in force on a day. One query."""
    rows = Agreement.objects.in_force_on(day).filter(institution__in=[each.pk for each in institutions])
    found: dict[int, list[Agreement]] = defaultdict(list)
    for row in rows:
        found[row.institution_id].append(row)
    return {pk: chosen for pk, each in found.items() if (chosen := of_day(each, day)) is not None}


@dataclass(frozen=True)
class Shown:
    """One institution on a public notice."""

    application: Application
    institution: Institution
    opened_on: date
    last_day: date
    open: bool  # objections are possible through the last day


def notice_entries() -> QuerySet[NoticeEntry]:
    """Institutions shown as to be signed, with what a list needs; those signed, closed or refused meanwhile are gone (M9.5)."""
    rows = NoticeEntry.objects.filter(application__state__in=ON_NOTICE)
    return rows.select_related("notice", "application__institution__district")


def shown(entry: NoticeEntry, day: date, calendar: WorkingCalendar | None = None) -> Shown:
    """The period is counted anew, so that a working day overruled meanwhile is respected (R1, R12)."""
    application, notice = entry.application, entry.notice
    clause = numbered("M9.5", application.institution.kind)
    last = notice_last_day(notice.opened_on, notice.days, calendar or working_calendar(), clause).day
    return Shown(application, application.institution, notice.opened_on, last, day <= last)


def to_be_signed(day: date) -> list[Shown]:
    """Everything on the list, for replay and small sites; pages take ``notice_entries`` page by page."""
    calendar = working_calendar()
    return [shown(entry, day, calendar) for entry in notice_entries().order_by("-pk") if entry.notice.opened_on <= day]


def terminations(day: date) -> QuerySet[Any]:
    """Terminations in effect by a day, made here or taken over from the paper file, at request too (M43).

    One at request can be put off by the full check or overtaken by the end of the term (R9): the agreement itself says. ``effective_on``:
    the day it took effect, not before its paper was served (R5).
    """
    rows = StandingFact.objects.filter(kind="termination", institution__isnull=False, voided_at__isnull=True, on__lte=day)
    moved = StandingFact.objects.filter(kind=EFFECT_MOVED, institution=OuterRef("institution"), voided_at__isnull=True)
    moved = moved.annotate(of=Cast(KeyTextTransform("of", "data"), BigIntegerField())).filter(of=OuterRef("pk"))
    rows = rows.exclude(Exists(moved.filter(on__gt=day)))
    rows = rows.annotate(effective_on=Coalesce(Subquery(moved.order_by("-pk").values("on")[:1]), F("on")))
    left = Agreement.objects.filter(institution=OuterRef("institution"), annulled=False, end_state="terminated", ended_on__lt=day)
    rows = rows.filter(Q(data__natures__isnull=True) | ~Q(data__natures=["none"]) | Exists(left))
    return rows.select_related("institution__district")


@dataclass(frozen=True)
class Standing:
    """What the public page of one institution says today; ``word`` is empty for one that the public knows nothing about."""

    word: str = ""  # designated, pending, notice, terminated, ended
    agreement: Agreement | None = None
    notice: Shown | None = None
    since: date | None = None


def standing(institution: Institution, day: date) -> Standing:
    """Today's public state of an institution; the QR code of its plate leads here (M20)."""
    found = agreement_of(institution, day)
    if found is not None and found.ended_on >= day:
        return Standing("designated" if found.first_day <= day else "pending", found, since=found.first_day)
    entry = notice_entries().filter(application__institution=institution).order_by("-pk").first()
    if entry is not None:
        return Standing("notice", notice=shown(entry, day))
    fact = terminations(day).filter(institution=institution).order_by("-on", "-pk").first()
    if fact is not None and (found is None or found.end_state == "terminated" or fact.effective_on > found.ended_on):
        return Standing("terminated", found, since=fact.effective_on)
    if found is not None:
        return Standing("ended", found, since=found.ended_on)
    return Standing()
