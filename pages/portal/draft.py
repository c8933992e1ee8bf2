"""The draft of an application: task list, materials, statements, check answers, submit, receipt (M7, R15)."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from applications import entry, materials
from applications.materials import Item
from applications.models import Application, Material
from applications.statements import statements_of
from casework.refusals import Invalid, Refused
from deadlines import clock
from documents.models import Document
from institutions.models import Institution
from offices import settings as office_settings
from pages.acting import Stopped, do, say, version_in
from pages.portal import uploading
from pages.portal.base import application_of, institution_page
from pages.requests import SignedIn


@dataclass(frozen=True)
class Slot:
    """One listed material with its items and what lies in them."""

    name: str
    title: str
    rows: list[tuple[Item, Material | None]]

    @property
    def have(self) -> int:
        return sum(material is not None for _, material in self.rows)

    @property
    def complete(self) -> bool:
        return self.have == len(self.rows)


def slots_of(application: Application) -> list[Slot]:
    """The slots of today with what is on file. Two queries."""
    have = materials.on_file(application)
    slots: dict[str, Slot] = {}
    for item in materials.items_on(application.institution.kind, application.filed_on or clock.today()):
        title = item.title.split(":")[0]
        slots.setdefault(item.slot, Slot(item.slot, title, [])).rows.append((item, have.get(item.id)))
    return list(slots.values())


def _draft(request: SignedIn, pk: int) -> Application:
    application = application_of(request, pk)
    if application.state != "draft":
        raise Stopped(redirect("portal:application", pk))
    return application


@institution_page
def tasks(request: SignedIn, institution: Institution, pk: int) -> HttpResponse:
    """What is done and what is left, one line each."""
    application = _draft(request, pk)
    slots = slots_of(application)
    statements = statements_of(application, clock.today())
    context = {
        "application": application,
        "slots": slots,
        "complete": sum(slot.complete for slot in slots),
        "answered": sum(each.answer is not None for each in statements),
        "statements": statements,
    }
    return render(request, "portal/draft.html", context)


@institution_page
@require_http_methods(["GET", "POST"])
def slot(request: SignedIn, institution: Institution, pk: int, name: str) -> HttpResponse:
    """The files of one listed material; each item is sent by itself."""
    application = _draft(request, pk)
    slots = slots_of(application)
    here = next((number for number, each in enumerate(slots) if each.name == name), None)
    if here is None:
        raise Http404
    problem, item = "", request.POST.get("item", "")
    if request.method == "POST":
        try:
            problem = uploading.upload(request, application)
        except Stopped as stopped:
            if uploading.by_script(request):
                return uploading.stopped(stopped)
            raise
        if uploading.by_script(request):
            return uploading.answer(application, item, problem)
        if not problem:
            messages.success(request, "文件已保存。")
            return redirect("portal:slot", pk, name)
    context = {
        "application": application,
        "slot": slots[here],
        "rows": [(each, file, each.title.partition(":")[2] or each.title) for each, file in slots[here].rows],
        "before": slots[here - 1] if here else None,
        "after": slots[here + 1] if here + 1 < len(slots) else None,
        "problem": problem,
        "item": item,
    }
    return render(request, "portal/slot.html", context)


@institution_page
@require_http_methods(["GET", "POST"])
def statements(request: SignedIn, institution: Institution, pk: int) -> HttpResponse:
    """What only the institution can say. The script sends each answer by itself, the button all of them."""
    application = _draft(request, pk)
    rows = statements_of(application, clock.today())
    if request.method == "POST":
        given = {each.code: request.POST[each.field] == "yes" for each in rows if request.POST.get(each.field) in ("yes", "no")}
        # An answer sent by itself is merged with the others, so it needs no version; a whole page might overwrite a colleague's.
        version = None if uploading.by_script(request) else version_in(request.POST)
        try:
            do(request, "save_draft", application, data={"attest": given}, version=version)
        except (Refused, Invalid) as error:
            if uploading.by_script(request):
                return JsonResponse({"problem": say(error)}, status=400)
            messages.error(request, say(error))
            return redirect("portal:statements", pk)
        except Stopped as stopped:
            if uploading.by_script(request):
                return uploading.stopped(stopped)
            raise
        if uploading.by_script(request):
            application.refresh_from_db(fields=["version"])
            return JsonResponse({"saved": f"{clock.now():%H:%M:%S}", "version": application.version})
        messages.success(request, "申明已保存。")
        return redirect("portal:draft", pk)
    return render(request, "portal/statements.html", {"application": application, "statements": rows})


@institution_page
@require_http_methods(["GET", "POST"])
def check(request: SignedIn, institution: Institution, pk: int) -> HttpResponse:
    """Everything once more before it is filed: what is missing, what speaks against it, and the right to file all the same (R15)."""
    application = application_of(request, pk)
    if application.state != "draft":  # a second click, or the way back after filing
        return redirect("portal:filed" if application.number else "portal:application", pk)
    problems: list[str] = []
    insisted = request.POST.get("insist") == "on"
    if request.method == "POST":
        problems = _submit(request, application, insisted)
        if not problems:
            return redirect("portal:filed", pk)
    applicant, today = application.institution, clock.today()
    slots = slots_of(application)
    unanswerable = entry.unanswerable(applicant, today)
    context: dict[str, Any] = {
        "application": application,
        "applicant": applicant,
        "slots": slots,
        "missing": [item for slot in slots for item, material in slot.rows if material is None],
        "statements": statements_of(application, today),
        "blocked": [*(refusal for blocker in entry.blockers for refusal in blocker(applicant, today)), *unanswerable],
        "against": [each for each in entry.reasons(applicant, today, application.attest) if each not in unanswerable],
        "insisted": insisted,
        "answer_days": office_settings.value("supplement_days", today),
        "problems": problems,
    }
    return render(request, "portal/check_answers.html", context)


def _submit(request: SignedIn, application: Application, insisted: bool) -> list[str]:
    """File it. Sentences why not; none when it is filed, by this click or by the one before."""
    try:
        do(request, "submit_application", application, data={"attest": {}, "insist": insisted}, version=version_in(request.POST))
    except (Refused, Invalid, Stopped) as error:
        application.refresh_from_db()
        if application.state != "draft":
            return []
        if isinstance(error, Stopped):
            raise
        return [refusal.message for refusal in error.refusals] if isinstance(error, Refused) else [say(error)]
    return []


@institution_page
def filed(request: SignedIn, institution: Institution, pk: int) -> HttpResponse:
    """The confirmation, with the receipt to keep."""
    application = application_of(request, pk)
    if application.filed_on is None:
        return redirect("portal:application", pk)
    receipt = Document.objects.filter(case_label="application", case_id=pk, catalogue=1).order_by("-pk").first()
    road = application.road()
    due = application.deadlines().filter(kind="supplement", key="first").first()
    context = {"application": application, "receipt": receipt, "road": road, "due": due}
    return render(request, "portal/filed.html", context)
