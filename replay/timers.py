"""The timers of a case: at 00:00 of every day up to a step's day; days on which nothing is due are jumped over."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from deadlines import clock
from deadlines.models import Deadline
from deadlines.timers import sweep


def run_until(day: date, done: date) -> None:
    """Every sweep after that of ``done`` through 00:00 of ``day``, each with the clock at its own midnight."""
    while True:
        wake = Deadline.objects.filter(wake_at__lte=clock.at(day)).order_by("wake_at").values_list("wake_at", flat=True).first()
        if wake is None:
            return
        midnight = max(_midnight_from(wake), clock.at(done + timedelta(days=1)))
        if midnight > clock.at(day):
            return
        while not sweep(midnight).done:
            pass
        done = midnight.date()


def _midnight_from(moment: datetime) -> datetime:
    """The first midnight at or after a moment."""
    local = moment.astimezone(clock.SHANGHAI)
    midnight = clock.at(local.date())
    return midnight if midnight >= local else clock.at(local.date() + timedelta(days=1))
