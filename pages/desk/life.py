"""What is under way beside agreements, for a whole area: suspensions, termination cases, requests, renewals, changes (M40–M44)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from agreements.changes import fields_of
from agreements.grounds import termination_grounds
from agreements.models import Change, Renewal, Suspension, TerminationCase, TerminationRequest
from deadlines import clock
from disputes.models import Dispute
from documents.citations import place
from institutions.models import Kind
from offices.actors import Actor
from offices.models import District
from pages.desk import bounded, export
from pages.desk.filters import Choice, Filters, filters_of
from pages.desk.gate import READERS, only
from pages.desk.matters import PLACED
from pages.desk.searching import searched
from pages.life.today import in_state, underway, unswept, with_state
from pages.life.underway import ICONS, OPEN_STATES, TONES
from pages.paging import page_of
from pages.requests import SignedIn


@dataclass(frozen=True)
class Sort:
    """One kind of matter: its model, its title."""

    model: Any
    title: str

    @property
    def states(self) -> Mapping[str, str]:
        return dict(self.model._meta.get_field("state").choices)

    @property
    def open_states(self) -> list[str]:
        return [state for state in self.states if state in OPEN_STATES]


SORTS: dict[str, Sort] = {
    "suspension": Sort(Suspension, "中止"),
    "termination_case": Sort(TerminationCase, "解除立案"),
    "termination_request": Sort(TerminationRequest, "申请解除"),
    "renewal": Sort(Renewal, "续签"),
    "change": Sort(Change, "信息变更"),
    "dispute": Sort(Dispute, "争议"),
}


@only(*READERS)
@require_GET
def listing(request: SignedIn) -> HttpResponse:
    """One kind at a time, open ones unless asked otherwise; the newest first."""
    name = _sort_of(request)
    sort, filters = SORTS[name], _filters(request, name)
    day = clock.today()
    lag = unswept(day)
    shown = with_state(sort.model.objects.select_related("agreement", "institution__district"), lag)
    page = page_of(request, narrowed(sort, filters, request.actor, lag), shown=shown)
    listed = [{"row": row, **_told(row, name, day)} for row in page.rows]
    found = counts(request.actor, lag).values()
    tiles = [{**tile, "current": tile["name"] == name, "url": f"{request.path}?sort={tile['name']}"} for tile in found]
    context = {"page": page, "listed": listed, "filters": filters, "tiles": tiles, "sort": sort, "today": day}
    context["narrowed"] = len(filters.chosen) > 1
    return render(request, "desk/life.html", context)


@only(*READERS)
@require_GET
def listing_export(request: SignedIn) -> StreamingHttpResponse:
    """Exactly the list shown, all pages, as a sheet."""
    name = _sort_of(request)
    sort, day = SORTS[name], clock.today()
    lag = unswept(day)
    rows = narrowed(sort, _filters(request, name), request.actor, lag).select_related("agreement", "institution__district")
    rows = with_state(rows, lag)
    # Loaded before the answer begins: once it streams, a fault could no longer be told.
    found = list(rows.order_by("-pk")[: export.MOST])
    return export.life(sort.title, ((row, _told(row, name, day)) for row in found))


def _sort_of(request: SignedIn) -> str:
    """The kind of matter that the address asks for."""
    name = request.GET.get("sort", "")
    return name if name in SORTS else "suspension"


def _filters(request: SignedIn, name: str) -> Filters:
    states = {"all": "全部（含已办结）", **SORTS[name].states}
    known = [Choice("sort", "事项", {key: sort.title for key, sort in SORTS.items()}), Choice("q", "搜索")]
    known += [Choice("state", "状态", states), Choice("kind", "类别", dict(Kind.choices))]
    if request.actor.whole_city:
        known.append(Choice("district", "区", dict(District.objects.values_list("code", "name"))))
    filters = filters_of(request, *known)
    return Filters(filters.path, filters.query, known, {**filters.chosen, "sort": name})


def narrowed(sort: Sort, filters: Filters, actor: Actor, day: date | None) -> QuerySet[Any]:
    rows = sort.model.objects.visible_to(actor)
    state = filters.get("state")
    if not state:
        rows = rows.filter(underway(sort.model, sort.open_states, day))
    elif state != "all":
        rows = rows.filter(in_state(sort.model, state, day))
    for name, column in PLACED.items():
        if filters.get(name):
            rows = rows.filter(**{column: filters.get(name)})
    if filters.get("q"):
        rows = searched(rows, filters.get("q"), "agreement__number")
    narrowed_rows: QuerySet[Any] = rows
    return narrowed_rows


def counts(actor: Actor, day: date | None) -> dict[str, dict[str, Any]]:
    """How many of each kind are open in the area: one query."""
    numbers = bounded.counts(
        sort.model.objects.visible_to(actor).filter(underway(sort.model, sort.open_states, day)) for sort in SORTS.values()
    )
    return {
        name: {"name": name, "title": sort.title, "number": str(bounded.shown(number)), "url": f"{reverse('desk:life')}?sort={name}"}
        for (name, sort), number in zip(SORTS.items(), numbers, strict=True)
    }


def _told(row: Any, name: str, day: Any) -> dict[str, Any]:
    """What the row is about, in a few words, its state today and the colour of that (R7)."""
    state, tone = row.stands, TONES.get(row.stands, "grey")
    about, due = "", None
    if name == "suspension":
        about = "处理" if row.imposed else "机构申请"
    elif name == "termination_case":
        grounds = termination_grounds(row.institution.kind)
        about = f"{place(row.ground, row.institution.kind)} {grounds[row.ground].label}" if row.ground in grounds else row.ground
    elif name == "renewal":
        due = row.agreement.last_day if state == "requested" else None
    elif name == "change":
        title = fields_of(row.institution.kind).get(row.field, row.field)
        about = f"{title}（{'重大，市经办机构核准' if row.major else '一般，区经办机构办理'}）"
    elif name == "dispute":
        about, due = f"{row.get_kind_display()} {row.number}", row.due_on if state == "open" else None
    url = reverse("desk:dispute", args=[row.pk]) if name == "dispute" else reverse("desk:agreement", args=[row.agreement_id])
    return {
        "state": SORTS[name].states[state],
        "about": about,
        "due": due,
        "tone": tone,
        "icon": ICONS.get(tone, "dash-circle"),
        "url": url,
    }
