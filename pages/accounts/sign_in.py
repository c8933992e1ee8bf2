"""Signing in and out, the one-time password, the office one acts for."""

import base64
import time
from typing import Any

import segno
from django.conf import settings as site
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login as verify
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from offices import second_factors
from offices.actors import actor_of
from offices.middleware import CHOSEN_OFFICE, SECOND_FACTOR_DUE
from offices.models import AccountEvent
from pages.accounts.forms import OneTimePassword, SignIn
from pages.navigation import home_of
from pages.requests import SignedIn

# A secret on its way into a telephone; it becomes a device once a first number from it was right.
PENDING_SECRET = "pending_second_factor"  # noqa: S105 the name of a place in the session


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """By name and password; five failures lock the pair of name and address for a while."""
    if request.user.is_authenticated:
        return redirect("/")
    form = SignIn(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = form.get_user()
        login(request, user)
        if second_factors.needed(user):
            request.session[SECOND_FACTOR_DUE] = True
        return redirect(_next(request))
    return render(request, "accounts/sign_in.html", {"form": form, "next": request.GET.get("next", "")})


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """What whoever failed too often sees (AXES_LOCKOUT_CALLABLE)."""
    minutes = int(site.AXES_COOLOFF_TIME * 60)
    message = f"登录连续失败 {site.AXES_FAILURE_LIMIT} 次，已暂停登录 {minutes} 分钟。"
    return render(request, "429.html", {"message": message}, status=429)


@require_POST
def sign_out(request: SignedIn) -> HttpResponse:
    logout(request)
    messages.success(request, "已退出登录。")
    return redirect("accounts:sign_in")


@require_POST
def choose_office(request: SignedIn) -> HttpResponse:
    """Act for another of one's offices; a foreign one changes nothing."""
    wanted = request.POST.get("office", "")
    for place in request.places:
        if str(place.office_id) == wanted:
            request.session[CHOSEN_OFFICE] = place.office_id
            messages.success(request, f"现在代表{place.office.name}办理。")
            return redirect(home_of(actor_of(request.user, place.office_id)))
    messages.error(request, "您不在该单位任职，仍代表原单位。")
    return redirect("/")


@never_cache
@require_http_methods(["GET", "POST"])
def second_factor(request: SignedIn) -> HttpResponse:
    """The number from the telephone, after the password."""
    user = request.user
    if not request.session.get(SECOND_FACTOR_DUE):
        return redirect("/")
    device = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    if device is None:
        return redirect("accounts:second_factor_setup")
    form = OneTimePassword(request.POST or None)
    if request.method == "POST" and form.is_valid():
        allowed, _ = device.verify_is_allowed()
        if allowed and device.verify_token(form.cleaned_data["token"]):
            verify(request, device)
            request.session.pop(SECOND_FACTOR_DUE, None)
            return redirect("/")
        form.add_error("token", "动态口令不对或已用过。请等下一组数字出现后再试。" if allowed else "失败次数过多，请稍候再试。")
    return render(request, "accounts/second_factor.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def second_factor_setup(request: SignedIn) -> HttpResponse:
    """Tie a telephone to the account: scan the picture, type the first number."""
    user = request.user
    if TOTPDevice.objects.filter(user=user, confirmed=True).exists():
        return redirect("accounts:second_factor" if request.session.get(SECOND_FACTOR_DUE) else "accounts:me")
    device = TOTPDevice(user=user, name="手机")
    device.key = request.session.setdefault(PENDING_SECRET, device.key)
    form = OneTimePassword(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if _shows(device, form.cleaned_data["token"]):
            device.save()
            verify(request, device)
            request.session.pop(PENDING_SECRET, None)
            request.session.pop(SECOND_FACTOR_DUE, None)
            AccountEvent.objects.create(user=user, what="启用动态口令", by=user)
            messages.success(request, "动态口令已启用，下次登录时需要输入。")
            return redirect("accounts:me")
        form.add_error("token", "动态口令不对。请核对手机时间是否准确，再输入当前显示的数字。")
    picture = segno.make(device.config_url, error="m").svg_inline(omitsize=True, border=2)
    return render(request, "accounts/second_factor_setup.html", {"form": form, "picture": picture, "secret": _secret(device)})


def _secret(device: TOTPDevice) -> str:
    return base64.b32encode(device.bin_key).decode().rstrip("=")


def _shows(device: TOTPDevice, token: str) -> bool:
    """Whether a telephone with this secret shows this number now. The device's own check would save it, right or wrong."""
    generator = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    # The telephone counts in seconds of the world's time, whatever day the legal clock is held at.
    generator.time = time.time()
    return bool(generator.verify(int(token), device.tolerance))


def no_office(request: SignedIn) -> HttpResponse:
    """Somebody who is signed in, but in no office today."""
    if request.places:
        return redirect("/")
    return render(request, "accounts/no_office.html", status=403)


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return target
    return reverse("home")
