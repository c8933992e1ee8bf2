"""The agreement of a day straight from R5–R7; what is left out is left open by the texts."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.model.clauses import ended_by
from tests.model.facts import Institution


def agreement(house: Institution, day: date) -> dict[str, Any]:
    life = next((each for each in house.lives if each.first <= day <= each.end()[0]), house.life)
    if life is None:
        return {"state": "none"}
    state, (last, how) = life.state(day), life.end()
    answer: dict[str, Any] = {"state": state}
    if not (how == "terminated" and len(life.terms) > 1):
        answer["from"], answer["to"] = life.term_on(min(day, max(last, life.first)))
    if state in ("expired", "terminated"):
        if last >= life.first:  # ended before it began: no day in force
            answer["ended_on"] = last
        clause = ended_by(life, house)
        if clause:
            answer["ended_by"] = clause
    else:
        answer |= {"ended_on": None, "ended_by": None}
    return answer
