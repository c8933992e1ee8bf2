"""Asking at the desk whether a service is settled (R8)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from deadlines import clock
from institutions.models import Institution
from pages.desk.gate import READERS, only
from pages.life.asking import CodeForm, ask, institution_with
from pages.requests import SignedIn


@only(*READERS)
@require_GET
def settlement(request: SignedIn) -> HttpResponse:
    """The question in the address, so that an answer can be kept and sent on."""
    asked = bool(request.GET.get("code") and request.GET.get("service_on"))
    form = CodeForm(request.GET if asked else None, initial={"code": request.GET.get("code", "")[:30], "service_on": clock.today()})
    context: dict[str, Any] = {"form": form, "answered": None, "institution": None}
    if asked and form.is_valid():
        found = institution_with(form.cleaned_data["code"], Institution.objects.visible_to(request.actor))
        if found is None:
            form.add_error("code", "没有找到这个编码的机构，或者不属于本区。")
        else:
            context |= {"institution": found, "answered": ask(found, form.cleaned_data)}
    return render(request, "desk/settlement.html", context)
