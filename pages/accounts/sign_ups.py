"""An institution asks for access; the agency of its district answers."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from deadlines import clock
from offices import settings, signup
from offices.models import Role, SignUp
from pages.accounts.forms import Reason, RequestSignUp, SignUpCode
from pages.paging import page_of
from pages.requests import SignedIn
from pages.throttle import too_often

SIGN_UPS_AN_HOUR = 10


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    if not settings.value("sign_up_open", clock.today()):
        return render(request, "accounts/sign_up_closed.html", status=403)
    form = RequestSignUp(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid() and too_often(request, "sign_up", limit=SIGN_UPS_AN_HOUR):
        form.add_error(None, "一小时内从您的网络提交的注册太多，已暂停受理。您填的内容还在下面，请稍后再提交；也可以联系所在区经办机构。")
        status = 429
    elif request.method == "POST" and form.is_valid():
        wanted = form.request()
        for field, sentence in signup.complaints(wanted).items():
            form.add_error(field if field in form.fields else None, sentence)
        if not form.errors:
            try:
                signup.ask(wanted, form.cleaned_data["password"])
            except IntegrityError:  # two at once: the database let one through
                form.add_error(None, "该机构或用户名刚刚已提交注册，请用查询码查看进度，或换一个用户名。")
            else:
                return render(request, "accounts/sign_up_taken.html", {"sign_up": wanted})
    return render(request, "accounts/sign_up.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """By the code that was given when asking; the code goes by POST, so it stays out of logs."""
    form = SignUpCode(request.POST or None)
    found = None
    if request.method == "POST" and form.is_valid():
        found = SignUp.objects.select_related("district").filter(code=form.cleaned_data["code"]).first()
        if found is None:
            form.add_error("code", "没有这个查询码，请核对；遗失查询码的，请联系所在区经办机构。")
    return render(request, "accounts/sign_up_status.html", {"form": form, "sign_up": found})


def waiting(request: SignedIn) -> HttpResponse:
    """For the district's agency: what waits first, then what was answered. For everybody else there is no such list."""
    if request.actor.role != Role.DISTRICT_AGENCY:
        raise Http404
    rows = _visible(request)
    state = request.GET.get("state", SignUp.State.WAITING)
    state = state if state in SignUp.State.values else SignUp.State.WAITING
    page = page_of(request, rows.filter(state=state).select_related("district", "decided_by"), newest_first=state != SignUp.State.WAITING)
    counts = [(value, label, rows.filter(state=value).count()) for value, label in SignUp.State.choices]
    return render(request, "accounts/sign_ups.html", {"page": page, "state": state, "counts": counts})


@require_http_methods(["GET", "POST"])
def answer(request: SignedIn, pk: int) -> HttpResponse:
    row = get_object_or_404(_visible(request).select_related("district", "decided_by"), pk=pk)
    form = Reason(request.POST if request.POST.get("answer") == "decline" else None)
    form.fields["reason"].help_text = "机构查询进度时可以看到，请说明怎样改正后可以重新提交。"
    if request.method == "POST":
        actor = request.actor
        try:
            if request.POST.get("answer") == "confirm":
                signup.confirm(row, actor)
                messages.success(request, f"已为{row.name}开通账户。")
                return redirect("accounts:sign_ups")
            if form.is_valid():
                signup.decline(row, actor, form.cleaned_data["reason"])
                messages.success(request, f"已答复{row.name}：不予开通。")
                return redirect("accounts:sign_ups")
        except signup.NotPossible as refusal:
            messages.error(request, str(refusal))
            return redirect("accounts:sign_up_answer", row.pk)
        except (ValidationError, IntegrityError) as error:
            messages.error(
                request, "；".join(getattr(error, "messages", ["用户名刚刚被他人使用，请不予开通并请机构换一个用户名重新提交。"]))
            )
            return redirect("accounts:sign_up_answer", row.pk)
    return render(request, "accounts/sign_up_answer.html", {"sign_up": row, "form": form})


def _visible(request: SignedIn) -> QuerySet[SignUp]:
    """Those of the actor's own district; for anybody else none exist (404)."""
    actor = request.actor
    if actor.role != Role.DISTRICT_AGENCY:
        return SignUp.objects.none()
    return SignUp.objects.filter(district_id=actor.district)
