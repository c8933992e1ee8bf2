"""The agreement of a day: the one of that day, else the latest."""

from __future__ import annotations

from typing import Any

from agreements.grounds import own_ground
from agreements.reading import agreement_of
from deadlines import clock
from replay.case import Step
from replay.stage import Stage
from replay.words import question


@question("agreement", "state", "from", "to", "ended_on", "ended_by")
def agreement(stage: Stage, asked: Step) -> dict[str, Any]:
    today, institution = clock.today(), stage.institution(asked)
    found = agreement_of(institution, today)
    if found is None:
        return {"state": "none"}
    term = found.term()
    ended_by = term.ended_by(today)
    return {
        "state": term.state(today),
        "from": term.first_day,
        "to": term.last_day,
        "ended_on": term.ended_on if ended_by and term.began() else None,
        "ended_by": own_ground(ended_by, institution.kind) if ended_by else None,
    }
