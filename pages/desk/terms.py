"""Deadline rows as they stand today, whether or not a timer has run (R7)."""

from dataclasses import dataclass
from datetime import date

from deadlines import clock, registry
from deadlines.models import Deadline

LOOKS = {
    "open": ("进行中", "blue", "clock"),
    "met": ("已完成", "green", "check-circle"),
    "over": ("已届满", "green", "check-circle"),
    "missed": ("已逾期", "red", "exclamation-octagon"),
    "cancelled": ("已取消", "grey", "dash-circle"),
    "paused": ("停钟", "violet", "pause-circle"),
}


@dataclass(frozen=True)
class Shown:
    """A row with its title and, in words, colour and icon, its state of the day."""

    row: Deadline
    title: str
    stand: str
    state: str
    tone: str
    icon: str

    @property
    def done(self) -> bool:
        return self.stand in ("met", "over", "cancelled")


def shown(row: Deadline, day: date) -> Shown:
    """An open row whose day is past is over or missed, even before the timer says so."""
    stand = row.state
    if stand == Deadline.State.OPEN and row.due_on is not None and row.due_on < day:
        stand = "over" if row.nature == Deadline.Nature.PERIOD else "missed"
    elif stand == Deadline.State.MET and row.nature == Deadline.Nature.PERIOD:
        stand = "over"
    return Shown(row, registry.title(row.kind), stand, *LOOKS[stand])


def of_case(label: str, pk: int) -> list[Shown]:
    """Every deadline a case has or had, by due day."""
    rows = Deadline.announced.filter(case_label=label, case_id=pk).order_by("due_on", "id")
    return [shown(row, clock.today()) for row in rows]
