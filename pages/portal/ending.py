"""The institution withdraws its application, or declines to sign: the consequences are shown before it is done (M10.1)."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from applications.models import Application
from applications.road import OPEN
from casework.preview import Preview, preview
from casework.refusals import Invalid, Refused
from institutions.models import Institution
from pages.acting import act_form, do, tell, version_in
from pages.portal.base import application_of, institution_page
from pages.requests import SignedIn


@dataclass(frozen=True)
class Ending:
    """One way to end it."""

    word: str
    title: str
    lead: str
    button: str
    done: str


WAYS = {
    "withdraw": Ending("withdraw", "撤回申请", "撤回以后，这件申请不再办理；以后可以重新申请，重新计算期限。", "确认撤回", "申请已撤回。"),
    "decline": Ending(
        "decline", "不签约", "签约出于双方自愿。不签约的，这件申请结束；以后可以重新申请，重新评估。", "确认不签约", "已登记不签约。"
    ),
}


@institution_page
@require_http_methods(["GET", "POST"])
def withdraw(request: SignedIn, institution: Institution, pk: int) -> HttpResponse:
    return _end(request, application_of(request, pk), WAYS["withdraw"], OPEN)


@institution_page
@require_http_methods(["GET", "POST"])
def decline(request: SignedIn, institution: Institution, pk: int) -> HttpResponse:
    return _end(request, application_of(request, pk), WAYS["decline"], frozenset({"public_notice", "negotiating"}))


def _end(request: SignedIn, application: Application, way: Ending, states: frozenset[str]) -> HttpResponse:
    """First the reason, then what would happen, then the deed."""
    if application.state not in states:
        return redirect("portal:application", application.pk)
    form = act_form(way.word, application, request)
    shown: Preview | None = None
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("step") == "confirm":
                do(request, way.word, application, data=form.cleaned_data, version=version_in(request.POST))
                messages.success(request, way.done)
                return redirect("portal:application", application.pk) if application.filed_on else redirect("portal:home")
            shown = preview(way.word, application, actor=request.actor, data=form.cleaned_data)
            if shown.error is not None:
                raise shown.error
        except (Refused, Invalid) as error:
            shown = None
            tell(form, error)
    if shown is not None:
        for field in form.fields.values():
            field.widget = forms.HiddenInput()
    context = {"application": application, "way": way, "form": form, "shown": shown}
    return render(request, "portal/ending.html", context)
