"""The bureau's overview: how many stand where, what is late, how long it takes gross and net of pauses. Each figure opens its list."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from agreements.models import Agreement, Allocation
from applications.models import Application, ApplicationFact
from applications.road import OPEN, STATES
from casework.facts import PlainFact
from deadlines import clock
from evaluations.states import in_state
from institutions.models import Institution, Kind
from offices.actors import Actor
from offices.models import District
from pages.desk import bounded, life
from pages.desk.gate import READERS, only
from pages.desk.loading import NOBODY
from pages.life.today import unswept
from pages.requests import SignedIn

YEAR = timedelta(days=365)
MOST = 500  # results; the page says so
FUNNEL = [state for state in STATES if state in OPEN - {"draft"}] + ["signed"]
ENDED = ["refused", "withdrawn", "closed", "declined"]


@dataclass(frozen=True)
class Handling:
    """Days from acceptance to the first result, of the results of the last 365 days: median, gross and net of pauses."""

    number: int
    gross: int
    net: int


@only(*READERS)
@require_GET
def overview(request: SignedIn) -> HttpResponse:
    actor, day = request.actor, clock.today()
    cases = Application.objects.visible_to(actor).exclude(state="draft")
    context: dict[str, Any] = {
        "today": day,
        "funnel": funnel(cases),
        "late": _late(cases, day),
        "ends": _ends(actor, day),
        "life": life.counts(actor, unswept(day)).values(),
        "coverage": coverage(actor, day),
        "places": places(actor, day) if actor.whole_city else [],
        "handling": [(kind.label, handling(actor, kind.value, day)) for kind in Kind],
    }
    return render(request, "desk/overview.html", context)


def _url(name: str, **query: str) -> str:
    return f"{reverse(name)}?" + "&".join(f"{key}={value}" for key, value in query.items())


def funnel(cases: Any) -> list[dict[str, Any]]:
    """State × kind, in the order of the road; states as they are today (R7)."""
    asked = [(state, kind.value) for state in [*FUNNEL, *ENDED] for kind in Kind]
    numbers = bounded.counts(cases.filter(in_state(state), institution_kind=kind) for state, kind in asked)
    counted = dict(zip(asked, numbers, strict=True))
    most = max(sum(counted[state, kind.value] for kind in Kind) for state in FUNNEL)
    found = []
    for state in [*FUNNEL, *ENDED]:
        cells: list[dict[str, Any]] = [
            {"number": bounded.shown(counted[state, kind.value]), "url": _url("desk:applications", state=state, kind=kind.value)}
            for kind in Kind
        ]
        numbers = [counted[state, kind.value] for kind in Kind]
        found.append(
            {
                "title": STATES[state],
                "cells": cells,
                "total": bounded.total(numbers),
                "value": sum(numbers),
                "url": _url("desk:applications", state=state),
                "most": max(most, 1),
                "ended": state not in FUNNEL,
            }
        )
    return found


def _late(cases: Any, day: date) -> list[dict[str, Any]]:
    """What is overdue, falls due in a week, or stands still."""
    waiting = cases.exclude(waits_for="")
    asked = {
        "overdue": ("已超期", waiting.filter(due_on__lt=day, paused_since__isnull=True).exclude(in_state("negotiating"))),
        "week": ("7日内到期", waiting.filter(due_on__range=(day, day + timedelta(days=7)), paused_since__isnull=True)),
        "paused": ("停钟中", waiting.filter(paused_since__isnull=False)),
    }
    numbers = bounded.counts(rows for _, rows in asked.values())
    found = []
    for (name, (title, _)), number in zip(asked.items(), numbers, strict=True):
        url = _url("desk:applications", due=name, state="open")
        found.append({"title": title, "number": bounded.shown(number), "url": url, "bad": name == "overdue"})
    return found


def _ends(actor: Actor, day: date) -> list[dict[str, Any]]:
    rows = Agreement.objects.visible_to(actor).filter(annulled=False, ended_on__gte=day)
    ahead = (30, 90)
    numbers = bounded.counts(rows.filter(ended_on__lte=day + timedelta(days=days)) for days in ahead)
    return [
        {"title": f"{days}日内期满", "number": bounded.shown(number), "url": _url("desk:agreements", ends=str(days))}
        for days, number in zip(ahead, numbers, strict=True)
    ]


def coverage(actor: Actor, day: date) -> list[dict[str, Any]]:
    """District × kind: institutions known, designated today, applications open, overdue."""
    districts = list(District.objects.all() if actor.whole_city else District.objects.filter(pk=actor.district))
    cells_of = [(district.pk, kind.value) for district in districts for kind in Kind]
    living = Agreement.objects.in_force_on(day).values("institution").distinct()  # several agreements: still one institution
    cases = Application.objects.filter(state__in=sorted(OPEN - {"draft"}))
    late = cases.filter(due_on__lt=day, paused_since__isnull=True).exclude(waits_for="").exclude(in_state("negotiating"))
    asked: list[QuerySet[Any]] = []
    for code, kind in cells_of:
        asked.append(Institution.objects.filter(district=code, kind=kind))
        asked += [rows.filter(district=code, institution_kind=kind) for rows in (living, cases, late)]
    numbers = iter(bounded.counts(asked))
    found = []
    for district in districts:
        cells = []
        for kind in Kind:
            where = {"district": district.pk, "kind": kind.value}
            known, designated, open_cases, overdue = (bounded.shown(next(numbers)) for _ in range(4))
            cells.append(
                {
                    "kind": kind.label,
                    "figures": [
                        (known, _url("desk:institutions", **where)),
                        (designated, _url("desk:institutions", stands="designated", **where)),
                        (open_cases, _url("desk:applications", state="open", **where)),
                        (overdue, _url("desk:applications", state="open", due="overdue", **where)),
                    ],
                }
            )
        found.append({"district": district, "cells": cells})
    return found


def places(actor: Actor, day: date) -> list[dict[str, Any]]:
    """Places allocated, used and left this year (M4): the newest row of each kind and district."""
    newest: dict[tuple[str, str | None], Allocation] = {}
    for row in Allocation.objects.filter(year=day.year).select_related("district").order_by("id"):
        newest[row.kind, row.district_id] = row
    if not newest:
        return []
    living = Agreement.objects.filter(ended_on__gte=day, annulled=False).exclude(kind="supplementary")
    used: dict[tuple[str, str | None], int] = {}
    grouped = living.values_list("institution_kind", "district").annotate(n=Count("institution", distinct=True))
    for kind, district, number in grouped.order_by("institution_kind", "district"):
        used[kind, district] = number
        used[kind, None] = used.get((kind, None), 0) + number
    return [
        {
            "row": row,
            "used": used.get(key, 0),
            "left": row.places - used.get(key, 0),
            "where": row.district.name if row.district else "全市",
        }
        for key, row in newest.items()
    ]


def handling(actor: Actor, kind: str, day: date) -> Handling | None:
    """From acceptance to the first result, of the newest results; None where there was none. Two queries."""
    decided = ApplicationFact.objects.filter(
        application__institution_kind=kind, kind="result_recorded", voided_at__isnull=True, on__gte=day - YEAR
    )
    if not actor.whole_city:
        decided = decided.filter(application__district=actor.district or "")
    ids = list(decided.order_by("-on").values_list("application_id", flat=True)[:MOST]) or [NOBODY]
    kinds = ["accepted", "evidence_requested", "evidence_supplied", "result_recorded"]
    rows = ApplicationFact.objects.filter(application_id__in=ids, kind__in=kinds, voided_at__isnull=True).order_by("application_id", "id")
    facts: dict[int, list[PlainFact]] = {}
    for row in rows:
        facts.setdefault(row.application_id, []).append(row.plain())
    spans = [span for own in facts.values() if (span := _span(own)) is not None]
    if not spans:
        return None
    gross, net = sorted(days for days, _ in spans), sorted(days - still for days, still in spans)
    return Handling(len(spans), gross[len(gross) // 2], net[len(net) // 2])


def _span(facts: list[PlainFact]) -> tuple[int, int] | None:
    """Days from acceptance to the first result, and how many of them the clock stood still."""
    start = next((fact.on for fact in facts if fact.kind == "accepted"), None)
    still, paused = 0, None
    for fact in facts:
        if fact.kind == "evidence_requested":
            paused = fact.on
        elif fact.kind == "evidence_supplied" and paused is not None:
            last, paused = paused, None
            still += (fact.on - last).days
        elif fact.kind == "result_recorded":
            return ((fact.on - start).days, still) if start else None
    return None
