"""How a page does an act: through the one door, with every way it can fail turned into something a reader can use."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from casework import door
from casework.acts import registry
from casework.refusals import Conflict, Invalid, Missing, NotDone, Refused, Stale
from pages.requests import Request


class Stopped(Exception):
    """Somebody else was faster, or the case does not exist for the reader: ``response`` is the whole answer."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response
        super().__init__(response.status_code)


def version_in(data: Mapping[str, Any]) -> int | None:
    """The version of the case that the form was opened with (hidden field ``version``); nonsense counts as none."""
    given = str(data.get("version") or "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def act_form(word: str, subject: Any, request: HttpRequest, **initial: Any) -> forms.Form:
    """The act's own form: bound to what was sent, else empty."""
    form = registry[word].form
    if request.method == "POST":
        return form(request.POST, request.FILES, subject=subject)
    return form(subject=subject, initial=initial)


def do(
    request: Request,
    word: str,
    subject: Any,
    *,
    data: Mapping[str, Any] | None = None,
    files: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> door.Outcome:
    """Do the act as whoever is signed in. Raises Refused or Invalid for the form, Stopped (409, 404) for everything else."""
    try:
        return door.perform(word, subject, actor=request.actor, data=data or {}, files=files or {}, version=version)
    except (Stale, Conflict) as error:
        raise Stopped(conflict(request, error)) from error
    except Missing as error:
        raise Http404(str(error)) from error


def conflict(request: HttpRequest, error: NotDone) -> HttpResponse:
    """409: who changed what meanwhile, or which rule of the database stopped two acts at once."""
    return render(request, "409.html", {"message": str(error)}, status=409)


def tell(form: forms.Form, error: Refused | Invalid) -> None:
    """Put what the door said onto the form, each sentence at its field, so that nothing typed is lost."""
    if isinstance(error, Refused):
        for refusal in error.refusals:
            named = "" if refusal.clause in ("permission", "state") else f"({refusal.clause})"
            form.add_error(None, f"{refusal.message}{named}")
        return
    for name, sentences in error.errors.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)


def say(error: Refused | Invalid) -> str:
    """The same as one text, for a message where there is no form."""
    if isinstance(error, Refused):
        return " ".join(refusal.message for refusal in error.refusals)
    return " ".join(sentence for sentences in error.errors.values() for sentence in sentences)
