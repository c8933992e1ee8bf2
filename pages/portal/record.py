"""The institution's own record: seen whole (M13), filled in where it lacks something."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from casework.acts import registry
from casework.refusals import Invalid, Refused
from institutions.acts import completing
from institutions.completeness import missing_sentence
from institutions.models import Institution
from pages.acting import do, tell, version_in
from pages.portal.base import institution_page
from pages.requests import SignedIn


@dataclass(frozen=True)
class Part:
    """One part of the record with the act that fills it in."""

    word: str
    lead: str
    button: str


PARTS = {
    "basics": Part("complete_institution", "没有填的不会改动已登记的内容。", "保存"),
    "licence": Part("record_licence", "与证照原件一致，区经办机构核对时以原件为准。", "登记"),
    "post": Part("record_post", "法定代表人、主要负责人、实际控制人各登记一人；换人的，填新任起始日，原任自动到前一日为止。", "登记"),
    "staff": Part("record_staff", "医师填第一注册地和注册之日；药师还要填劳动合同起止。", "登记"),
    "manager": Part("record_manager", "零售药店至少 2 名，劳动合同 1 年以上。", "登记"),
    "leaving": Part("end_staff", "人员离开本机构的，登记最后一日；记录保留。", "登记"),
}


@institution_page
def record(request: SignedIn, institution: Institution) -> HttpResponse:
    """Everything on record; identity numbers are masked (M35)."""
    posts = institution.posts.select_related("person").order_by("post", "-from_on")
    context = {
        "institution": institution,
        "lacking": "" if institution.complete else missing_sentence(institution),
        "posts": posts,
        "licences": institution.licences.order_by("kind", "-valid_from"),
        "practitioners": institution.practitioners.order_by("ended_on", "pk"),
        "managers": institution.managers.order_by("ended_on", "pk"),
        "consent": institution.office.online_service_consent_on if institution.office else None,
    }
    return render(request, "portal/record.html", context)


@institution_page
@require_http_methods(["GET", "POST"])
def fill_in(request: SignedIn, institution: Institution, what: str) -> HttpResponse:
    """One part's form."""
    part = PARTS.get(what)
    if part is None:
        raise Http404
    act = registry[part.word]
    if request.method == "POST":
        form = act.form(request.POST, request.FILES, subject=institution)
        if form.is_valid():
            try:
                do(request, part.word, institution, data=request.POST.dict(), version=version_in(request.POST))
            except (Refused, Invalid) as error:
                tell(form, error)
            else:
                messages.success(request, f"{act.title}：已保存。")
                return redirect("portal:record")
    else:
        initial = completing.shown(institution) if what == "basics" else {}
        form = act.form(subject=institution, initial=initial)
    context = {"institution": institution, "act": act, "part": part, "form": form}
    return render(request, "portal/fill_in.html", context)
