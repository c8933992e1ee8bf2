"""The invitation to sign: the terms, the whole text, and the institution's signature (M10)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agreements.acts.signing import accepted_by_institution, invitation, offered_term, offered_text
from agreements.models import KINDS
from casework.refusals import Invalid, Refused
from deadlines import clock
from documents.models import Document
from institutions.models import Institution
from pages.acting import act_form, do, tell, version_in
from pages.portal.base import application_of, institution_page
from pages.requests import SignedIn


@institution_page
@require_http_methods(["GET", "POST"])
def agreement(request: SignedIn, institution: Institution, pk: int) -> HttpResponse:
    """Read, then sign or decline. What is signed are the terms last offered and the text offered with them."""
    application = application_of(request, pk)
    offer = invitation(application)
    if application.road().state(clock.today()) != "negotiating" or offer is None:
        return redirect("portal:application", pk)
    signed = accepted_by_institution(application)
    form = act_form("institution_signs", application, request)
    form.fields["signer"].help_text = "法定代表人，或者持授权委托书的人。"
    if request.method == "POST" and not signed and form.is_valid():
        if request.POST.get("read") != "on":
            form.add_error(None, "请先阅读协议全文，并勾选“已阅读并同意”。")
        else:
            try:
                do(request, "institution_signs", application, data=form.cleaned_data, version=version_in(request.POST))
            except (Refused, Invalid) as error:
                tell(form, error)
            else:
                messages.success(request, "已签署。市经办机构签署后协议成立。")
                return redirect("portal:application", pk)
    template = offered_text(application, offer)
    context = {
        "application": application,
        "term": offered_term(offer),
        "kind": dict(KINDS).get(offer["kind"], offer["kind"]),
        "reason": offer.get("reason", ""),
        "notice": Document.objects.filter(case_label="application", case_id=pk, catalogue=15).order_by("-pk").first(),
        "template": template,
        "signed": signed,
        "form": form,
    }
    return render(request, "portal/agreement.html", context)
