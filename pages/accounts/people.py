"""The people of an office: for its supervisor, and for the administrator in any office."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_otp.plugins.otp_totp.models import TOTPDevice

from deadlines import clock
from offices import handover, people
from offices.models import Invitation, Membership, Office
from pages.accounts.forms import Contact, Invite, Leave, Powers, Reason
from pages.requests import SignedIn


def own(request: SignedIn) -> HttpResponse:
    """The people of the office one acts for."""
    office = get_object_or_404(Office, pk=request.actor.office_id)
    return people_of(request, office.pk)


def people_of(request: SignedIn, office_id: int) -> HttpResponse:
    office = _office(request, office_id)
    today = clock.today()
    places = office.memberships.on(today).select_related("user").order_by("-supervisor", "id")
    gone = office.memberships.exclude(pk__in=places).select_related("user").order_by("-to_on", "-id")
    waiting = office.invitations.filter(used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=clock.now()).select_related(
        "invited_by"
    )
    return render(
        request,
        "accounts/people.html",
        {"office": office, "places": places, "gone": gone, "waiting": waiting, "own": _is_own(request, office)},
    )


@never_cache
@require_http_methods(["GET", "POST"])
def invite(request: SignedIn, office_id: int) -> HttpResponse:
    """The link is shown this once; only its digest is kept."""
    office = _office(request, office_id)
    form = Invite(request.POST or None)
    if request.method == "POST" and form.is_valid():
        invitation, token = people.invite(office, by=request.user, **form.cleaned_data)
        link = request.build_absolute_uri(reverse("accounts:invitation", args=[token]))
        return render(
            request, "accounts/invited.html", {"office": office, "invitation": invitation, "link": link, "back": _back(request, office)}
        )
    return render(request, "accounts/invite.html", {"office": office, "form": form, "back": _back(request, office)})


@require_POST
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects.select_related("office"), pk=pk)
    office = _office(request, invitation.office_id)
    people.withdraw_invitation(invitation)
    messages.success(request, f"已收回给{invitation.full_name}的邀请。")
    return redirect(_back(request, office))


def person(request: SignedIn, pk: int) -> HttpResponse:
    place = _place(request, pk)
    user = place.user
    context = {
        "place": place,
        "person": user,
        "office": place.office,
        "back": _back(request, place.office),
        "here": place.to_on is None or place.to_on >= clock.today(),
        "touchable": people.may_touch_account(request.actor, user),
        "matters": handover.open_matters(place.office, user),
        "second_factor": TOTPDevice.objects.filter(user=user, confirmed=True).exists(),
        "events": user.account_events.filter(office=place.office).select_related("by")[:30],
    }
    return render(request, "accounts/person.html", context)


@require_http_methods(["GET", "POST"])
def act(request: SignedIn, pk: int, what: str) -> HttpResponse:
    """Lock, unlock, take away a lost device: each with a reason."""
    titles = {"lock": ("锁定账户", "锁定"), "unlock": ("解除锁定", "解除锁定"), "forget": ("重置动态口令", "重置")}
    if what not in titles:
        raise Http404
    place = _place(request, pk)
    if not people.may_touch_account(request.actor, place.user):
        return _elsewhere(request, place)
    form = Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        step = {"lock": people.lock, "unlock": people.unlock, "forget": people.forget_second_factor}[what]
        try:
            step(place.user, place.office, by=request.user, reason=form.cleaned_data["reason"])
        except people.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{place.user.full_name}：已{titles[what][0]}。")
            return redirect("accounts:person", place.pk)
    title, submit = titles[what]
    return render(
        request,
        "accounts/act.html",
        {"form": form, "place": place, "title": title, "submit": submit, "what": what, "danger": what == "lock"},
    )


@never_cache
@require_POST
def reset(request: SignedIn, pk: int) -> HttpResponse:
    """A one-time link for a new password, shown once to whoever looks after the person."""
    place = _place(request, pk)
    if not people.may_touch_account(request.actor, place.user):
        return _elsewhere(request, place)
    try:
        parts = people.reset_password(place.user, place.office, by=request.user)
    except people.NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect("accounts:person", place.pk)
    link = request.build_absolute_uri(reverse("accounts:reset", args=parts))
    return render(request, "accounts/reset_link.html", {"place": place, "link": link})


@require_http_methods(["GET", "POST"])
def powers(request: SignedIn, pk: int) -> HttpResponse:
    place = _place(request, pk)
    form = Powers(request.POST or None, initial={"may_review": place.may_review, "supervisor": place.supervisor})
    if request.method == "POST" and form.is_valid():
        try:
            people.change_powers(place, by=request.user, **form.cleaned_data)
        except people.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "权限已调整，立即生效。")
            return redirect("accounts:person", place.pk)
    return render(
        request,
        "accounts/act.html",
        {"form": form, "place": place, "title": "调整权限", "submit": "保存", "what": "powers", "danger": False},
    )


@require_http_methods(["GET", "POST"])
def leave(request: SignedIn, pk: int) -> HttpResponse:
    """The person leaves the office; open matters go to a colleague first."""
    place = _place(request, pk)
    matters = handover.open_matters(place.office, place.user)
    colleagues = place.office.memberships.on(clock.today()).filter(user__is_active=True).exclude(user=place.user).select_related("user")
    form = Leave(request.POST or None, colleagues=colleagues, required=bool(matters))
    if request.method == "POST" and form.is_valid():
        successor = form.cleaned_data["successor"]
        try:
            moved = handover.leave(
                place, by=request.user, reason=form.cleaned_data["reason"], successor=successor.user if successor else None
            )
        except people.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{place.user.full_name}今天起离开{place.office.name}，移交事项 {moved} 件。")
            return redirect(_back(request, place.office))
    return render(request, "accounts/leave.html", {"form": form, "place": place, "matters": matters})


@require_http_methods(["GET", "POST"])
def me(request: SignedIn) -> HttpResponse:
    """One's own account."""
    user = request.user
    form = Contact(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "联系方式已保存。")
        return redirect("accounts:me")
    second_factor = TOTPDevice.objects.filter(user=user, confirmed=True).exists()
    return render(request, "accounts/me.html", {"form": form, "second_factor": second_factor})


def _office(request: SignedIn, pk: int) -> Office:
    """Another office's people do not exist for a supervisor (404); a clerk without that power is told so (403)."""
    office = get_object_or_404(Office, pk=pk)
    actor = request.actor
    if not people.may_manage(actor, office):
        if actor.office_id == office.pk:
            raise PermissionDenied
        raise Http404
    return office


def _place(request: SignedIn, pk: int) -> Membership:
    place = get_object_or_404(Membership.objects.select_related("user", "office"), pk=pk)
    _office(request, place.office_id)
    return place


def _elsewhere(request: SignedIn, place: Membership) -> HttpResponse:
    messages.error(request, "该用户还在别的单位任职，或者已离开本单位，其账户由平台管理员处理。")
    return redirect("accounts:person", place.pk)


def _is_own(request: SignedIn, office: Office) -> bool:
    return office.pk == request.actor.office_id


def _back(request: SignedIn, office: Office) -> str:
    return reverse("accounts:people") if _is_own(request, office) else reverse("accounts:people_of", args=[office.pk])
