"""One suspension as its facts make it: imposed, or at the institution's request (M42, R6, R14). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

MOST_DAYS = 180
ONE_DAY = timedelta(days=1)


@dataclass
class Suspension:
    """First and last day belong to it. ``id`` is the fact that opened it: the request, or the decision to impose."""

    id: int
    imposed: bool
    first_day: date
    stated_last: date
    ground: str = ""
    requested_on: date | None = None
    decided_on: date | None = None
    granted: bool | None = None  # None while a request waits
    withdrawn_on: date | None = None  # taken back before it was decided
    rectified: bool | None = None  # of an imposed one; None: nothing recorded
    rectified_on: date | None = None
    resumption_on: date | None = None  # asked for by the institution
    resumed_on: date | None = None  # confirmed: suspended through this day
    prevented_to: date | None = None  # the lapse was put off to this day (R14)
    cut_on: date | None = None  # first day of one imposed during it
    released_on: date | None = None  # the case that a failed rectification opened ended without a termination

    @property
    def waits(self) -> bool:
        """A request that is neither decided nor taken back."""
        return not self.imposed and self.granted is None and self.withdrawn_on is None

    @property
    def stands(self) -> bool:
        """Whether it was decided at all."""
        return self.imposed or bool(self.granted)

    @property
    def cap(self) -> date | None:
        """Day 180 of one at request, or the later day a recorded prevention names (M42.5, R14)."""
        if self.imposed or not self.granted:
            return None
        return self.prevented_to or self.first_day + timedelta(days=MOST_DAYS - 1)

    @property
    def lapses_on(self) -> date | None:
        """The last day of the agreement if nothing more happens: day 180 of one at request, no resumption asked (M42.5)."""
        if self.cap is None or self.resumed_on is not None or self.cut_on is not None:
            return None
        return None if self.resumption_on is not None and self.resumption_on <= self.cap else self.cap

    @property
    def last_day(self) -> date | None:
        """The last day suspended as far as it is known; None: until the agreement's end or an act ends it."""
        if self.imposed:
            if self.rectified is False:
                return max(self.stated_last, self.released_on) if self.released_on else None
            return self.stated_last
        if self.resumed_on is not None:
            return self.resumed_on
        if self.cut_on is not None:
            return self.cut_on - ONE_DAY
        return self.lapses_on

    def covers(self, day: date) -> bool:
        """Whether the agreement is suspended by it on a day, should it still live."""
        return self.stands and self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def goes_beyond(self, last_day: date) -> bool:
        """Whether a term's last day leaves it to the next term: it runs on, or begins after it, be it only asked for."""
        return self.covers(last_day) or (self.first_day > last_day and (self.stands or self.waits))

    def state(self, day: date, ended_on: date | None = None) -> str:
        """Its own state on a day: requested, withdrawn, refused, coming, running, over. ``ended_on``: last day of the agreement."""
        if not self.stands:
            if self.withdrawn_on is not None:
                return "withdrawn"
            if self.granted is False:
                return "refused"
            return "over" if ended_on is not None and day > ended_on else "requested"
        if ended_on is not None and day > ended_on:
            return "over"
        if day < self.first_day:
            return "coming"
        return "running" if self.covers(day) else "over"


def cut(suspensions: list[Suspension]) -> None:
    """An imposed suspension during one at request ends the latter the day before (R6)."""
    for imposed in (each for each in suspensions if each.imposed):
        for each in suspensions:
            if not each.imposed and each.covers(imposed.first_day):
                each.cut_on = imposed.first_day
