"""The life of an agreement as a pure fold over its facts (R6, R7): state, end, what ended it. No Django."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from casework.facts import PlainFact, day_of

STATES = {
    "pending": "待生效",
    "active": "履行中",
    "suspended": "中止中",
    "expired": "已终止",
    "terminated": "已解除",
    "annulled": "已更正",
}
ALIVE = frozenset({"pending", "active", "suspended"})


@dataclass(frozen=True)
class Term:
    """One agreement: its term and, for a supplementary one, the end of the main agreement it lives and dies with (M5.2)."""

    first_day: date
    last_day: date
    filed_on: date | None = None
    terminated_on: date | None = None  # the first day out
    terminated_by: str = ""
    main_ended_on: date | None = None
    main_ended_by: str = ""
    annulled: bool = False
    taken_over_on: date | None = None  # recorded that day from the paper file; what was due before is nobody's matter here

    @property
    def ended_on(self) -> date:
        """The last day in force, as far as it is known."""
        ends = [self.last_day]
        if self.terminated_on is not None:
            ends.append(date.fromordinal(self.terminated_on.toordinal() - 1))
        if self.main_ended_on is not None:
            ends.append(self.main_ended_on)
        return min(ends)

    def state(self, day: date) -> str:
        """The state on a day; the first day of a termination is already out (R5)."""
        if self.annulled:
            return "annulled"
        if self.terminated_on is not None and self.terminated_on <= day and self.terminated_on <= self.last_day:
            return "terminated"
        if day < self.first_day:
            return "pending"
        return "active" if day <= self.ended_on else "expired"

    def ended_by(self, day: date) -> str | None:
        """The clause that ended it, in the hospital numbering; None while it lives."""
        state = self.state(day)
        if state == "terminated":
            return self.terminated_by
        if state == "expired":
            return self.main_ended_by if self.main_ended_on is not None and self.main_ended_on < self.last_day else "M41.3"
        return None


def read(facts: Iterable[PlainFact], main: Term | None = None, day: date | None = None) -> Term:
    """Fold facts, in the order recorded. ``signed`` opens the term; ``terminated`` (on = effective day) ends it."""
    first = last = filed = terminated = taken_over = None
    by = ""
    for fact in facts:
        if fact.kind == "signed":
            first, last = day_of(fact.data["from"]), day_of(fact.data["to"])
            taken_over = fact.at.date() if fact.at and fact.data.get("taken_over") else None
        elif fact.kind == "filed":
            filed = fact.on
        elif fact.kind == "terminated":
            terminated, by = fact.on, str(fact.data.get("ground", ""))
    if first is None or last is None:
        return Term(date.max, date.max, annulled=True)
    ended = main.ended_on if main is not None and main.ended_on < last else None
    ended_by = (main.terminated_by or "M41.3") if main is not None and ended is not None else ""
    return Term(first, last, filed, terminated, by, ended, ended_by, taken_over_on=taken_over)
