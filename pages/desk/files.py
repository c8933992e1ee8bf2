"""Uploaded materials, handed out to those who may see the application; whatever is shown was checked by its content."""

from pathlib import PurePath

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponseBase
from django.views.decorators.http import require_safe

from applications.models import Application, Material
from documents.access import visible_to as documents_visible_to
from documents.models import ServedDocument
from evaluations.supplied import files_for
from pages.desk.gate import EVERYBODY, READERS, only
from pages.requests import SignedIn

# A page of its own inside the frame: nothing in it may run; the browser's own viewer needs a style and the file itself.
POLICY = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


@only(*READERS)
@require_safe
def evidence(request: SignedIn, pk: int) -> HttpResponseBase:
    """The photo or receipt of a service, for offices that may open one of the papers served."""
    served = ServedDocument.objects.filter(proof=pk, document__in=documents_visible_to(request.actor)).select_related("proof").first()
    if served is None or not served.proof.evidence:
        raise Http404
    return _handed_out(request, served.proof.evidence, PurePath(str(served.proof.evidence.name)).name)


@only(*EVERYBODY)
@require_safe
def material(request: SignedIn, pk: int) -> HttpResponseBase:
    """The file as it was uploaded. A draft's files are nobody's business but the institution's."""
    cases = Application.objects.visible_to(request.actor).exclude(state="draft")
    found = Material.objects.filter(pk=pk, application__in=cases).select_related("application").first()
    if found is None or not files_for(found.application, request.actor).filter(pk=pk).exists():
        raise Http404
    return _handed_out(request, found.file, found.name, found.content_type)


def _handed_out(request: SignedIn, file: FieldFile, name: str, content_type: str | None = None) -> HttpResponseBase:
    """The file itself; its kind, where not kept, by the ending of its name, which was held against the content when it came in."""
    try:
        stream = file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    answer = FileResponse(stream, as_attachment=bool(request.GET.get("download")), filename=name, content_type=content_type)
    answer["Content-Security-Policy"] = POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
