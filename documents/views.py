"""Checking a document (public), and opening its PDF (by permission)."""

from __future__ import annotations

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from documents import verification
from documents.access import visible_to
from documents.codes import normalised
from documents.models import Document
from documents.rendering import LostPdf, pdf
from offices.actors import PUBLIC


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """A form for a number or a code, and the answer."""
    typed = request.GET.get("q", "").strip()
    answer = verification.find(typed) if typed else None
    if answer and answer.code:
        return redirect("documents:verified", code=answer.code)
    return render(request, "documents/verify.html", {"typed": typed[:60], "asked": bool(typed), "answer": answer})


@require_safe
def verified(request: HttpRequest, code: str) -> HttpResponse:
    """The page behind a document's QR code: always an answer, also for a code that does not exist."""
    answer = verification.find(code)
    if answer is not None and not answer.code:
        answer = None
    found = {"typed": code[:60], "asked": True, "answer": answer}
    return render(request, "documents/verify.html", found, status=200 if answer else 404)


@require_safe
def public_file(request: HttpRequest, code: str) -> HttpResponse:
    """The PDF of a public notice or announcement."""
    document = get_object_or_404(visible_to(PUBLIC), code=normalised(code))
    return _file(request, document)


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF, for those who may read it; to others it does not exist."""
    document = visible_to(request.actor).filter(pk=pk).first()  # type: ignore[attr-defined]
    if document is None:
        raise Http404("没有这份文书")
    return _file(request, document)


def _file(request: HttpRequest, document: Document) -> HttpResponse:
    try:
        content = pdf(document)
    except LostPdf as lost:
        return render(request, "documents/lost.html", {"sentence": str(lost)}, status=503)
    shown = "attachment" if request.GET.get("download") else "inline"
    name = quote(f"{document.number} {document.title}.pdf")
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": f"{shown}; filename*=UTF-8''{name}"})
