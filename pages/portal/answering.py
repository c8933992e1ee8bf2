"""Answering what an office asks for: the supplement before acceptance, further evidence during the evaluation (M8.2, M9.2)."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from applications import materials
from applications.models import Application, Material
from casework.refusals import Invalid, Refused
from documents.models import Document
from institutions.models import Institution
from pages.acting import Stopped, do, say, version_in
from pages.portal import uploading
from pages.portal.base import application_of, institution_page
from pages.requests import SignedIn


@dataclass(frozen=True)
class Asked:
    """One item of the supplement notice, and what has been handed in for it."""

    id: str
    title: str
    wrong: str
    required: str
    file: Material | None
    done: bool


@institution_page
@require_http_methods(["GET", "POST"])
def supplement(request: SignedIn, institution: Institution, pk: int) -> HttpResponse:
    """What the one notice names, a place for each file, and the button that hands them in."""
    application = application_of(request, pk)
    if application.state != "supplementing":
        return redirect("portal:application", pk)
    problem = ""
    if request.method == "POST":
        if "file" in request.FILES or uploading.by_script(request) or "item" in request.POST:
            return _upload(request, application)
        problem = _supply(request, application)
        if not problem:
            return redirect("portal:supplement", pk)
    return _supplement_page(request, application, problem)


def _upload(request: SignedIn, application: Application) -> HttpResponse:
    item = request.POST.get("item", "")
    try:
        problem = uploading.upload(request, application)
    except Stopped as stopped:
        if uploading.by_script(request):
            return uploading.stopped(stopped)
        raise
    if uploading.by_script(request):
        return uploading.answer(application, item, problem)
    if problem:
        return _supplement_page(request, application, "", problem, item)
    messages.success(request, "文件已保存，全部备齐后请提交补正材料。")
    return redirect("portal:supplement", application.pk)


def _supply(request: SignedIn, application: Application) -> str:
    try:
        outcome = do(request, "supply", application, data={"items": []}, version=version_in(request.POST))
    except (Refused, Invalid) as error:
        application.refresh_from_db()
        return "" if application.state != "supplementing" else say(error)
    if outcome.after == "supplementing":
        messages.warning(request, "已提交一部分，还没有补齐。全部补齐之日才是受理日。")
    else:
        messages.success(request, "补正材料已全部提交，区经办机构将核对。")
    return ""


def _supplement_page(request: SignedIn, application: Application, problem: str, upload_problem: str = "", item: str = "") -> HttpResponse:
    rows = asked_of(application)
    context = {
        "application": application,
        "rows": rows,
        "notice": Document.objects.filter(case_label="application", case_id=application.pk, catalogue=3).order_by("-pk").first(),
        "ready": sum(row.file is not None and not row.done for row in rows),
        "left": [row for row in rows if row.file is None and not row.done],
        "problem": problem,
        "upload_problem": upload_problem,
        "item": item,
    }
    return render(request, "portal/supplement.html", context)


def asked_of(application: Application) -> list[Asked]:
    """The items of the notice in its order, with its words for what is wrong and what is required."""
    road = application.road()
    fact = application.facts.filter(kind="supplement_requested", voided_at__isnull=True).latest("id")
    paper = Document.objects.filter(act_id=fact.act_id, catalogue=3).first()
    said: list[dict[str, Any]] = paper.data.get("items", []) if paper else []
    titles = {item.id: item.title for item in materials.items_on(application.institution.kind, road.filed_on or application.started_on)}
    rows = application.materials.filter(replaced_at__isnull=True, uploaded_at__gte=fact.at)
    fresh = {material.item: material for material in rows}
    found = []
    for number, item in enumerate(fact.data["items"]):
        words = said[number] if number < len(said) else {}
        file, done = fresh.get(item), item not in road.missing
        found.append(Asked(item, titles.get(item, item), words.get("wrong", ""), words.get("required", ""), file, done))
    return found


@institution_page
@require_http_methods(["GET", "POST"])
def evidence(request: SignedIn, institution: Institution, pk: int) -> HttpResponse:
    """What the evaluation asks for; each item is handed in by itself, the clock runs again when the last one is in (R2)."""
    application = application_of(request, pk)
    road = application.road()
    if application.state != "evaluating" or road.round is None or not road.round.open_items:
        return redirect("portal:application", pk)
    problem, item = "", request.POST.get("item", "")
    if request.method == "POST":
        problem = _hand_in(request, application, item) if item in road.round.open_items else "请选择要提交的是哪一项。"
        if not problem:
            return redirect("portal:evidence", pk)
    context = {
        "application": application,
        "items": road.round.open_items,
        "since": road.round.pauses[-1][0],
        "notice": Document.objects.filter(case_label="application", case_id=pk, catalogue=8).order_by("-pk").first(),
        "problem": problem,
        "item": item,
    }
    return render(request, "portal/evidence.html", context)


def _hand_in(request: SignedIn, application: Application, item: str) -> str:
    file = request.FILES.get("file")
    if file is None:
        return uploading.NO_FILE
    data = {"items": [item]}
    try:
        outcome = do(request, "supply_evidence", application, data=data, files={"file": file}, version=version_in(request.POST))
    except (Refused, Invalid) as error:
        return say(error)
    left = outcome.subject.road().round.open_items
    messages.success(request, f"已提交，还差 {len(left)} 项。" if left else "已全部提交，评估期限继续计算。")
    return ""
