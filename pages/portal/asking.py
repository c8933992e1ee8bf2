"""The institution asks, reports, is heard or disputes: the rule first, then the form, then what will happen, then the deed (M38.6–M46)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from agreements.acts.requesting import is_public_hospital
from agreements.changes import is_major
from agreements.models import Agreement
from casework.acts import Act, registry
from casework.attaching import given_with
from casework.models import ActRecord
from casework.preview import preview
from casework.refusals import Invalid, Refused, Stale
from deadlines import clock
from disputes.models import Dispute
from institutions.models import Institution
from offices.models import Role
from pages.acting import conflict, do, tell, version_in
from pages.attaching import received
from pages.attaching import tell as tell_of_files
from pages.desk import subjects
from pages.desk.acting import consequences, given
from pages.desk.inputs import form_for, hidden_copy
from pages.desk.options import against
from pages.portal.base import institution_page
from pages.portal.living import agreement_of
from pages.requests import SignedIn

# What can be asked about the whole institution, decided on or not.
DISPUTES = ("demand_correction", "request_mediation", "file_remedy")
VOLUNTARY = ("request_suspension", "request_termination", "request_non_renewal")
LEADS = {
    "hear": "收到拟处理告知后，在陈述申辩期内可以说明情况；没有意见的，也可以提交空白。期满未陈述的，经办机构可以作出决定。",
    "request_suspension": "中止期间发生的费用不予结算。到期不会自动恢复，须申请恢复履行；到第180日没有申请的，协议自动终止。",
    "request_resumption": "市经办机构确认之日仍在中止，次日起恢复履行。",
    "request_termination": "同意以后先全面核查，核查结束前解除不生效。解除后医保费用不再结算。",
    "request_renewal": "市经办机构按履行和考核情况与您协商，同意的签订新协议，不同意的协议期满终止。",
    "request_non_renewal": "协议期满终止，期满次日起医保费用不再结算。",
    "withdraw_request": "还没有决定的申请可以撤回，撤回后如同没有提出；以后可以重新提出，重新计算期限。",
    "report_change": "重大信息由市经办机构核准，一般信息由所在区经办机构办理；核准之前仍按原登记。",
    "demand_correction": "认为经办机构没有按协议履行的，可以要求纠正。",
    "request_mediation": "由医保行政部门协调处理；主张经办机构违约的，须在协议有效期内提出，60日内答复。",
    "file_remedy": "对处理决定，可以自送达之日起60日内申请行政复议，或者6个月内提起行政诉讼；在这里登记，便于经办机构跟进。",
}


@institution_page
@require_http_methods(["GET", "POST"])
def ask(request: SignedIn, institution: Institution, pk: int, word: str) -> HttpResponse:
    """An act of the institution on its agreement."""
    act = _act(word, Agreement)
    return _page(request, act, agreement_of(request, pk), reverse("portal:living", args=[pk]))


@institution_page
@require_http_methods(["GET", "POST"])
def dispute(request: SignedIn, institution: Institution, word: str) -> HttpResponse:
    """A demand, a request to mediate, a remedy against a decision."""
    if word not in DISPUTES:
        raise Http404
    return _page(request, _act(word, Institution), institution, reverse("portal:disputes"))


@institution_page
def disputes(request: SignedIn, institution: Institution) -> HttpResponse:
    """What was raised, with its outcome, and the ways there are (M46, I7, R11)."""
    rows = list(Dispute.objects.filter(institution=institution).select_related("against").prefetch_related("facts").order_by("-id"))
    files = given_with([fact.act_id for row in rows for fact in row.facts.all()], request.actor)
    listed = [(row, [each for fact in row.facts.all() for each in files.get(fact.act_id, [])]) for row in rows]
    ways = [(registry[word].title, LEADS[word], reverse("portal:dispute", args=[word])) for word in DISPUTES]
    return render(request, "portal/disputes.html", {"institution": institution, "disputes": listed, "ways": ways})


def _act(word: str, model: Any) -> Act:
    act = registry.get(word)
    if act is None or act.subject is not model or Role.INSTITUTION not in act.roles:
        raise Http404
    return act


def _page(request: SignedIn, act: Act, subject: Any, back: str) -> HttpResponse:
    posted = request.method == "POST"
    data, problems = received(request, act, subject) if posted else (None, {})
    form = form_for(act, subject, request.actor, data, initial={"request": request.GET.get("request", "")})
    tell_of_files(form, problems)
    context: dict[str, Any] = {"act": act, "back": back, "lead": LEADS.get(act.word, ""), "version": subjects.version_of(act.word, subject)}
    context |= {"institution": subject if isinstance(subject, Institution) else subject.institution, "shown": None}
    if posted and request.POST.get("step") == "edit":
        form.is_valid()
        form = form_for(act, subject, request.actor, initial={name: form[name].data for name in form.fields})
    elif posted and form.is_valid() and with_approval(act, form, context["institution"]):
        try:
            if request.POST.get("step") == "confirm" and version_in(request.POST) != context["version"]:
                return _overtaken(request, subject)
            if request.POST.get("step") == "confirm":
                return _done(request, act, subject, form.raw(), back)
            found = preview(act.word, subject, actor=request.actor, data=form.raw())
            if found.error is not None:
                raise found.error
            context |= {"shown": consequences(subject, found), "given": given(form), "hidden": hidden_copy(form)}
        except (Refused, Invalid) as error:
            tell(form, error)
    refusals = () if posted else tuple(against(act, subject, request.actor))
    warned = act.word in VOLUNTARY and is_public_hospital(context["institution"])
    context |= {"form": form, "refusals": refusals, "warned": warned, "kind": context["institution"].kind}
    return render(request, "portal/ask.html", context)


def with_approval(act: Act, form: forms.Form, institution: Institution) -> bool:
    """Whether a major change comes with the authority's approval (M40.1); if not, the form says so."""
    if (
        act.word == "report_change"
        and is_major(institution.kind, form.cleaned_data["field"], clock.today())
        and not form.cleaned_data["approval_files"]
    ):
        form.add_error("approval_files", "重大信息变更须上传主管部门的批准文书。")
        return False
    return True


def _overtaken(request: SignedIn, subject: Any) -> HttpResponse:
    """409: who did what since the form was opened."""
    last = ActRecord.objects.filter(case_label=subjects.label_of(subject), case_id=subject.pk).order_by("-id").first()
    error = Stale(last.who, last.title, last.at) if last else None
    return conflict(request, error) if error else render(request, "409.html", status=409)


def _done(request: SignedIn, act: Act, subject: Any, data: dict[str, Any], back: str) -> HttpResponse:
    outcome = do(request, act.word, subject, data=data, version=getattr(subject, "version", None))
    papers = "、".join(f"《{document.title}》{document.number}" for document in outcome.documents)
    late = "已超过规定期限，按逾期登记。" if outcome.record.data.get("late") else ""
    messages.success(request, f"已提交“{act.title}”。{late}" + (f"{papers}已制发，见“文书”。" if papers else ""))
    return redirect(back)
