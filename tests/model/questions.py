"""What is asked about settlement after a step."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from hypothesis import strategies as some

from tests.model.periods import plus_days
from tests.model.scene import STAFF


class Question(NamedTuple):
    """A service near the day of asking: plain, an emergency, by one person, a stay admitted earlier, or as known some days before."""

    variant: str
    offset: int
    back: int

    def of(self, today: date) -> tuple[date | None, dict[str, Any]]:
        """The day by whose end it was known (None: now), and the service."""
        service = plus_days(today, self.offset)
        earlier = plus_days(service if self.variant == "stay" else today, -self.back)
        more: dict[str, Any] = {"plain": {}, "emergency": {"emergency": True}, "person": {"person": STAFF}}.get(self.variant, {})
        if self.variant == "stay":
            more = {"admitted_on": earlier}
        return (earlier if self.variant == "known" else None), {"service_on": service, **more}


def _of(variant: str, *back: int) -> some.SearchStrategy[Question]:
    return some.builds(Question, some.just(variant), some.sampled_from([0, 0, 0, -1, -10, 1]), some.sampled_from(back))


QUESTIONS = some.one_of(_of("plain", 0), _of("emergency", 0), _of("person", 0), _of("stay", 0, 1, 2, 10, 40), _of("known", 1, 5, 20))
