"""The institution's papers: inbox, confirmation of receipt, and the consent to be served online (documents.md, Service)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from casework.models import ActRecord
from casework.refusals import Invalid, Refused
from documents.models import Document
from documents.sharing import corrections, heirs
from institutions.acts.receiving import ADDRESSED, ConsentOnline, WithdrawConsent, consent_of, documents_of, receipts
from institutions.models import Institution
from pages.acting import act_form, do, say, tell
from pages.paging import page_of
from pages.portal.base import institution_page
from pages.requests import SignedIn


@institution_page
def inbox(request: SignedIn, institution: Institution) -> HttpResponse:
    page = page_of(request, documents_of(institution.pk).select_related("issuer"))
    confirmed = receipts(institution.pk, [paper.pk for paper in page.rows])
    rows = [(paper, confirmed.get(paper.pk), paper.catalogue in ADDRESSED) for paper in page.rows]
    return render(request, "portal/papers.html", {"page": page, "rows": rows, "consent": consent_of(institution)})


@institution_page
def paper(request: SignedIn, institution: Institution, pk: int) -> HttpResponse:
    """One paper: who issued it, its dates with their computation, how it was served; the PDF opens from here."""
    document = _paper(institution, pk)
    receipt: ActRecord | None = receipts(institution.pk, [pk]).get(pk)
    context = {
        "document": document,
        "receipt": receipt,
        "addressed": document.catalogue in ADDRESSED,
        "consent": consent_of(institution),
        "proofs": document.proofs.filter(voided_at__isnull=True),
        "dates": document.data.get("dates", []),
        "replaced_by": next(iter(heirs(document)), None),
        "corrections": [each for each in corrections(document) if each.subjects.filter(institution_id=institution.pk).exists()],
    }
    return render(request, "portal/paper.html", context)


@institution_page
@require_POST
def confirm(request: SignedIn, institution: Institution, pk: int) -> HttpResponse:
    document = _paper(institution, pk)
    try:
        do(request, "confirm_receipt", institution, data={"document": document.pk})
    except (Refused, Invalid) as error:
        if not receipts(institution.pk, [pk]):  # a second click is no mistake
            messages.error(request, say(error))
            return redirect("portal:paper", pk)
    else:
        messages.success(request, f"已签收《{document.title}》。")
    return redirect("portal:paper", pk)


@institution_page
@require_http_methods(["GET", "POST"])
def consent(request: SignedIn, institution: Institution) -> HttpResponse:
    """Sign the consent, or take it back."""
    signed_on = consent_of(institution)
    word = WithdrawConsent.word if signed_on else ConsentOnline.word
    form = act_form(word, institution, request)
    if request.method == "POST" and request.POST.get("step") == word and form.is_valid():
        try:
            do(request, word, institution, data=form.cleaned_data)
        except (Refused, Invalid) as error:
            tell(form, error)
        else:
            messages.success(request, "已撤回同意，以后的文书以其他方式送达。" if signed_on else "已同意线上送达，自今天起生效。")
            return redirect("portal:documents")
    return render(request, "portal/consent.html", {"institution": institution, "form": form, "signed_on": signed_on, "word": word})


def _paper(institution: Institution, pk: int) -> Document:
    found = documents_of(institution.pk).select_related("issuer", "supersedes").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
