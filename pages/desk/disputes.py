"""The page of one dispute: what is demanded or attacked, what can be done, its papers and its log (M46, I7, R11)."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from casework.attaching import given_with
from casework.models import Proposal
from disputes.models import STATES, Dispute
from pages.desk import history, terms
from pages.desk.cases import documents_of
from pages.desk.gate import READERS, only
from pages.desk.options import options_of
from pages.requests import SignedIn


@only(*READERS)
@require_GET
def dispute(request: SignedIn, pk: int) -> HttpResponse:
    rows = Dispute.objects.visible_to(request.actor).select_related("institution__district", "agreement", "against")
    row = rows.prefetch_related("facts").filter(pk=pk).first()
    if row is None:
        raise Http404
    closed = next((fact for fact in row.standing() if fact.kind == "closed"), None)
    opened = next((fact for fact in row.standing() if fact.kind == "opened"), None)
    files = given_with([fact.act_id for fact in (opened, closed) if fact], request.actor)
    context = {
        "row": row,
        "files": files.get(opened.act_id, []) if opened else [],
        "outcome_files": files.get(closed.act_id, []) if closed else [],
        "institution": row.institution,
        "closed": closed,
        "conclusion": (closed.data.get("conclusion") or closed.data.get("text") or "") if closed else "",
        "measures": closed.data.get("measures") or [] if closed else [],
        "options": options_of(row, request.actor),
        "proposals": Proposal.objects.filter(case_label="dispute", case_id=pk, state=Proposal.OPEN).select_related("handler", "office"),
        "office_id": request.actor.office_id,
        "documents": documents_of("dispute", pk, row.institution_id, request.actor),
        "deadlines": terms.of_case("dispute", pk),
        "log": history.of_case("dispute", pk, request.actor, dict(STATES)),
    }
    return render(request, "desk/dispute.html", context)
