"""The renewal campaign: agreements whose term ends soon, called, asked, decided; many at once through the batch page (M41.1, M41.2)."""

from collections import Counter
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agreements.announcing import RENEWAL_OPENS_MONTHS
from agreements.models import Agreement
from deadlines import clock
from deadlines.periods import add_months
from institutions.models import Institution, Kind
from offices.actors import Actor
from offices.models import District, Role
from pages.desk.batches import MOST
from pages.desk.filters import Choice, filters_of
from pages.desk.gate import READERS, only
from pages.desk.todo import batches_for
from pages.paging import page_of
from pages.requests import SignedIn

STAGES = {"quiet": "未通知、未申请", "called": "已通知、未申请", "asked": "待决定", "agreed": "已续签", "declined": "不续签"}
TONES = {
    "quiet": ("amber", "exclamation-circle"),
    "called": ("blue", "envelope"),
    "asked": ("violet", "hourglass-split"),
    "agreed": ("green", "check-circle-fill"),
    "declined": ("grey", "dash-circle"),
}
MOST_TOLD = 1000
"""Progress is that of so many agreements, the first to end: of a whole city nobody waits for the count."""
FIRST = {Role.DISTRICT_AGENCY: "quiet"}


def ending(actor: Actor, day: date) -> QuerySet[Agreement]:
    """Agreements in the window: the last day lies within six months, nothing ended them before."""
    last = add_months(day, RENEWAL_OPENS_MONTHS)
    rows: Any = Agreement.objects.visible_to(actor).filter(first_day__lte=day, last_day__gte=day, last_day__lte=last, ended_on__gte=day)
    found: QuerySet[Agreement] = rows.filter(annulled=False).exclude(kind="supplementary")
    return found


def progress(rows: QuerySet[Agreement]) -> dict[str, int]:
    """Stage → how many of the first to end are in it; by the index of each stage, in one statement."""
    parts = [
        rows.filter(renewal_stage=stage).order_by("last_day", "pk").values_list("renewal_stage", "last_day", "pk")[:MOST_TOLD]
        for stage in STAGES
    ]
    counted = Counter(stage for stage, *_ in parts[0].union(*parts[1:], all=True).order_by("last_day", "pk")[:MOST_TOLD])
    return {stage: counted[stage] for stage in STAGES}


@only(*READERS)
@require_GET
def campaign(request: SignedIn) -> HttpResponse:
    """Where the campaign stands and the agreements of one stage, as many on a page as one batch takes."""
    known = [Choice("q", "搜索"), Choice("stage", "进度", STAGES), Choice("kind", "类别", dict(Kind.choices))]
    if request.actor.whole_city:
        known.append(Choice("district", "区", dict(District.objects.values_list("code", "name"))))
    filters = filters_of(request, *known)
    stage = filters.get("stage") or FIRST.get(Role(request.actor.role), "asked")
    rows = ending(request.actor, clock.today())
    for name, column in (("kind", "institution_kind"), ("district", "district")):
        if filters.get(name):
            rows = rows.filter(**{column: filters.get(name)})
    numbers = progress(rows)
    total = sum(numbers.values())
    if filters.get("q"):
        rows = rows.filter(institution__in=Institution.objects.search(filters.get("q")).values("pk"))
    shown = Agreement.objects.select_related("institution__district")
    page = page_of(request, rows.filter(renewal_stage=stage), size=MOST, by="last_day", newest_first=False, shown=shown)
    tiles = [
        {"title": title, "number": numbers[name], "url": filters.url(stage=name), "current": name == stage}
        for name, title in STAGES.items()
    ]
    context: dict[str, Any] = {
        "page": page,
        "tone": TONES[stage],
        "stage": STAGES[stage],
        "filters": filters,
        "tiles": tiles,
        "total": total,
        "some": total == MOST_TOLD,
        "moved": total - numbers["quiet"],
        "settled": numbers["agreed"] + numbers["declined"],
        "months": RENEWAL_OPENS_MONTHS,
        "batches": [act for act in batches_for(request.actor) if act.word in ("call_for_renewal", "decide_renewal")],
        "most": MOST,
    }
    return render(request, "desk/renewals.html", context)
