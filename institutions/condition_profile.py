"""The profile that the conditions of M5–M6 and P5 look at: an institution's dated rows. Pure, no Django."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Span:
    """Days with both ends inside; ``to_on`` None is open-ended."""

    from_on: date | None
    to_on: date | None = None

    def holds(self, day: date) -> bool:
        return self.from_on is not None and self.from_on <= day and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True)
class LicenceRow:
    kind: str
    valid: Span


@dataclass(frozen=True)
class PractitionerRow:
    kind: str
    registered_here: bool
    first_registered_on: date | None = None
    contract: Span = Span(None)
    ended_on: date | None = None


@dataclass(frozen=True)
class ManagerRow:
    full_time: bool = False
    contract: Span = Span(None)
    ended_on: date | None = None


@dataclass(frozen=True)
class Profile:
    """What the conditions look at; every row with its dates, so that a later day can be asked about too."""

    kind: str
    category: str = ""
    ownership: str = ""
    opened_on: date | None = None
    beds: int = 0
    insurance_department: bool = False
    licences: Sequence[LicenceRow] = ()
    practitioners: Sequence[PractitionerRow] = ()
    managers: Sequence[ManagerRow] = ()
    principals: Sequence[Span] = ()

    def has_principal(self, day: date) -> bool:
        return any(span.holds(day) for span in self.principals)
