"""The public lists of designated and terminated institutions, and the page of one (M11, M20, M43)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from agreements import public
from deadlines import clock
from institutions.models import Institution
from pages.paging import page_of
from pages.public.searching import search_of


def designated(request: HttpRequest) -> HttpResponse:
    """Always equal to the agreements in force today by their dates, whether any timer ran or not (M11, R7)."""
    today, search = clock.today(), search_of(request)
    page = page_of(request, search.narrow(public.designated(today)).select_related("district"), newest_first=False)
    agreements = public.agreements_of(page.rows, today)
    rows = [(institution, agreements[institution.pk]) for institution in page.rows]
    return render(request, "public/designated.html", {"page": page, "rows": rows, "search": search, "today": today})


def terminated(request: HttpRequest) -> HttpResponse:
    """Institutions whose agreement was terminated by decision, newest first (M43)."""
    today, search = clock.today(), search_of(request)
    facts = public.terminations(today)
    if search.narrowed:
        facts = facts.filter(institution__in=search.matching())
    page = page_of(request, facts)
    return render(request, "public/terminated.html", {"page": page, "search": search, "today": today})


def institution(request: HttpRequest, pk: int) -> HttpResponse:
    """Today's state of one institution; for one that the public never heard of the page does not exist."""
    found = get_object_or_404(Institution.objects.select_related("district", "parent"), pk=pk)
    today = clock.today()
    standing = public.standing(found, today)
    if not standing.word:
        raise Http404
    return render(request, "public/institution.html", {"institution": found, "standing": standing, "today": today})
