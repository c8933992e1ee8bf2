"""Handing out uploaded materials: to whoever may see the application, under the type their content showed (M7, M35)."""

from urllib.parse import quote

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from applications.models import Application, Material
from casework.models import Attachment
from pages.requests import SignedIn


@require_safe
def material(request: SignedIn, pk: int) -> HttpResponseBase:
    """One file. To those who may not see its application it does not exist; nothing is served from the folder itself."""
    seen = Application.objects.visible_to(request.actor)
    found = Material.objects.filter(pk=pk, application__in=seen).first()
    if found is None:
        raise Http404
    if request.actor.role != "institution" and found.application.state == "draft":
        raise Http404  # what has not been filed is nobody else's
    return _handed_out(request, found)


@require_safe
def attachment(request: SignedIn, pk: int) -> HttpResponseBase:
    """A file given with an act, to offices of its area, its institution where it is open to it, and who has just sent it (M26)."""
    found = Attachment.objects.visible_to(request.actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return _handed_out(request, found)


def _handed_out(request: SignedIn, found: Material | Attachment) -> HttpResponseBase:
    try:
        content = found.file.open("rb")
    except OSError:
        return render(request, "portal/lost_file.html", {"material": found}, status=503)
    response = FileResponse(content, content_type=found.content_type)
    shown = "attachment" if request.GET.get("download") else "inline"
    response["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(found.name, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    return response
