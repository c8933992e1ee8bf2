"""Files sent with an act's form are kept at once: neither the page before the deed nor a mistake elsewhere in the form loses them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from casework.acts import Act
from casework.attaching import institution_of, keep
from documents.uploads import Unfit
from offices.actors import Actor
from pages.requests import SignedIn


def received(request: SignedIn, act: Act, subject: Any) -> tuple[QueryDict, dict[str, list[str]]]:
    """What was posted, with the number of each file that came with it; field → why a file could not be kept."""
    data, problems = request.POST.copy(), dict[str, list[str]]()
    institution = institution_of(subject)
    if not request.FILES or institution is None:
        return data, problems
    for name, field in act.form(data, subject=subject).fields.items():
        if not hasattr(field.widget, "upload_names"):
            continue
        for upload, number in field.widget.upload_names(name, list(request.FILES)).items():
            for each in request.FILES.getlist(upload):
                try:
                    data.appendlist(number, str(keep(each, institution, request.actor).pk))
                except Unfit as error:
                    problems.setdefault(name, []).append(f"{each.name}：{error}")
    return data, problems


def tell(form: forms.Form, problems: dict[str, list[str]]) -> None:
    """Each sentence at its field."""
    for name, sentences in problems.items():
        for sentence in sentences:
            form.add_error(name, sentence)


def shown_to(form: forms.Form, actor: Actor) -> None:
    """Let the controls show the files that the reader may see."""
    for field in form.fields.values():
        if hasattr(field.widget, "upload_names"):
            field.widget.actor = actor
