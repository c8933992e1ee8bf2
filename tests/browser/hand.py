"""The hand that moves the clock of a live server: in the tests every request lives on the day that was set here."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, datetime

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from deadlines import clock


class Hand:
    """``moment`` None: the machine's own time."""

    moment: datetime | None = None


def move_to(day: str, hour: int = 9, minute: int = 30) -> None:
    Hand.moment = clock.at(date.fromisoformat(day), hour, minute)


def let_go() -> None:
    Hand.moment = None


def set_by_hand(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """The middleware, for tests only (tests/settings.py). A frozen clock holds in one thread, and each request has its own."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        with clock.frozen(Hand.moment) if Hand.moment else nullcontext():
            return get_response(request)

    return answer
