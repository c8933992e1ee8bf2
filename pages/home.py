"""The first page: for whoever is signed in the start of the own work, for the public what can be found here."""
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from pages.navigation import home_of


def home(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(home_of(request.actor))  # type: ignore[attr-defined]
    return render(request, "home.html")
