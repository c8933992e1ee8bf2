"""The page of an application: where it stands, what can be done, what is on file, what was done."""

from typing import Any

from django.db.models import Prefetch
from django.db.models.fields.json import KT
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agreements.acts.signing import accepted_by_institution, invitation, offered_term
from agreements.places import places_for
from applications import checklist, entry
from applications.materials import Item, items_on, on_file, unfit_items
from applications.models import Application, Material
from applications.road import STATES, Road
from casework.models import Proposal
from deadlines import clock
from documents.access import visible_to as documents_visible_to
from documents.models import Document, ProofOfService
from documents.sharing import of_case
from evaluations.models import Evaluation, Finding
from evaluations.supplied import supplied
from institutions.models import Institution
from institutions.posts import holders
from law.rulesets import rule_set_on
from offices.actors import Actor
from offices.models import Role
from pages.desk import history, terms, whereabouts
from pages.desk.gate import EVERYBODY, only
from pages.desk.options import options_of
from pages.desk.subjects import as_of_today
from pages.requests import SignedIn
from standing.reading import warnings_of


def get(pk: int, actor: Actor) -> Application:
    """A filed application the actor may see, as of today. Raises Http404."""
    rows = Application.objects.visible_to(actor).exclude(state="draft").select_related("institution__district", "owner")
    found = rows.prefetch_related("facts").filter(pk=pk).first()
    if found is None:
        raise Http404
    return as_of_today(found)


@only(*EVERYBODY)
@require_GET
def application(request: SignedIn, pk: int) -> HttpResponse:
    actor = request.actor
    case = get(pk, actor)
    road, day = case.road(), clock.today()
    deadlines = list(case.deadlines().order_by("due_on", "id"))
    items = items_on(case.institution.kind, road.filed_on or case.started_on)
    evaluations = evaluations_of(case, actor)
    codes = {item.id: item.title for item in items}
    for each in evaluations:
        codes |= {item["code"]: item["title"] for item in each["rubric"]}
    context: dict[str, Any] = {
        "case": case,
        "institution": case.institution,
        "road": road,
        "state": STATES[road.state(day)],
        "standing": whereabouts.of_application(case, road, deadlines, day),
        "stages": whereabouts.stages_of(road, day, case.institution.kind),
        "options": options_of(case, actor),
        "proposals": Proposal.objects.filter(case_label="application", case_id=pk, state=Proposal.OPEN).select_related("handler", "office"),
        "office_id": actor.office_id,
        "materials": materials_of(case, items, road),
        "checklist": checklist_of(case),
        "rules": rule_set_on(case.institution.kind, case.filed_on or case.started_on),
        "evaluations": evaluations,
        "objections": objections_of(case, actor),
        "signing": signing_of(case, road),
        "documents": documents_of("application", pk, case.institution_id, actor),
        "deadlines": [terms.shown(row, day) for row in deadlines],
        "log": history.of_case("application", pk, actor, STATES, codes),
        "today": day,
    }
    context["may_evaluate"] = any(option.act.word == "record_finding" for option in context["options"].now)
    if actor.role == Role.THIRD_PARTY:
        # It sees what it needs for its findings (M35).
        context |= {"objections": [], "signing": None, "checklist": [], "log": [], "posts": [], "warnings": [], "bars": [], "partner": True}
    else:
        bars = entry.bars(case.institution, day) if road.is_open(day) else []
        context |= about_institution(case.institution, day) | {"bars": bars, "partner": False}
    return render(request, "desk/application.html", context)


def about_institution(institution: Institution, day: Any) -> dict[str, Any]:
    titles = {"legal_representative": "法定代表人", "principal": "主要负责人", "controller": "实际控制人"}
    return {
        "posts": [(titles[post], person) for post, person in holders(institution, day).items()],
        "warnings": warnings_of(institution, day),
    }


def materials_of(case: Application, items: list[Item], road: Road) -> list[dict[str, Any]]:
    """Each item with its file and what the clerk found."""
    have: dict[str, Material] = on_file(case)
    unfit = unfit_items(case)
    fit = {fact.data["item"]: fact for fact in case.facts.all() if fact.kind == "checked" and fact.voided_at is None and fact.data["fit"]}
    rows = []
    for item in items:
        file = have.get(item.id)
        checked = fit.get(item.id)
        mark = ("missing", "未提交") if file is None else ("open", "未核对")
        if item.id in unfit:
            mark = ("unfit", "不符合")
        elif file is not None and checked is not None and checked.at >= file.uploaded_at:
            mark = ("fit", "符合")
        rows.append({"item": item, "file": file, "mark": mark[0], "mark_title": mark[1], "note": unfit.get(item.id, "")})
    return rows


def checklist_of(case: Application) -> list[dict[str, Any]]:
    """What only a person can judge: the item, what the institution states, and how it was judged at acceptance."""
    accepted = [fact for fact in case.facts.all() if fact.kind == "accepted" and fact.voided_at is None]
    judged = accepted[-1].data.get("judged", {}) if accepted else {}
    kind = case.institution.kind
    rows = checklist.items_for(case)
    return [{"item": each, "clause": checklist.clause_of(each.code, kind), "judged": judged.get(each.code)} for each in rows]


def evaluations_of(case: Application, actor: Actor) -> list[dict[str, Any]]:
    """Rounds of evaluation with team, rubric and findings; a third party sees its own."""
    rows = Evaluation.objects.visible_to(actor).filter(application=case).select_related("rubric", "commissioned_to").order_by("round")
    rows = rows.prefetch_related("members", Prefetch("findings", Finding.objects.select_related("recorded_by")))
    listed = []
    rounds, came_in = case.road().rounds, supplied(case, actor)
    for each in rows:
        now = {finding.item: finding for finding in each.findings.all() if finding.replaced_at is None}
        items = [{**item, "finding": now.get(item["code"])} for item in each.rubric.items]
        road_round = rounds[each.round - 1] if each.round <= len(rounds) else None
        open_items = [item["title"] for item in items if item["finding"] is None]
        files = [file for file in came_in if file.evaluation == each.pk]
        listed.append({"evaluation": each, "rubric": items, "round": road_round, "open": open_items, "supplied": files})
    return listed


def objections_of(case: Application, actor: Actor) -> list[Any]:
    """Objections; who made them is told to the city's offices and the auditor only (M35)."""
    rows = list(case.objections.all())
    for row in rows:
        if actor.role not in (Role.CITY_AGENCY, Role.CITY_BUREAU, Role.AUDITOR):
            row.objector = row.contact = ""
    return rows


def signing_of(case: Application, road: Road) -> dict[str, Any] | None:
    """The terms offered and who has signed; places allocated, used and left (M4)."""
    if road.state(clock.today()) not in ("public_notice", "negotiating", "signed"):
        return None
    offer = invitation(case)
    return {
        "offer": offer,
        "term": offered_term(offer) if offer else "",
        "accepted": accepted_by_institution(case) if offer else False,
        "places": places_for(case.institution, clock.today()),
        "agreement": case.agreements.first(),
    }


def documents_of(label: str, pk: int, institution_id: int, actor: Actor) -> list[Document]:
    """The papers of a case that the actor may open, shared lists and their corrections among them, each with its service."""
    proofs = ProofOfService.objects.filter(voided_at__isnull=True)
    rows = documents_visible_to(actor).filter(of_case(label, pk, institution_id)).defer("data").order_by("-id")
    rows = rows.annotate(removes=KT("data__taken_out"))
    return list(rows.select_related("supersedes").prefetch_related(Prefetch("proofs", proofs, to_attr="served_by")))
