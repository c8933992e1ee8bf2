"""Agreements: the list, and the page of one."""

from collections.abc import Container
from datetime import date, timedelta

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agreements.models import Agreement
from agreements.reading import with_chain
from agreements.term import STATES
from applications.road import STATES as ROAD_STATES
from casework.models import Attachment, Proposal
from deadlines import clock
from institutions.models import Kind
from law.rulesets import rule_set_on
from offices.models import District
from pages.desk import history, terms, whereabouts
from pages.desk.cases import documents_of
from pages.desk.filters import Choice, Filters, filters_of
from pages.desk.gate import READERS, only
from pages.desk.matters import PLACED
from pages.desk.options import options_of
from pages.desk.searching import searched
from pages.desk.subjects import as_of_today
from pages.desk.todo import batches_for
from pages.life import underway
from pages.life.drawing import bars_of, draw
from pages.paging import page_of
from pages.requests import SignedIn
from settlement.states import in_state, spans_of

STAND = {"alive": "有效（含待生效）", **STATES, "expired": "已终止（期满或自动终止）"}
FILED = {"no": "未备案", "yes": "已备案"}
ENDS = {"30": "30日内期满", "90": "90日内期满"}


def _filters(request: SignedIn) -> Filters:
    known = [Choice("q", "搜索"), Choice("state", "状态", STAND), Choice("kind", "类别", dict(Kind.choices)), Choice("ends", "期满", ENDS)]
    known.append(Choice("filed", "备案", FILED))
    if request.actor.whole_city:
        known.append(Choice("district", "区", dict(District.objects.values_list("code", "name"))))
    return filters_of(request, *known)


@only(*READERS)
@require_GET
def listing(request: SignedIn) -> HttpResponse:
    filters = _filters(request)
    rows = _narrowed(Agreement.objects.visible_to(request.actor), filters)
    page = page_of(request, rows, shown=Agreement.objects.select_related("institution__district", "main"))
    day = clock.today()
    suspended = spans_of(page.rows, day)
    listed = [{"row": row, "state": state_of(row, day, suspended)} for row in page.rows]
    batches = [act for act in batches_for(request.actor) if act.subject is Agreement]
    context = {"page": page, "listed": listed, "filters": filters, "batches": batches}
    return render(request, "desk/agreements.html", context | {"today": day})


def _narrowed(rows: QuerySet[Agreement], filters: Filters) -> QuerySet[Agreement]:
    day = clock.today()
    state = filters.get("state")
    if state == "alive":
        rows = rows.filter(ended_on__gte=day, annulled=False)
    elif state:
        rows = rows.filter(in_state(state, day))
    if filters.get("ends"):
        rows = rows.filter(ended_on__gte=day, ended_on__lte=day + timedelta(days=int(filters.get("ends"))), annulled=False)
    if filters.get("filed"):
        rows = rows.filter(filed_on__isnull=filters.get("filed") == "no", annulled=False)
    for name, column in PLACED.items():
        if filters.get(name):
            rows = rows.filter(**{column: filters.get(name)})
    if filters.get("q"):
        rows = searched(rows, filters.get("q"), "number")
    return rows


def state_of(row: Agreement, day: date, suspended: Container[int] = ()) -> tuple[str, str]:
    """Today's state by dates (R7) with the colour of its tag; ``suspended``: agreements that are (settlement.states)."""
    if row.annulled:
        return STATES["annulled"], "grey"
    if row.ended_on < day:
        return (STATES["terminated"], "red") if row.end_state == "terminated" else (STATES["expired"], "grey")
    if row.first_day > day:
        return STATES["pending"], "blue"
    return (STATES["suspended"], "amber") if row.pk in suspended else (STATES["active"], "green")


@only(*READERS)
@require_GET
def agreement(request: SignedIn, pk: int) -> HttpResponse:
    rows = Agreement.objects.visible_to(request.actor).select_related(
        "institution__district", "institution__chain", "template", "main", "application", "owner", "previous"
    )
    case = rows.filter(pk=pk).first()
    if case is None:
        raise Http404
    with_chain([case])
    as_of_today(case)
    day = clock.today()
    deadlines = terms.of_case("agreement", pk)
    term = case.term()
    items = underway.of_agreement(case, term, day, reader=request.actor)
    context = {
        "case": case,
        "institution": case.institution,
        "term": term,
        "state": STATES[term.state(day)],
        "kind": case.institution.kind,
        "rules": rule_set_on(case.institution.kind, case.first_day),
        "going": [item for item in items if item.open],
        "over": [item for item in items if not item.open],
        "successors": case.successors.filter(annulled=False),
        "picture": draw(bars_of([(case, term)], []), day),
        "standing": whereabouts.of_agreement(case, [each.row for each in deadlines], day),
        "options": options_of(case, request.actor),
        "proposals": Proposal.objects.filter(case_label="agreement", case_id=pk, state=Proposal.OPEN).select_related("handler", "office"),
        "office_id": request.actor.office_id,
        "documents": [*documents_of("agreement", pk, case.institution_id, request.actor), *_signed_paper(case, request)],
        "attached": Attachment.objects.visible_to(request.actor).filter(act__case_label="agreement", act__case_id=pk),
        "deadlines": deadlines,
        "log": history.of_case("agreement", pk, request.actor, {**ROAD_STATES, **STATES}),
        "supplements": case.supplements.select_related("institution"),
        "today": day,
    }
    return render(request, "desk/agreement.html", context)


def _signed_paper(case: Agreement, request: SignedIn) -> list[object]:
    """The agreement itself was issued by the act of signing, on the application."""
    if case.application_id is None:
        return []
    return [row for row in documents_of("application", case.application_id, case.institution_id, request.actor) if row.catalogue == 16]
