"""Says who acts in a request, and denies every address that is not listed as public (M3).

``settings.PUBLIC_URLS`` names the addresses open to everybody, ``settings.API_NAMESPACE`` the ones that check a token of
their own. An address added without a thought is closed.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from offices.actors import PUBLIC, choose, memberships_of
from offices.models import User

CHOSEN_OFFICE = "office_id"
SECOND_FACTOR_DUE = "second_factor_due"
# Pages that a form's answer shows and that cannot be opened by themselves.
ANSWERS_ONLY_FORMS = ("desk:batch",)
# Whoever is signed in but not let further may still come here.
ALWAYS_REACHABLE = (
    "accounts:sign_out",
    "accounts:second_factor",
    "accounts:second_factor_setup",
    "accounts:password",
    "accounts:no_office",
)


class ActorMiddleware:
    """Sets ``request.actor`` and ``request.places`` (the user's memberships today)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        request.places = memberships_of(user) if isinstance(user, User) else []  # type: ignore[attr-defined]
        request.actor = choose(request.places, request.session.get(CHOSEN_OFFICE))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        if name in settings.PUBLIC_URLS or (match and settings.API_NAMESPACE in match.namespaces):
            return None
        if not request.user.is_authenticated:
            return _sign_in(request)
        if name in ALWAYS_REACHABLE:
            return None
        if request.session.get(SECOND_FACTOR_DUE):
            return _go(request, "accounts:second_factor")
        if request.user.must_change_password:
            return _go(request, "accounts:password")
        if request.actor == PUBLIC:  # type: ignore[attr-defined]
            return _go(request, "accounts:no_office")
        return None


def _sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("accounts:sign_in")})
    return redirect_to_login(request.get_full_path() if request.method == "GET" else _page_of_form(request), settings.LOGIN_URL)


def _page_of_form(request: HttpRequest) -> str:
    """Where the form that was sent stands: it cannot be sent again by coming back, but dingdian.js fills it in once more."""
    page = urlsplit(request.headers.get("Referer", ""))
    here = page.netloc == request.get_host() and page.path.startswith("/") and not page.path.startswith("//")
    if not here or (page.path == request.path and request.resolver_match and request.resolver_match.view_name in ANSWERS_ONLY_FORMS):
        return "/"
    return f"{page.path}?{page.query}".rstrip("?")


def _go(request: HttpRequest, name: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse(name)})
    return redirect(name)
