"""Facts as the pure rules read them: no Django, no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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


def day_of(value: str | date | None) -> date | None:
    """A day kept in a fact's data (ISO text) as a date."""
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(value)
