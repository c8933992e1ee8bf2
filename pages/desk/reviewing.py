"""The second signature (M29): what waits for review, what it will do, signing, returning, taking back."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework import preview, proposals
from casework.acts import registry
from casework.models import Proposal
from casework.refusals import Conflict, Invalid, Missing, Refused, Stale
from institutions.models import Institution
from offices.actors import Actor
from offices.models import Office, Role, User
from offices.notifications import notify
from pages.desk import bounded, subjects
from pages.desk.acting import conflict, consequences, done_sentence, given
from pages.desk.gate import EVERYBODY, only
from pages.desk.inputs import form_for
from pages.paging import page_of
from pages.requests import SignedIn

STATES = {"open": "待复核", "confirmed": "已签署", "returned": "已退回", "withdrawn": "已收回"}


def visible(actor: Actor) -> QuerySet[Proposal]:
    """The proposals of one's own office; the auditor reads all (R16); nobody else's exist."""
    if actor.role == Role.AUDITOR:
        return Proposal.objects.all()
    return own(actor)


def own(actor: Actor) -> QuerySet[Proposal]:
    """Those that the actor's office may sign, return and take back."""
    return Proposal.objects.filter(office_id=actor.office_id) if actor.office_id else Proposal.objects.none()


@only(*EVERYBODY)
@require_GET
def listing(request: SignedIn) -> HttpResponse:
    actor = request.actor
    state = request.GET.get("state", "open")
    state = state if state in STATES else "open"
    rows = visible(actor).filter(state=state).select_related("handler", "reviewer")
    mine = request.GET.get("mine") == "1"
    if mine:
        rows = rows.filter(Q(handler_id=actor.user_id))
    page = page_of(request, rows, newest_first=state != "open")
    institutions = Institution.objects.in_bulk([row.institution_id for row in page.rows if row.institution_id])
    listed = [{"row": row, "act": registry.get(row.word), "institution": institutions.get(row.institution_id)} for row in page.rows]
    numbers = bounded.counts(visible(actor).filter(state=value) for value in STATES)
    counts = [(value, label, bounded.shown(number)) for (value, label), number in zip(STATES.items(), numbers, strict=True)]
    return render(
        request, "desk/proposals.html", {"page": page, "listed": listed, "state": state, "counts": counts, "mine": mine, "states": STATES}
    )


@only(*EVERYBODY)
@require_http_methods(["GET", "POST"])
def proposal(request: SignedIn, pk: int) -> HttpResponse:
    rows = own(request.actor) if request.method == "POST" else visible(request.actor)
    row = get_object_or_404(rows.select_related("handler", "reviewer"), pk=pk)
    return _decide(request, row) if request.method == "POST" else _page(request, row)


@only(*EVERYBODY)
@require_POST
def proposal_consequences(request: SignedIn, pk: int) -> HttpResponse:
    """What signing would do, tried now. By POST, for trying writes (and undoes) in the database."""
    row = get_object_or_404(own(request.actor), pk=pk, state=Proposal.OPEN)
    context = _consequences(request, row)
    template = "desk/_consequences.html" if request.headers.get("HX-Request") else "desk/consequences.html"
    return render(request, template, context | {"row": row})


def _consequences(request: SignedIn, row: Proposal) -> dict[str, Any]:
    subject = proposals.subject_of(row)
    handler = proposals.handler_of(row)
    found = preview.preview(row.word, subject, actor=handler, data=row.data, version=row.case_version)
    if found.error is not None:
        refusals = found.error.refusals if isinstance(found.error, Refused) else ()
        return {"failed": str(found.error), "refusals": refusals, "preview": None}
    return {"preview": consequences(subject, found), "failed": "", "refusals": ()}


def _page(request: SignedIn, row: Proposal, error: str = "", refusals: Any = (), status: int = 200) -> HttpResponse:
    act = registry.get(row.word)
    subject = proposals.subject_of(row)
    if act is None or subject is None:
        raise Http404
    subjects.as_of_today(subject)
    form = form_for(act, subject, request.actor, row.data)
    form.is_valid()
    actor = request.actor
    may_sign = row.state == Proposal.OPEN and row.office_id == actor.office_id and actor.may_review and row.handler_id != actor.user_id
    context = {
        "row": row,
        "act": act,
        "subject": subject,
        "institution": getattr(subject, "institution", None),
        "name": subjects.name_of(subject),
        "back": subjects.address(subject),
        "given": given(form),
        "state": STATES[row.state],
        "mine": row.handler_id == actor.user_id,
        "may_sign": may_sign,
        "moved": row.state == Proposal.OPEN and getattr(subject, "version", row.case_version) != row.case_version,
        "error": error,
        "refusals": refusals,
        "remark": request.POST.get("remark", ""),
    }
    return render(request, "desk/proposal.html", context, status=status)


def _decide(request: SignedIn, row: Proposal) -> HttpResponse:
    answer, remark = request.POST.get("answer"), request.POST.get("remark", "").replace("\x00", "").strip()[:1000]
    act = registry[row.word]
    try:
        if answer == "confirm":
            outcome = proposals.confirm(row.pk, actor=request.actor)
            _tell(row, f"“{act.title}”已由{request.actor.user_name}复核签署。")
            messages.success(request, done_sentence(act, outcome.documents))
            return redirect(subjects.address(outcome.subject))
        if answer == "return":
            if not remark:
                return _page(request, row, error="退回须写明意见，经办人据此修改。")
            proposals.send_back(row.pk, actor=request.actor, remark=remark)
            _tell(row, f"“{act.title}”被{request.actor.user_name}退回：{remark[:200]}")
            messages.success(request, "已退回经办人。")
        elif answer == "withdraw":
            proposals.take_back(row.pk, actor=request.actor)
            messages.success(request, "已收回，可以修改后重新提交。")
            return redirect(subjects.address(proposals.subject_of(row)))
        else:
            return _page(request, row, error="请选择签署、退回或者收回。")
    except Missing as error:
        raise Http404 from error
    except (Stale, Conflict) as error:
        return conflict(request, proposals.subject_of(row), str(error))
    except Refused as error:
        return _page(request, row, refusals=error.refusals)
    except Invalid as error:
        return _page(request, row, error=str(error))
    return redirect("desk:proposals")


def _tell(row: Proposal, text: str) -> None:
    """The handler learns what became of it."""
    office, handler = Office.objects.get(pk=row.office_id), User.objects.get(pk=row.handler_id)
    notify(office, "proposal", text, key=f"proposal-{row.pk}", link=reverse("desk:proposal", args=[row.pk]), user=handler)
