"""What the nightly check has found: contradictions between what is stored and what the facts say (R7)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from consistency import checking  # noqa: F401  the checks register themselves
from consistency.finding import checks, title, whole_checks
from consistency.models import Found, Run
from offices.models import Role
from pages.desk.gate import only
from pages.paging import page_of
from pages.requests import SignedIn

SEE = (Role.ADMINISTRATOR, Role.AUDITOR, Role.CITY_AGENCY)
PAGES = {"application": "desk:application", "agreement": "desk:agreement", "institution": "desk:institution"}


@only(*SEE)
@require_safe
def found(request: SignedIn) -> HttpResponse:
    """The last run that came to its end, and each contradiction; the administrator, who sees no case, gets no link (M3)."""
    runs = list(Run.objects.all()[:10])
    last = next((each for each in runs if each.ended_at is not None), None)
    rows = Found.objects.filter(run=last) if last is not None else Found.objects.none()
    page = page_of(request, rows, newest_first=False)
    links = request.actor.role != Role.ADMINISTRATOR
    shown = [{"row": row, "title": title(row.check_name), "url": _url(row) if links else ""} for row in page.rows]
    names = [each.title for each in (*checks.values(), *whole_checks.values())]
    return render(
        request, "desk/consistency.html", {"last": last, "runs": runs, "page": page, "shown": shown, "names": names, "links": links}
    )


def _url(row: Any) -> str:
    if row.case_label in PAGES and row.case_id is not None:
        return reverse(PAGES[row.case_label], kwargs={"pk": row.case_id})
    return reverse("desk:institution", kwargs={"pk": row.institution_id}) if row.institution_id is not None else ""
