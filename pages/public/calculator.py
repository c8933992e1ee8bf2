"""Dates as the law counts them, for everybody."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from deadlines import clock
from deadlines.forms import CalculatorForm
from deadlines.loading import working_calendar
from deadlines.questions import QUESTIONS


def calculator(request: HttpRequest) -> HttpResponse:
    """By GET, so that an answer can be handed on as an address."""
    asked = any(name in request.GET for name in ("what", "start", "n"))
    initial = {"what": "working", "start": clock.today()}
    form = CalculatorForm(request.GET if asked else None, initial=initial)
    context: dict[str, Any] = {"form": form}
    if asked and form.is_valid():
        question = QUESTIONS[form.cleaned_data["what"]]
        n = form.cleaned_data["n"] or question.usual
        calendar = working_calendar()
        found = question.answer(form.cleaned_data["start"], n, calendar)
        context |= {
            "question": question,
            "n": n,
            "start": form.cleaned_data["start"],
            "found": found,
            "working": calendar.is_working(found.day),
        }
    return render(request, "public/calculator.html", context)
