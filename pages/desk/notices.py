"""Public notices and the objections to them (M9.5, R12)."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from applications.models import Application, ApplicationFact
from applications.road import STATES
from casework.acts import registry
from deadlines import clock
from evaluations.models import Notice, NoticeEntry, Objection
from offices.actors import Actor
from offices.models import Role
from pages.desk.filters import Choice, filters_of
from pages.desk.gate import READERS, only
from pages.paging import page_of
from pages.requests import SignedIn

STANDS = {"open": "公示中", "over": "已期满", "objections": "有未办结异议"}
SEE_OBJECTORS = (Role.CITY_AGENCY, Role.CITY_BUREAU, Role.AUDITOR)


def standing_objections() -> QuerySet[Objection]:
    """Objections that were not taken back by a correction."""
    facts = ApplicationFact.objects.filter(kind="objected", voided_at__isnull=True)
    return Objection.objects.filter(fact_id__in=facts.values("pk"))


def visible(actor: Actor) -> QuerySet[Notice]:
    """Notices are public; a district finds those with institutions of its own."""
    if actor.whole_city:
        return Notice.objects.all()
    own = NoticeEntry.objects.filter(notice=OuterRef("pk"), application__in=Application.objects.visible_to(actor))
    return Notice.objects.filter(Exists(own))


@only(*READERS)
@require_GET
def listing(request: SignedIn) -> HttpResponse:
    filters = filters_of(request, Choice("stands", "状态", STANDS))
    day = clock.today()
    rows = visible(request.actor)
    unresolved = standing_objections().filter(application__notice_entries__notice=OuterRef("pk"), resolved_at__isnull=True)
    if filters.get("stands") == "open":
        rows = rows.filter(last_day__gte=day)
    elif filters.get("stands") == "over":
        rows = rows.filter(last_day__lt=day)
    elif filters.get("stands") == "objections":
        rows = rows.filter(Exists(unresolved))
    page = page_of(request, rows)
    ids = [row.pk for row in page.rows]
    cases = Application.objects.visible_to(request.actor)
    entries = dict(
        Notice.objects.filter(pk__in=ids).annotate(n=Count("entries", filter=Q(entries__application__in=cases))).values_list("pk", "n")
    )
    objections = NoticeEntry.objects.filter(notice__in=ids, application__in=cases, application__objections__in=standing_objections())
    made: dict[int, list[Any]] = {}
    for notice, resolved in objections.values_list("notice_id", "application__objections__resolved_at"):
        made.setdefault(notice, []).append(resolved)
    listed = [
        {
            "row": row,
            "entries": entries.get(row.pk, 0),
            "objections": len(made.get(row.pk, [])),
            "open": sum(1 for resolved in made.get(row.pk, []) if resolved is None),
        }
        for row in page.rows
    ]
    return render(request, "desk/notices.html", {"page": page, "listed": listed, "filters": filters, "today": day})


@only(*READERS)
@require_GET
def notice(request: SignedIn, pk: int) -> HttpResponse:
    actor = request.actor
    row = visible(actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    cases = Application.objects.visible_to(actor).select_related("institution__district")
    cases = cases.filter(notice_entries__notice=row).prefetch_related(Prefetch("objections", standing_objections())).order_by("pk")
    resolve = registry["resolve_objection"]
    entries = []
    for case in cases:
        objections = list(case.objections.all())
        for each in objections:
            if actor.role not in SEE_OBJECTORS:
                each.objector = each.contact = ""
        entries.append({"case": case, "state": STATES[case.state], "objections": objections})
    context = {"notice": row, "entries": entries, "mine": actor.role in resolve.roles, "resolve": resolve, "today": clock.today()}
    return render(request, "desk/notice.html", context)
