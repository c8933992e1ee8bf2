"""An application after it was filed: where it stands, its papers, materials, objections and log, as its institution may know them."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render

from agreements.models import Agreement
from applications.materials import items_on
from applications.models import Application, Material
from applications.road import BEFORE_ACCEPTANCE, OPEN
from casework.models import ActRecord
from deadlines import clock
from documents.sharing import of_case
from evaluations.models import Objection
from institutions.acts.receiving import ADDRESSED, documents_of, receipts
from institutions.models import Institution
from pages.paging import page_of
from pages.portal import duties
from pages.portal.base import application_of, institution_page
from pages.portal.tracker import track
from pages.requests import SignedIn

# What an office notes for itself (checks, findings, assignments, a result not yet served) is not the institution's to read.
SHOWN = {
    "submit_application", "supply", "supply_evidence", "withdraw", "institution_signs", "decline", "request_supplement", "accept",
    "refuse", "close_application", "form_team", "request_evidence", "serve_result", "start_re_evaluation", "open_notice", "object",
    "resolve_objection", "invite_to_sign", "sign", "catch_up", "void", "upload_material",
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One line of the log: of its own people the name, of offices only the office."""

    what: str
    when: datetime
    who: str
    note: str
    system: bool
    adverse: bool


@institution_page
def application(request: SignedIn, institution: Institution, pk: int) -> HttpResponse:
    """The page of one application; a draft is filled in instead."""
    found = application_of(request, pk)
    if found.state == "draft":
        return redirect("portal:draft", pk)
    today = clock.today()
    agreement = Agreement.objects.filter(application=found, annulled=False).first()
    tracked = track(found, today, agreement)
    papers = list(documents_of(found.institution_id).filter(of_case("application", pk, found.institution_id)).select_related("issuer"))
    confirmed = receipts(found.institution_id, [paper.pk for paper in papers])
    context = {
        "tracked": tracked,
        "application": found,
        "agreement": agreement,
        "duties": duties.of_application(tracked),
        "papers": [(paper, paper.pk in confirmed, paper.catalogue in ADDRESSED) for paper in papers],
        "materials": _materials(found),
        "objections": Objection.objects.filter(application=found).order_by("-pk"),
        "may_withdraw": found.state in OPEN and not tracked.ended,
        "may_decline": tracked.state == "negotiating",
        "before_acceptance": found.state in BEFORE_ACCEPTANCE,
    }
    return render(request, "portal/application.html", context)


def _materials(application: Application) -> list[tuple[str, Material]]:
    """Every file now on file, named as in the list of the filing day."""
    titles = {item.id: item.title for item in items_on(application.institution.kind, application.filed_on or clock.today())}
    rows = application.materials.filter(replaced_at__isnull=True)
    return [(titles.get(row.item, "评估补充材料" if row.item.startswith("evidence") else row.item), row) for row in rows]


@institution_page
def log(request: SignedIn, institution: Institution, pk: int) -> HttpResponse:
    """What happened, newest first."""
    found = application_of(request, pk)
    rows = ActRecord.objects.filter(case_label="application", case_id=pk, word__in=SHOWN)
    page = page_of(request, rows)
    own = request.actor.office_id
    entries = [_entry(row, own) for row in page.rows]
    return render(request, "portal/log.html", {"application": found, "page": page, "entries": entries})


def _entry(row: ActRecord, own: int | None) -> Entry:
    who = row.user_name if row.office_id == own and row.user_name else row.office_name
    if row.role == "public":
        who = "社会公众"
    note = ""
    if row.word == "upload_material":
        note = f"{row.data.get('item', '')} {row.data.get('name', '')}"
    elif row.word == "void":
        note = f"更正了“{row.data.get('title', '')}”"
    adverse = row.word in ("refuse", "close_application", "void")
    return Entry(row.title, row.at, "系统" if row.by_system else who, note, row.by_system, adverse)
