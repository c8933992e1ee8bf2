"""The institution's home: where its matters stand, what it must do and by when, its papers and its bans."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from agreements.models import Agreement
from deadlines import clock
from institutions.acts.receiving import ADDRESSED, documents_of, receipts, unconfirmed
from institutions.models import Institution
from pages.life.asking import of_today
from pages.life.states import spans_of
from pages.portal import duties
from pages.portal.base import family, institution_page
from pages.portal.tracker import track
from pages.requests import SignedIn
from standing.reading import bans_of

NEWEST_PAPERS = 5


@institution_page
def home(request: SignedIn, institution: Institution) -> HttpResponse:
    today = clock.today()
    members = [_member(each, today) for each in family(institution)]
    papers = list(documents_of(institution.pk).select_related("issuer")[:NEWEST_PAPERS])
    confirmed = receipts(institution.pk, [paper.pk for paper in papers])
    to_do = [duty for each in members for duty in each["duties"]]
    waiting = unconfirmed(institution.pk).count()
    to_do += [*duties.of_papers(institution, waiting), *duties.of_templates(institution, today)]
    context: dict[str, Any] = {
        "institution": institution,
        "members": members,
        "to_do": to_do,
        "papers": [(paper, paper.pk in confirmed, paper.catalogue in ADDRESSED) for paper in papers],
        "today": today,
    }
    return render(request, "portal/home.html", context)


def _member(institution: Institution, today: Any) -> dict[str, Any]:
    """One institution of the family: its latest application, its agreement, its bans."""
    application = institution.applications.select_related("institution__district").order_by("-pk").first()
    agreements = Agreement.objects.filter(institution=institution, annulled=False)
    agreement = agreements.filter(ended_on__gte=today).order_by("first_day").first() or agreements.order_by("-ended_on").first()
    tracked = track(application, today, agreement) if application is not None else None
    found = [*duties.of_record(institution)]
    if tracked is not None:
        found += duties.of_application(tracked)
    alive = agreement if agreement is not None and agreement.ended_on >= today else None
    return {
        "institution": institution,
        "tracked": tracked,
        "agreement": agreement,
        "alive": alive,
        "suspended": bool(spans_of([alive], today)) if alive is not None else False,
        "settled": of_today(institution) if agreement is not None else None,
        "bans": bans_of(institution, today),
        "duties": [*found, *duties.of_agreement(alive, today)],
        "may_start": alive is None and (tracked is None or tracked.ended),
    }
