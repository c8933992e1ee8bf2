"""What may be under way beside an agreement's own state: cases, requests, renewals, changes, holds, hearings. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

# A row's id is the fact that opened it.


@dataclass
class TerminationCase:
    """A duty to decide on a termination (M43); a ground in the hospital numbering. Closed from ``closed_on`` on."""

    id: int
    ground: str
    opened_on: date
    closed_on: date | None = None
    suspension: int | None = None  # whose failed rectification opened it

    @property
    def closes_on(self) -> date:
        return self.closed_on or date.max

    def state(self, day: date) -> str:
        if day < self.opened_on:
            return "coming"
        return "open" if day < self.closes_on else "closed"


@dataclass
class TerminationRequest:
    """The institution asks to leave (M44.1)."""

    id: int
    on: date
    effective: date
    granted: bool | None = None
    decided_on: date | None = None
    withdrawn_on: date | None = None  # taken back before it was decided

    @property
    def waits(self) -> bool:
        """Neither decided nor taken back."""
        return self.granted is None and self.withdrawn_on is None

    def state(self, day: date, ended_on: date | None = None) -> str:
        if self.withdrawn_on is not None:
            return "withdrawn"
        if self.granted is None:
            return "over" if ended_on is not None and day > ended_on else "requested"
        return "granted" if self.granted else "refused"


@dataclass
class Renewal:
    """What the institution asked about the time after the term: to renew (``wanted``) or not (M41, M44.1)."""

    id: int
    on: date
    wanted: bool
    late: bool = False
    agreed: bool | None = None
    decided_on: date | None = None
    agreement: int | None = None
    withdrawn_on: date | None = None  # taken back before it was decided

    @property
    def waits(self) -> bool:
        """Neither decided nor taken back."""
        return self.agreed is None and self.withdrawn_on is None

    def state(self, day: date, ended_on: date) -> str:
        if self.withdrawn_on is not None:
            return "withdrawn"
        if self.agreed is None:
            return "over" if day > ended_on else "requested"
        return "agreed" if self.agreed else "declined"


@dataclass
class Change:
    """A change of data under the agreement (M40): reported, then approved by the city (major) or made by the district."""

    id: int
    field: str
    value: Any
    major: bool
    on: date
    approved_by_authority_on: date | None = None
    late: bool = False
    approved: bool | None = None
    decided_on: date | None = None
    asked_on: date | None = None  # the district asked for what is missing
    passed_on: date | None = None  # by the district to the city
    withdrawn_on: date | None = None  # taken back before it was decided

    @property
    def waits(self) -> bool:
        """Neither decided nor taken back."""
        return self.approved is None and self.withdrawn_on is None

    @property
    def state(self) -> str:
        if self.withdrawn_on is not None:
            return "withdrawn"
        return "reported" if self.approved is None else "approved" if self.approved else "refused"


@dataclass
class Part:
    """A department or person suspended or ended for settlement (M45, I5)."""

    id: int
    first_day: date
    last_day: date | None
    ended: bool
    decided_on: date
    department: str = ""
    person: Any = None  # a registered person's key, else the name
    code: str = ""  # the person's insurance code, where known

    @property
    def person_id(self) -> int | None:
        return self.person if isinstance(self.person, int) else None

    def name(self, people: Mapping[int, str]) -> str:
        """Of the department or the person; ``people``: names of those registered."""
        return self.department or (str(self.person or "") if self.person_id is None else people.get(self.person_id, ""))


@dataclass
class Hold:
    """Settlement and payment held (I17 at the bureau's demand, else M38.2)."""

    id: int
    on: date
    clause: str
    released_on: date | None = None


@dataclass
class Intention:
    """An intended decision told to the institution, who may speak through the last day (M38.6, documents.md)."""

    id: int
    act: str
    on: date
    last_day: date
    urgent: bool = False
    heard_on: date | None = None
    used: bool = False  # a decision followed
    dropped_on: date | None = None  # decided not to go on with it
    origin: int | None = None  # the agreement of another store whose termination is to reach this one (P40(14))

    @property
    def waits(self) -> bool:
        """Neither followed by the decision nor dropped."""
        return not self.used and self.dropped_on is None

    @property
    def ready_on(self) -> date:
        """The first day on which the decision may be made: heard, or the period is over, or an exception for urgency."""
        return self.on if self.urgent else self.heard_on or self.last_day + timedelta(days=1)

    def ready(self, day: date) -> bool:
        """Whether the decision may be made."""
        return self.ready_on <= day
