"""The public lists of designated and terminated institutions, and the page of one (M11, M20, M43)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from agreements import public
from agreements.grounds import own_ground, termination_grounds
from deadlines import clock
from documents.citations import place
from institutions.models import Institution
from pages.paging import page_of
from pages.public.searching import search_of
from settlement.states import spans_of
from standing.models import StandingFact


def designated(request: HttpRequest) -> HttpResponse:
    """Always equal to the agreements in force today by their dates, whether any timer ran or not (M11, R7).

    The newest first: among the oldest institutions most have ended, and a page would read past all of them.
    """
    today, search = clock.today(), search_of(request)
    page = page_of(request, search.narrow(public.designated(today)).select_related("district"))
    agreements = public.agreements_of(page.rows, today)
    suspended = spans_of(agreements.values(), today)
    rows = [(institution, agreements[institution.pk], agreements[institution.pk].pk in suspended) for institution in page.rows]
    return render(request, "public/designated.html", {"page": page, "rows": rows, "search": search, "today": today})


def terminated(request: HttpRequest) -> HttpResponse:
    """Institutions whose agreement was terminated by decision, newest first (M43)."""
    today, search = clock.today(), search_of(request)
    facts = public.terminations(today)
    if search.narrowed:
        facts = facts.filter(institution__in=search.matching())
    page = page_of(request, facts)
    rows = [(fact, grounds_of(fact)) for fact in page.rows]
    return render(request, "public/terminated.html", {"page": page, "rows": rows, "search": search, "today": today})


def grounds_of(fact: StandingFact) -> str:
    """On what the agreement was terminated, in the places of the law; a decision taken over from paper may name none (M43, P40)."""
    assert fact.institution is not None
    kind = fact.institution.kind
    labels = termination_grounds(kind)
    grounds = [own_ground(each, kind) for each in fact.data.get("grounds", [])]
    return "；".join(f"{place(each, kind)} {labels[each].label if each in labels else ''}".strip() for each in grounds)


def institution(request: HttpRequest, pk: int) -> HttpResponse:
    """Today's state of one institution; for one that the public never heard of the page does not exist."""
    found = get_object_or_404(Institution.objects.select_related("district", "parent"), pk=pk)
    today = clock.today()
    standing = public.standing(found, today)
    if not standing.word:
        raise Http404
    ground = ""
    if standing.word == "terminated":
        fact = public.terminations(today).filter(institution=found).order_by("-on", "-pk").first()
        ground = grounds_of(fact) if fact is not None else ""
    context = {"institution": found, "standing": standing, "today": today, "ground": ground, "suspended": None}
    if standing.word == "designated":
        assert standing.agreement is not None
        context["suspended"] = spans_of([standing.agreement], today).get(standing.agreement.pk)
    return render(request, "public/institution.html", context)
