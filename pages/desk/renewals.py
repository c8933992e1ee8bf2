"""The renewal campaign: agreements whose term ends soon, called, asked, decided; many at once through the batch page (M41.1, M41.2)."""

from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agreements.announcing import RENEWAL_OPENS_MONTHS
from agreements.models import Agreement, Renewal
from deadlines import clock
from deadlines.periods import add_months
from documents.models import Document
from institutions.models import Institution, Kind
from offices.actors import Actor
from offices.models import District
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
CALL_FOR_RENEWAL = 21


def ending(actor: Actor, day: date) -> QuerySet[Agreement]:
    """Agreements in the window: the last day lies within six months, nothing ended them before."""
    last = add_months(day, RENEWAL_OPENS_MONTHS)
    rows: Any = Agreement.objects.visible_to(actor).filter(first_day__lte=day, last_day__gte=day, last_day__lte=last, ended_on__gte=day)
    rows = rows.filter(annulled=False).exclude(kind="supplementary")
    call = Document.objects.filter(case_label="agreement", case_id=OuterRef("pk"), catalogue=CALL_FOR_RENEWAL, voided_at__isnull=True)
    asked = Renewal.objects.filter(agreement=OuterRef("pk")).filter(state__in=["requested", "agreed", "declined"]).order_by("-id")
    found: QuerySet[Agreement] = rows.annotate(is_called=Exists(call), renewal_state=Subquery(asked.values("state")[:1]))
    return found


def in_stage(stage: str) -> Q:
    if stage in ("quiet", "called"):
        return Q(renewal_state__isnull=True, is_called=stage == "called")
    return Q(renewal_state={"asked": "requested"}.get(stage, stage))


@only(*READERS)
@require_GET
def campaign(request: SignedIn) -> HttpResponse:
    """Where the campaign stands and the agreements of one stage, as many on a page as one batch takes."""
    known = [Choice("q", "搜索"), Choice("stage", "进度", STAGES), Choice("kind", "类别", dict(Kind.choices))]
    if request.actor.whole_city:
        known.append(Choice("district", "区", dict(District.objects.values_list("code", "name"))))
    filters = filters_of(request, *known)
    rows = ending(request.actor, clock.today())
    for name, column in (("kind", "kind"), ("district", "district_id")):
        if filters.get(name):
            rows = rows.filter(**{f"institution__{column}": filters.get(name)})
    if filters.get("q"):
        rows = rows.filter(institution__in=Institution.objects.search(filters.get("q")).values("pk"))
    numbers = rows.order_by().aggregate(**{stage: Count("pk", filter=in_stage(stage)) for stage in STAGES})
    total = sum(numbers.values())
    if filters.get("stage"):
        rows = rows.filter(in_stage(filters.get("stage")))
    page = page_of(request, rows.select_related("institution__district"), size=MOST, newest_first=False)
    tiles = [
        {"title": title, "number": numbers[stage], "url": filters.url(stage=stage), "current": filters.get("stage") == stage}
        for stage, title in STAGES.items()
    ]
    context: dict[str, Any] = {
        "page": page,
        "listed": [{"row": row, **_told(row)} for row in page.rows],
        "filters": filters,
        "tiles": tiles,
        "total": total,
        "moved": total - numbers["quiet"],
        "settled": numbers["agreed"] + numbers["declined"],
        "months": RENEWAL_OPENS_MONTHS,
        "batches": [act for act in batches_for(request.actor) if act.word in ("call_for_renewal", "decide_renewal")],
        "most": MOST,
    }
    return render(request, "desk/renewals.html", context)


def _told(row: Any) -> dict[str, Any]:
    stage = {"requested": "asked"}.get(row.renewal_state or "", row.renewal_state or ("called" if row.is_called else "quiet"))
    tone, icon = TONES[stage]
    return {"stage": STAGES[stage], "tone": tone, "icon": icon}
