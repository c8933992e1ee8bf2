"""Uploaded materials, handed out to those who may see the application; whatever is shown was checked by its content."""

from django.http import FileResponse, Http404, HttpResponseBase
from django.views.decorators.http import require_safe

from applications.models import Application, Material
from evaluations.supplied import files_for
from pages.desk.gate import EVERYBODY, only
from pages.requests import SignedIn

# A page of its own inside the frame: nothing in it may run; the browser's own viewer needs a style and the file itself.
POLICY = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


@only(*EVERYBODY)
@require_safe
def material(request: SignedIn, pk: int) -> HttpResponseBase:
    """The file as it was uploaded. A draft's files are nobody's business but the institution's."""
    cases = Application.objects.visible_to(request.actor).exclude(state="draft")
    found = Material.objects.filter(pk=pk, application__in=cases).select_related("application").first()
    if found is None or not files_for(found.application, request.actor).filter(pk=pk).exists():
        raise Http404
    try:
        stream = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    answer = FileResponse(stream, as_attachment=bool(request.GET.get("download")), filename=found.name, content_type=found.content_type)
    answer["Content-Security-Policy"] = POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
