"""Following an invitation into an office."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from offices import people
from offices.middleware import CHOSEN_OFFICE
from offices.models import Invitation, User
from pages.accounts.forms import Accept
from pages.requests import Request


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: Request, token: str) -> HttpResponse:
    """A newcomer chooses name and password; somebody already signed in joins the office with the same account."""
    found = people.open_invitation(token)
    if found is None:
        return render(request, "accounts/link_dead.html", {"what": "邀请链接"}, status=410)
    if isinstance(request.user, User):
        return _join(request, request.user, token, found)
    form = Accept(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            people.accept_invitation(token, username=form.cleaned_data["username"], password=form.cleaned_data["password"])
        except people.NotPossible as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.add_error(None, error)
        except IntegrityError:  # somebody else took the name a moment ago
            form.add_error("username", "这个用户名已被使用，请换一个。")
        else:
            messages.success(request, f"账户已开通，请登录{found.office.name}。")
            return redirect("accounts:sign_in")
    return render(request, "accounts/invitation.html", {"form": form, "invitation": found})


def _join(request: Request, user: User, token: str, found: Invitation) -> HttpResponse:
    if request.method == "POST":
        try:
            place = people.join_by_invitation(token, user)
        except people.NotPossible as refusal:
            messages.error(request, str(refusal))
            return redirect("/")
        request.session[CHOSEN_OFFICE] = place.office_id
        messages.success(request, f"您已加入{found.office.name}，现在代表该单位办理。")
        return redirect("/")
    return render(request, "accounts/join.html", {"invitation": found})
