"""What a case's pure fold says about its deadlines; deadlines.sync turns it into rows. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from deadlines.periods import Computed

State = Literal["open", "met", "missed", "cancelled", "paused"]
Nature = Literal["duty", "period"]


@dataclass(frozen=True)
class WantedDeadline:
    """One deadline of a case as its facts stand today.

    `nature`: a duty is open through its due day, met if done by then, else missed; a period is open through its last day,
    then met. `due` is None while the clock stands still (R2) and may be None when cancelled. `key` tells several deadlines
    of one kind apart ("1", "2" …). `responsible` is the office role (R16) that is warned. `starts_on` is the day from which
    it runs: a warning mark that would fall on or before it is never sent.
    """

    kind: str
    key: str
    due: Computed | None
    state: State
    nature: Nature
    clause: str
    responsible: str
    starts_on: date | None = None

    def __post_init__(self) -> None:
        if self.state == "paused" and self.due is not None:
            raise ValueError(f"{self.kind}: a paused deadline has no due date (R2)")
        if self.state in ("open", "met", "missed") and self.due is None:
            raise ValueError(f"{self.kind}: a deadline that is {self.state} needs a due date")
        if self.nature == "period" and self.state == "missed":
            raise ValueError(f"{self.kind}: a period cannot be missed")
