"""An institution with a living agreement, taken over from paper in one act, and the ways into every state of its life."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from agreements.models import Agreement
from agreements.projecting import MATTERS
from casework import door
from casework.models import ActRecord
from casework.refusals import Refused
from deadlines import clock, timers
from disputes.models import Dispute
from institutions.models import Institution
from tests.driving import Driver, on
from tests.factories import HospitalFactory, PharmacyFactory

FIRST, LAST = "2026-01-01", "2026-12-31"
URGENT = {"urgent_reason": "情况紧急"}
_NUMBERS = itertools.count(1)


def life(kind: str = "hospital", first: str = FIRST, last: str = LAST, **given: Any) -> Driver:
    """A private institution in 朝阳区 whose agreement was recorded on the first day of its term, or on 2026-01-01 for a later one."""
    given.setdefault("district", "110105")
    if kind == "hospital":
        given.setdefault("ownership", "private")
    return taken_over((HospitalFactory if kind == "hospital" else PharmacyFactory)(**given), first, last)


def taken_over(institution: Institution, first: str = FIRST, last: str = LAST) -> Driver:
    driver = Driver(institution)
    with on(min(first, FIRST)):
        driver.do("take_over_agreement", number=f"测协{next(_NUMBERS)}", first_day=first, last_day=last)
    return driver


def suspend(driver: Driver, day: str, to: str, **more: Any) -> door.Outcome:
    ground = "M42.6(1)" if driver.institution.kind == "hospital" else "P39.5(1)"
    with on(day):
        return driver.do("suspend", ground=ground, to_on=to, **URGENT, **more)


def terminate(driver: Driver, day: str, ground: str, **more: Any) -> door.Outcome:
    with on(day):
        return driver.do("terminate", ground=[ground], **URGENT, **more)


def suspended_at_request(driver: Driver, first: str = "2026-05-10", days: int = 30) -> None:
    """Asked on 2026-01-20, granted the next day."""
    with on("2026-01-20"):
        driver.do("request_suspension", from_on=first, days=days)
    with on("2026-01-21"):
        driver.do("decide_suspension", granted=True)


def record(word: str) -> ActRecord:
    """The last act of that word."""
    return ActRecord.objects.filter(word=word).latest("id")


def state(driver: Driver, day: str, agreement: Agreement | None = None) -> str:
    """What the facts say of a day."""
    agreement = Agreement.objects.get(pk=(agreement or driver.agreement).pk)
    return agreement.derived(date.fromisoformat(day))


def refused(run: Callable[[], object]) -> list[str]:
    """The clauses of a refusal; fails where there is none."""
    try:
        run()
    except Refused as error:
        return error.clauses
    raise AssertionError("not refused")


def swept(day: str, hour: int = 1) -> timers.Swept:
    """What a timer does at an hour of a day."""
    return timers.sweep(clock.at(date.fromisoformat(day), hour))


def contradictions(day: date | str) -> list[str]:
    """Every stored state, last day or missing row that is not what the facts say of a day."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    found = []
    for agreement in Agreement.objects.all():
        term = agreement.term()
        if agreement.state != term.state(day):
            found.append(f"{agreement}: {agreement.state}, {term.state(day)} by its facts")
        if not term.annulled and (agreement.ended_on, agreement.end_state) != (term.ended_on, term.end.state):
            found.append(f"{agreement}: ends {agreement.ended_on} {agreement.end_state}, {term.end} by its facts")
        for model in MATTERS:
            stored = set(model._default_manager.filter(agreement=agreement).values_list("opened_by", flat=True))
            found += [f"{agreement}: no row of {model.label} {each.id}" for each in model.pure(term) if each.id not in stored]
    for model in (*MATTERS, Dispute):
        rows: Iterable[Any] = model._default_manager.all()
        found += [f"{model.label} {row.pk}: {row.state}, not {row.derived(day)}" for row in rows if row.state != row.derived(day)]
    return found


def days(first: str, last: str) -> Iterable[date]:
    day = date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        yield day
        day += timedelta(days=1)
