"""What every page of the portal begins with: whose institution it is, and which case of it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render

from applications.models import Application
from institutions.models import Institution
from offices.models import Role
from pages.acting import Stopped
from pages.requests import SignedIn

View = Callable[Concatenate[SignedIn, Institution, ...], HttpResponse]


def institution_page(view: View) -> Callable[..., HttpResponse]:
    """Hands the signed-in person's institution to a page; other offices are told that it is not theirs.

    What one address names (a case, a paper) does not exist for them, as everywhere (M3).
    """

    @wraps(view)
    def answer(request: SignedIn, *args: Any, **named: Any) -> HttpResponse:
        if request.actor.role != Role.INSTITUTION:
            if "pk" in named:
                raise Http404
            raise PermissionDenied
        rows = Institution.objects.select_related("district", "office", "parent", "chain")
        institution = rows.filter(pk=request.actor.institution_id or 0).first()
        if institution is None:
            return render(request, "portal/no_record.html")
        try:
            return view(request, institution, *args, **named)
        except Stopped as stopped:
            return stopped.response

    return answer


def family(institution: Institution) -> list[Institution]:
    """The institution itself, then the internet hospitals that lean on it (M5.2)."""
    return [institution, *institution.internet_hospitals.select_related("district").order_by("pk")]


def member(institution: Institution, pk: int | None) -> Institution:
    """One of the family; anybody else's does not exist here."""
    if pk is None or pk == institution.pk:
        return institution
    found = institution.internet_hospitals.select_related("district", "office", "parent").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def application_of(request: SignedIn, pk: int) -> Application:
    """An application that this institution may see (404 for every other)."""
    rows = Application.objects.visible_to(request.actor).select_related("institution__district", "institution__parent")
    found: Application | None = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
