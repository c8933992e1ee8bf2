"""Changing a password, forgetting it, and setting a new one by a one-time link."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.encoding import force_str
from django.utils.http import urlsafe_base64_decode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from deadlines import clock
from offices.actors import memberships_of
from offices.models import AccountEvent, User
from offices.notifications import notify
from offices.people import password_link
from pages.accounts.forms import ChangePassword, Forgotten, NewPassword
from pages.requests import SignedIn


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: SignedIn) -> HttpResponse:
    user = request.user
    form = ChangePassword(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        _set(user, form.cleaned_data["password"], "修改密码")
        update_session_auth_hash(request, user)
        messages.success(request, "密码已修改，其他设备上的登录已退出。")
        return redirect("accounts:me")
    return render(request, "accounts/password.html", {"form": form})


@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Always the same answer, so that nobody learns which names exist.

    With mail set up and an address known a link is sent; in any case the supervisors of the person's offices are told.
    """
    form = Forgotten(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = User.objects.filter(username=form.cleaned_data["username"], is_active=True).first()
        if user is not None:
            _tell(request, user)
        return render(request, "accounts/forgotten_sent.html", {"mail": bool(settings.EMAIL_HOST)})
    return render(request, "accounts/forgotten.html", {"form": form})


def _tell(request: HttpRequest, user: User) -> None:
    told = [
        notify(
            place.office,
            "password",
            f"{user.full_name}（{user.username}）忘记了密码，请核实本人后签发重设密码的链接。",
            key=f"password:{place.pk}:{clock.today()}",
            link=reverse("accounts:person", args=[place.pk]),
        )
        for place in memberships_of(user)
    ]
    # Once a day, or a stranger could fill somebody's mailbox.
    if any(told) and settings.EMAIL_HOST and user.email:
        link = request.build_absolute_uri(reverse("accounts:reset", args=password_link(user)))
        send_mail(
            "重设定点通密码", f"请打开下列链接设置新密码。如非本人操作，请不必理会。\n\n{link}\n", None, [user.email], fail_silently=True
        )


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Set a new password by link; the link dies with its use."""
    user = _user(uid)
    if user is None or not user.is_active or not default_token_generator.check_token(user, token):
        return render(request, "accounts/link_dead.html", {"what": "重设密码的链接"}, status=410)
    form = NewPassword(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        _set(user, form.cleaned_data["password"], "重设密码")
        messages.success(request, "新密码已设好，请用新密码登录。")
        return redirect("accounts:sign_in")
    return render(request, "accounts/reset.html", {"form": form, "person": user})


def _user(uid: str) -> User | None:
    try:
        return User.objects.filter(pk=int(force_str(urlsafe_base64_decode(uid)))).first()
    except (ValueError, OverflowError):
        return None


def _set(user: User, password: str, what: str) -> None:
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    AccountEvent.objects.create(user=user, what=what, by=user)
