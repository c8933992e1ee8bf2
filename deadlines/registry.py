"""What the floors above tell the timers: the kinds of deadline, how a case is locked and derived anew, who is notified."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from deadlines.models import Deadline


@dataclass(frozen=True)
class Kind:
    """A kind of deadline.

    `title` is its Chinese name; `warn_days` the days before the due day on which the responsible role is warned; `on_due`
    the automatic effect once the due day is over (of a duty: it was missed), run in the timer's transaction with the clock at
    00:00 of the next day; `on_warning(row, days_left)` comes beside the reminder; `escalate_to` the roles told of a missed duty.
    One that is not `announced` only wakes the timer: no list, page, export or program is shown it (``Deadline.announced``).
    """

    title: str
    nature: Literal["duty", "period"]
    warn_days: tuple[int, ...] = ()
    on_due: Callable[[Deadline], None] | None = None
    on_warning: Callable[[Deadline, int], None] | None = None
    escalate_to: tuple[str, ...] = ()
    announced: bool = True


@dataclass(frozen=True)
class Case:
    """How the timer handles the case behind a row: `lock` takes the door's locks in the door's order, `resync` derives its rows anew."""

    lock: Callable[[int], None]
    resync: Callable[[int], None]


kinds: dict[str, Kind] = {}
cases: dict[str, Case] = {}


def warn_days(kind: str) -> tuple[int, ...]:
    """The warning days of a kind; none while nobody has registered it."""
    return kinds[kind].warn_days if kind in kinds else ()


def title(kind: str) -> str:
    """The Chinese name of a kind."""
    return kinds[kind].title if kind in kinds else kind


def announced() -> dict[str, Kind]:
    """Every kind that people and programs are shown."""
    return {name: kind for name, kind in kinds.items() if kind.announced}
