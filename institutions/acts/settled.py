"""When an institution's data stand: what is blank may always be filled in, what is there changes only while nothing rests on it.

Higher floors say what rests on it: an application in hand, a living agreement (then M40 asks for a change procedure).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from casework.context import Context
from casework.refusals import Refusal
from institutions.models import Institution

# Each takes the institution and the day and returns why its data may not be changed, or None.
holds: list[Callable[[Institution, date], Refusal | None]] = []


def against_change(context: Context, what: list[str]) -> list[Refusal]:
    """Reasons against changing what is already on record; empty when nothing of ``what`` is there yet."""
    if not what:
        return []
    found = [hold(context.subject, context.on) for hold in holds]
    named = "、".join(what)
    return [Refusal(each.clause, f"{named}:{each.message}", each.earliest_on) for each in found if each is not None]
