"""What the institution says about a proposed agreement text (M52, M13)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from agreements.acts.template import CommentForm
from agreements.models import AgreementTemplate
from casework.refusals import Invalid, Refused
from deadlines import clock
from institutions.models import Institution
from pages.acting import do, tell
from pages.portal.base import institution_page
from pages.requests import SignedIn


@institution_page
@require_http_methods(["GET", "POST"])
def template(request: SignedIn, institution: Institution, pk: int) -> HttpResponse:
    """The proposed text, what one has said so far, and a form through the last day."""
    found = get_object_or_404(AgreementTemplate, pk=pk, kind=institution.kind)
    data = {"template": found.pk, "text": request.POST.get("text", "")}
    form = CommentForm(data if request.method == "POST" else None, subject=institution)
    if request.method == "POST" and form.is_valid():
        try:
            do(request, "comment_template", institution, data=data)
        except (Refused, Invalid) as error:
            tell(form, error)
        else:
            messages.success(request, "意见已提交。")
            return redirect("portal:template", pk)
    today = clock.today()
    context = {
        "template": found,
        "form": form,
        "open": found.in_force_from is None and found.comments_from <= today <= found.comments_to,
        "comments": found.comments.filter(institution=institution).order_by("-pk"),
    }
    return render(request, "portal/template.html", context)
