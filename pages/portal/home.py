"""The institution's home: where its matters stand, what it must do and by when, its papers and its bans."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render

from agreements.models import Agreement
from agreements.reading import of_day
from applications.failures import roads_of
from applications.models import Application
from deadlines import clock
from deadlines.models import Deadline
from institutions.acts.receiving import ADDRESSED, documents_of, receipts, unconfirmed
from institutions.models import Institution
from pages.life.asking import of_line
from pages.portal import duties
from pages.portal.base import family, institution_page
from pages.portal.tracker import track
from pages.requests import SignedIn
from settlement.keeping import lines_of_agreements, with_grounds
from settlement.states import spans_of
from standing.reading import bans_of_each

NEWEST_PAPERS = 5


@institution_page
def home(request: SignedIn, institution: Institution) -> HttpResponse:
    today = clock.today()
    members = _members(family(institution), today)
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


def _members(institutions: list[Institution], today: date) -> list[dict[str, Any]]:
    """Each of the family: its latest application, its agreement, its bans; the number of queries does not grow with the family."""
    rows = {each.pk: each for each in institutions}
    latest = Application.objects.filter(institution__in=rows).order_by("institution_id", "-pk").distinct("institution_id")
    applications = {each.institution_id: each for each in latest.select_related("institution__district").prefetch_related("facts")}
    read = with_grounds(rows)
    agreements = {pk: of_day((each for each in read if each.institution_id == pk), today) for pk in rows}
    alive = {pk: each for pk, each in agreements.items() if each is not None and each.ended_on >= today}
    lines, bans, roads = lines_of_agreements(rows, read), bans_of_each(institutions, today), roads_of(rows)
    suspended = spans_of(alive.values(), today)
    listed: dict[tuple[str, int], list[Deadline]] = defaultdict(list)
    own = Q(case_label=Application.label, case_id__in=[each.pk for each in applications.values()])
    own |= Q(case_label=Agreement.label, case_id__in=[each.pk for each in alive.values()])
    for row in Deadline.announced.filter(own):
        listed[row.case_label, row.case_id].append(row)
    found = []
    for pk, institution in rows.items():
        application, agreement, living = applications.get(pk), agreements[pk], alive.get(pk)
        tracked, to_do = None, duties.of_record(institution)
        if application is not None:
            tracked = track(application, today, agreement, roads.get(application.pk), listed[Application.label, application.pk])
            to_do = [*to_do, *duties.of_application(tracked)]
        if living is not None:
            living.institution = institution
            to_do = [*to_do, *duties.of_agreement(living, today, listed[Agreement.label, living.pk])]
        found.append(
            {
                "institution": institution,
                "tracked": tracked,
                "agreement": agreement,
                "alive": living,
                "suspended": living is not None and living.pk in suspended,
                "settled": of_line(lines[pk]) if agreement is not None else None,
                "bans": bans[pk],
                "duties": to_do,
                "may_start": living is None and (tracked is None or tracked.ended),
            }
        )
    return found
