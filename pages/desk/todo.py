"""The desk: what the office must do; and the list of all applications. One engine, two starting points."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from applications.road import STATES
from casework.acts import registry
from deadlines import clock
from institutions.models import Kind
from offices.actors import Actor
from offices.models import District
from pages.desk import bounded, export, matters, rows
from pages.desk.filters import Choice, Filters, filters_of
from pages.desk.gate import EVERYBODY, READERS, only
from pages.desk.steps import HOLDERS, MATTERS
from pages.paging import PAGE_SIZE
from pages.requests import SignedIn

DUE = {"overdue": "已超期", "week": "7日内到期", "paused": "停钟", "none": "无期限"}
OWNER = {"me": "我承办", "nobody": "未分派"}


def _todo_filters(request: SignedIn) -> Filters:
    return filters_of(request, Choice("q", "搜索"), Choice("matter", "事项", MATTERS), *_common(request.actor))


def _list_filters(request: SignedIn) -> Filters:
    states = {"open": "未办结", **{state: title for state, title in STATES.items() if state != "draft"}}
    return filters_of(
        request, Choice("q", "搜索"), Choice("state", "状态", states), Choice("holder", "待谁办理", HOLDERS), *_common(request.actor)
    )


def _common(actor: Actor) -> list[Choice]:
    found = [Choice("kind", "类别", dict(Kind.choices)), Choice("due", "期限", DUE), Choice("owner", "承办", OWNER)]
    if actor.whole_city:
        found.append(Choice("district", "区", dict(District.objects.values_list("code", "name"))))
    return found


@only(*EVERYBODY)
@require_GET
def todo(request: SignedIn) -> HttpResponse:
    """What I must do, by due day; counts for each kind of matter."""
    actor, filters = request.actor, _todo_filters(request)
    sources = matters.sources_of(actor)
    counted, most = matters.counts(sources, filters, actor), matters.most(filters)
    tiles = [
        {
            "title": MATTERS[matter],
            "number": bounded.shown(number, most),
            "url": filters.url(matter=matter),
            "current": filters.get("matter") == matter,
        }
        for matter, number in counted.items()
    ]
    total = bounded.total(counted.values(), most)
    everything = {"title": "全部待办", "number": total, "url": filters.url(matter=""), "current": not filters.get("matter")}
    context = _page(request, sources, filters) | {"tiles": [everything, *tiles], "total": total}
    context |= {"title": "待办", "export": "desk:export", "batches": batches_for(actor), "mine": True}
    return render(request, "desk/todo.html", context)


def _tile(filters: Filters, matter: str, title: str, number: int | str) -> dict[str, Any]:
    return {"title": title, "number": number, "url": filters.url(matter=matter), "current": filters.get("matter") == matter}


@only(*READERS)
@require_GET
def applications(request: SignedIn) -> HttpResponse:
    """Every application filed in the area, open or ended."""
    actor, filters = request.actor, _list_filters(request)
    context = _page(request, [matters.every_application(actor)], filters)
    context |= {"title": "申请", "export": "desk:applications_export", "batches": batches_for(actor), "mine": False, "tiles": []}
    return render(request, "desk/todo.html", context)


def _page(request: SignedIn, sources: list[matters.Source], filters: Filters) -> dict[str, Any]:
    after = matters.key_of(request.GET.get("after", ""))
    found = matters.keys(sources, filters, request.actor, size=PAGE_SIZE + 1, after=after)
    more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    here = filters.url()
    joined = "&" if "?" in here else "?"
    page = {
        "next_url": f"{here}{joined}after={matters.key_text(found[-1])}" if more else "",
        "first_url": here if after is not None else "",
    }
    return {"rows": rows.load(found, sources), "page": page, "filters": filters, "today": clock.today()}


def batches_for(actor: Actor) -> list[Any]:
    """Acts that the office can do to many rows at once."""
    return [act for act in registry.values() if act.in_batches and actor.role in act.roles]


@only(*EVERYBODY)
@require_GET
def todo_export(request: SignedIn) -> HttpResponseBase:
    """Exactly the list shown, all pages, as a sheet."""
    return _export(request, matters.sources_of(request.actor), _todo_filters(request), "待办")


@only(*READERS)
@require_GET
def applications_export(request: SignedIn) -> HttpResponseBase:
    return _export(request, [matters.every_application(request.actor)], _list_filters(request), "申请")


def _export(request: SignedIn, sources: list[matters.Source], filters: Filters, title: str) -> HttpResponseBase:
    found = matters.keys(sources, filters, request.actor, size=export.MOST)
    # Loaded before the answer begins: once it streams, a fault could no longer be told.
    listed = [row for start in range(0, len(found), 500) for row in rows.load(found[start : start + 500], sources)]
    return export.matters(title, listed)
