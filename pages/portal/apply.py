"""May I apply? Every condition and bar with its clause and earliest day, told before anything is filled in (R4, R15)."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from applications import entry
from applications.statements import STATEMENTS
from casework.refusals import Invalid, Refusal, Refused
from deadlines import clock
from institutions.models import Institution
from offices import settings as office_settings
from pages.acting import do, say
from pages.portal.base import institution_page, member
from pages.public.guidance import CONDITIONS
from pages.requests import SignedIn
from standing.reading import bans_of


@dataclass(frozen=True)
class Condition:
    """One condition of the kind: met, not met for these reasons, or stated by the institution itself."""

    clause: str
    text: str
    state: str  # met, unmet, stated
    refusals: tuple[Refusal, ...] = ()


@institution_page
@require_http_methods(["GET", "POST"])
def check(request: SignedIn, institution: Institution, pk: int | None = None) -> HttpResponse:
    """The answer for today; POST starts a draft, which nothing of law keeps from being started (R15)."""
    applicant = member(institution, pk)
    today = clock.today()
    current = entry.open_application(applicant, today)
    if request.method == "POST":
        return _start(request, applicant)
    attest = current.attest if current is not None and current.state == "draft" else {}
    answer = entry.may_apply(applicant, today, attest)
    listed = conditions(applicant, answer.refusals)
    named = {condition.clause for condition in listed}
    bans = bans_of(applicant, today)
    told = named | {ban.clause for ban in bans}
    context = {
        "applicant": applicant,
        "answer": answer,
        "conditions": listed,
        "bans": bans,
        "living": [refusal for refusal in answer.refusals if refusal.clause not in told],
        "draft": current if current is not None and current.state == "draft" else None,
        "in_hand": current if current is not None and current.state != "draft" else None,
        "blocked": entry.alive(applicant, today),
        "today": today,
        "answer_days": office_settings.value("supplement_days", today),
    }
    return render(request, "portal/check.html", context)


def conditions(institution: Institution, refusals: tuple[Refusal, ...]) -> list[Condition]:
    """Each condition of the kind with its state; what only a statement can say is neither met nor unmet."""
    found = []
    for clause, text in CONDITIONS[institution.kind]:
        against = tuple(refusal for refusal in refusals if refusal.clause == clause)
        state = "unmet" if against else "stated" if clause in STATEMENTS[institution.kind] else "met"
        found.append(Condition(clause, text, state, against))
    return found


def _start(request: SignedIn, applicant: Institution) -> HttpResponse:
    try:
        outcome = do(request, "start_application", applicant)
    except (Refused, Invalid) as error:
        draft = entry.open_application(applicant, clock.today())
        if draft is not None and draft.state == "draft":  # a second click, or a colleague was faster
            return redirect("portal:draft", draft.pk)
        messages.error(request, say(error))
        return redirect("portal:apply_for", applicant.pk)
    return redirect("portal:draft", outcome.record.data["application"])
