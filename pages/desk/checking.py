"""Two pages that are worked through item by item: materials beside the checklist, findings beside the rubric."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from applications.materials import Item, items_on
from applications.models import Application
from casework import door
from casework.acts import registry
from casework.refusals import Conflict, Invalid, Missing, Refused, Stale
from evaluations.supplied import supplied
from pages.acting import version_in
from pages.desk import subjects
from pages.desk.acting import RELOAD, conflict
from pages.desk.cases import evaluations_of, get, materials_of
from pages.desk.gate import EVERYBODY, only
from pages.desk.inputs import choices_of, form_for
from pages.desk.options import against
from pages.requests import SignedIn


@only(*EVERYBODY)
@require_http_methods(["GET", "POST"])
def materials(request: SignedIn, pk: int) -> HttpResponse:
    """The checklist, the file looked at, and whether it is fit."""
    case = get(pk, request.actor)
    road = case.road()
    listed = materials_of(case, items_on(case.institution.kind, road.filed_on or case.started_on), road)
    later = [{"item": Item(each.file.item, "", each.title), "file": each.file, "supplied": each} for each in supplied(case, request.actor)]
    ids = [row["item"].id for row in [*listed, *later]]
    at = _at(request, ids, [row["item"].id for row in listed if row["mark"] == "open"])
    row = next((each for each in [*listed, *later] if each["item"].id == at), None)
    initial = {"item": at, "fit": row is not None and row.get("mark") != "unfit", "note": row.get("note", "") if row else ""}
    context = {"listed": listed, "later": later, "row": row, "checked": sum(each["mark"] in ("fit", "unfit") for each in listed)}
    return _work(request, case, "check_material", "desk:materials", at, initial, context, "desk/materials.html", ids)


@only(*EVERYBODY)
@require_http_methods(["GET", "POST"])
def findings(request: SignedIn, pk: int) -> HttpResponse:
    """The rubric, and the finding for the item looked at."""
    case = get(pk, request.actor)
    rounds = evaluations_of(case, request.actor)
    if not rounds:
        raise Http404
    latest = rounds[-1]
    codes = [item["code"] for item in latest["rubric"]]
    at = _at(request, codes, [item["code"] for item in latest["rubric"] if item["finding"] is None])
    item = next((each for each in latest["rubric"] if each["code"] == at), None)
    finding = item["finding"] if item else None
    initial = {"item": at, "mode": latest["evaluation"].mode, "met": True}
    if finding is not None:
        initial |= {"met": finding.met, "mode": finding.mode, "evidence": finding.evidence}
    context = {"latest": latest, "item": item, "done": len(codes) - len(latest["open"])}
    return _work(request, case, "record_finding", "desk:findings", at, initial, context, "desk/findings.html", codes)


def _at(request: SignedIn, ids: list[str], still_open: list[str]) -> str:
    """The item asked for, else the first one not yet dealt with."""
    given = request.POST.get("item") or request.GET.get("item", "")
    return given if given in ids else next(iter(still_open or ids), "")


def _work(
    request: SignedIn,
    case: Application,
    word: str,
    place: str,
    at: str,
    initial: dict[str, Any],
    context: dict[str, Any],
    template: str,
    ids: list[str],
) -> HttpResponse:
    act = registry[word]
    mine = request.actor.role in act.roles
    refusals = tuple(against(act, case, request.actor)) if mine else ()
    form = form_for(act, case, request.actor, initial=initial)
    if request.method == "POST":
        if not mine:
            raise Http404
        form = form_for(act, case, request.actor, request.POST)
        if version_in(request.POST) != subjects.version_of(word, case):
            return conflict(request, case, RELOAD)
        if form.is_valid():
            try:
                door.perform(word, case, actor=request.actor, data=form.raw(), version=case.version)
                following = ids[(ids.index(at) + 1) % len(ids)]
                messages.success(request, f"已记录“{choices_of(form.fields['item']).get(at, at)}”。")
                return redirect(f"{reverse(place, args=[case.pk])}?item={following}")
            except Missing as error:
                raise Http404 from error
            except (Stale, Conflict) as error:
                return conflict(request, case, str(error))
            except Refused as error:
                refusals = error.refusals
            except Invalid as error:
                for name, sentences in error.errors.items():
                    form.add_error(name if name in form.fields else None, sentences)
    context |= {"case": case, "institution": case.institution, "form": form, "at": at, "refusals": refusals, "mine": mine}
    context |= {"version": subjects.version_of(word, case), "place": reverse(place, args=[case.pk])}
    return render(request, template, context)
