"""The institution's agreement as it lives: where it stands, what is under way, what can be asked for and by when (M40–M44, R9)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from agreements import term as rules
from agreements.acts.renewing import window_opens
from agreements.acts.requesting import is_public_hospital
from agreements.deadlines import FILING_DAYS, renewal_last_day
from agreements.intentions import MEASURES, open_intentions
from agreements.models import Agreement
from agreements.reading import with_chain
from agreements.suspensions import MOST_DAYS
from agreements.term import Term
from agreements.voluntary import earliest_effect
from casework.acts import registry
from casework.refusals import Refusal
from deadlines import clock
from deadlines.loading import working_calendar
from deadlines.periods import advance_notice_last_day
from disputes.models import Dispute
from documents.sharing import of_case
from institutions.acts.receiving import ADDRESSED, documents_of, receipts
from institutions.models import Institution
from law.clauses import numbered
from pages.desk.options import against
from pages.desk.subjects import as_of_today
from pages.life import underway
from pages.life.asking import Answered, QuestionForm, ask, of_today
from pages.life.drawing import bars_of, draw
from pages.portal.base import institution_page, member
from pages.requests import SignedIn
from standing.reading import bans_of, bans_through_today


@dataclass(frozen=True)
class Request:
    """One thing that can be asked for: the rule with its day, before anything is filled in."""

    title: str
    rule: str
    clause: str
    url: str
    due: date | None = None
    refusals: tuple[Refusal, ...] = ()


def agreement_of(request: SignedIn, pk: int) -> Agreement:
    """One of the institution's own agreements as of today (404 for every other)."""
    rows = Agreement.objects.visible_to(request.actor).select_related("institution__district", "institution__chain", "main", "previous")
    found: Agreement | None = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    with_chain([found])
    as_of_today(found)
    return found


@institution_page
def living(request: SignedIn, institution: Institution, pk: int) -> HttpResponse:
    found, day = agreement_of(request, pk), clock.today()
    term = found.term()
    items = underway.of_agreement(found, term, day, reader=request.actor)
    papers = list(documents_of(found.institution_id).filter(of_case("agreement", pk, found.institution_id)).select_related("issuer"))
    confirmed = receipts(found.institution_id, [paper.pk for paper in papers])
    context: dict[str, Any] = {
        "agreement": found,
        "institution": found.institution,
        "kind": found.institution.kind,
        "term": term,
        "state": rules.STATES[term.state(day)],
        "tone": {"active": "good", "suspended": "wait", "pending": "wait"}.get(term.state(day), ""),
        "settled": of_today(found.institution),
        "going": [item for item in items if item.open],
        "over": [item for item in items if not item.open],
        "hearings": [(each, MEASURES[each.act]) for each in open_intentions(term.intentions) if day <= each.last_day],
        "requests": requests(found, term, request, day),
        "picture": draw(bars_of([(found, term)], bans_through_today(found.institution, day)), day),
        "bans": bans_of(found.institution, day),
        "disputes": Dispute.objects.filter(institution=found.institution).order_by("-id"),
        "papers": [(paper, paper.pk in confirmed, paper.catalogue in ADDRESSED) for paper in papers],
        "today": day,
    }
    return render(request, "portal/living.html", context)


def requests(agreement: Agreement, term: Term, request: SignedIn, day: date) -> list[Request]:
    """Everything the institution may ask for under this agreement, each with its rule; what is not possible today says why."""
    kind, earliest = agreement.institution.kind, earliest_effect(day)
    by = renewal_last_day(kind, term, working_calendar())
    late = "，过期仍收，按逾期登记" if by.day >= day else "，期限已过，仍可以提出，按逾期登记"
    public = "公立医疗机构原则上不得主动提出。" if is_public_hospital(agreement.institution) else ""
    opens = window_opens(term)
    told = {
        "request_renewal": (f"{opens}起可以提出，最迟{by.day}提出为按时{late}。", "M41.1", by.day),
        "request_non_renewal": (f"{opens}起可以提出，最迟须提前3个月，即{advance_notice_last_day(term.last_day)}。{public}", "M44.1", None),
        "report_change": (f"重大信息自主管部门批准之日起{FILING_DAYS}个工作日内申报；逾期照收并注明。", "M40.1", None),
        "request_suspension": (f"须提前3个月，今天提出的最早自{earliest}起；最长{MOST_DAYS}日。{public}", "M42.4", None),
        "request_resumption": (f"最迟在中止第{MOST_DAYS}日提出，确认后次日起恢复；不提出的，协议自动终止。", "M42.5", _cap(term, day)),
        "request_termination": (f"须提前3个月，今天提出的最早自{earliest}起解除；生效前先全面核查。{public}", "M44.1", None),
    }
    found = []
    for word, (rule, clause, due) in told.items():
        act = registry[word]
        refusals = tuple(against(act, agreement, request.actor))
        url = reverse("portal:ask", args=[agreement.pk, word])
        open_due = due if due is not None and not refusals else None
        found.append(Request(act.title, rule, numbered(clause, kind), url, open_due, refusals))
    return sorted(found, key=lambda each: bool(each.refusals))


def _cap(term: Term, day: date) -> date | None:
    suspension = term.suspension(day, imposed=False)
    return suspension.lapses_on if suspension is not None else None


@institution_page
def settlement(request: SignedIn, institution: Institution) -> HttpResponse:
    """Whether a service of one's own is settled (R8)."""
    asked_for = request.GET.get("of", "")
    applicant = member(institution, int(asked_for) if asked_for.isdecimal() and len(asked_for) < 19 else None)
    asked = bool(request.GET.get("service_on"))
    form = QuestionForm(request.GET if asked else None, initial={"service_on": clock.today()})
    answered: Answered | None = ask(applicant, form.cleaned_data) if asked and form.is_valid() else None
    context = {"applicant": applicant, "form": form, "answered": answered}
    return render(request, "portal/settlement.html", context)
