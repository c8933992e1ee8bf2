"""What the floors above tell the timers: the kinds of deadline, how cases are locked and derived anew, who is notified."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

if TYPE_CHECKING:
    from deadlines.models import Deadline


class Cases:
    """The cases behind rows that are looked at together, each once; a kind of case with rules of its own extends it."""

    together: ClassVar[int] = 1
    """How many rows, each of another case, are looked at in one transaction."""

    def __init__(self, ids: Sequence[int]) -> None:
        self.ids = list(ids)

    def lock(self) -> None:
        """Take the door's locks in the door's order."""

    def resync(self) -> None:
        """Derive the cases' rows anew; the cases are locked."""

    def finish(self) -> None:
        """Write what the effects have ordered: the last thing in the transaction."""


Effect = Callable[[list["Deadline"], Any], None]
"""What is done about rows of one kind and one due day, each of another of the ``Cases`` that it gets beside them."""


@dataclass(frozen=True)
class Kind:
    """A kind of deadline.

    `title` is its Chinese name; `warn_days` the days before the due day on which the responsible role is warned; `on_due`
    the automatic effect once the due day is over (of a duty: it was missed), run in the timer's transaction with the clock at
    00:00 of the next day; `on_warning` comes beside the reminder; `escalate_to` the roles told of a missed duty.
    One that is not `announced` only wakes the timer: no list, page, export or program is shown it (``Deadline.announced``).
    """

    title: str
    nature: Literal["duty", "period"]
    warn_days: tuple[int, ...] = ()
    on_due: Effect | None = None
    on_warning: Effect | None = None
    escalate_to: tuple[str, ...] = ()
    announced: bool = True


kinds: dict[str, Kind] = {}
cases: dict[str, type[Cases]] = {}


def warn_days(kind: str) -> tuple[int, ...]:
    """The warning days of a kind; none while nobody has registered it."""
    return kinds[kind].warn_days if kind in kinds else ()


def title(kind: str) -> str:
    """The Chinese name of a kind."""
    return kinds[kind].title if kind in kinds else kind


def announced() -> dict[str, Kind]:
    """Every kind that people and programs are shown."""
    return {name: kind for name, kind in kinds.items() if kind.announced}
