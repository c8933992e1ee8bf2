"""Facts as the pure rules read them: no Django, no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class PlainFact:
    """One dated fact. ``on`` is the day it counts from, ``at`` the moment it was recorded (R7)."""

    kind: str
    on: date
    data: Mapping[str, Any] = field(default_factory=dict)
    id: int = 0
    at: datetime | None = None
    voided_at: datetime | None = None


def known(facts: Iterable[PlainFact], moment: datetime | None = None) -> list[PlainFact]:
    """The facts as they were known at a moment; without one, as they are known now (R7)."""
    if moment is None:
        return [fact for fact in facts if fact.voided_at is None]
    return [fact for fact in facts if (fact.at is None or fact.at <= moment) and (fact.voided_at is None or fact.voided_at > moment)]


SERVICE_PROVED = "service_proved"  # ``of`` a fact whose paper was served, ``on`` the day that counts as day of service


def as_served(facts: Iterable[PlainFact]) -> list[PlainFact]:
    """The facts as service was proved: a proof recorded later moves the day its paper's fact counts from (documents.md, Service).

    Of several proofs that stand the last one counts; one whose fact is gone moves nothing.
    """
    rows = list(facts)
    proved = {fact.data["of"]: fact.on for fact in rows if fact.kind == SERVICE_PROVED}
    if not proved:
        return rows
    return [
        replace(fact, data={**fact.data, "served_on": proved[fact.id].isoformat()}) if fact.id in proved else fact
        for fact in rows
        if fact.kind != SERVICE_PROVED
    ]


EFFECT_MOVED = "effect_moved"  # ``of`` a decision whose paper was served after the day it was to take effect, ``on`` the day of service


def in_effect(facts: Iterable[PlainFact]) -> list[PlainFact]:
    """The facts from the days their decisions took effect: not before their papers were served (R5).

    Of several such days that stand the last recorded counts; one whose fact is gone moves nothing.
    """
    rows = list(facts)
    served = {fact.data["of"]: fact.on for fact in rows if fact.kind == EFFECT_MOVED}
    if not served:
        return rows
    kept = (fact for fact in rows if fact.kind != EFFECT_MOVED)
    return [replace(fact, on=max(fact.on, served[fact.id])) if fact.id in served else fact for fact in kept]


def service_day(fact: PlainFact) -> date | None:
    """The day a fact's paper was served: as proved, else presumed on its own day; None while a postal receipt is awaited."""
    stated = day_of(fact.data.get("served_on"))
    return stated if stated is not None or fact.data.get("awaits_receipt") else fact.on


def day_of(value: str | date | None) -> date | None:
    """A day kept in a fact's data (ISO text) as a date."""
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(value)
