"""Bans, and whether the institution may apply."""

from __future__ import annotations

from typing import Any

from applications import entry
from deadlines import clock
from replay.case import Step
from replay.stage import Stage
from replay.words import question
from standing.reading import bans_of


@question("bans", "clause", "until", listed=True)
def bans(stage: Stage, asked: Step) -> list[dict[str, Any]]:
    return [{"clause": ban.clause, "until": ban.until} for ban in bans_of(stage.institution(asked), clock.today())]


@question("may_apply", "yes", "clauses", "earliest_on")
def may_apply(stage: Stage, asked: Step) -> dict[str, Any]:
    answer = entry.may_apply(stage.institution(asked), clock.today())
    return {"yes": answer.yes, "clauses": answer.clauses, "earliest_on": answer.earliest_on}
