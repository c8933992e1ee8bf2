"""The agreement of a day: the one of that day, else the latest."""

from __future__ import annotations

from typing import Any

from agreements.models import Agreement
from deadlines import clock
from law.clauses import numbered
from replay.case import Step
from replay.stage import Stage
from replay.words import question


@question("agreement", "state", "from", "to", "ended_on", "ended_by")
def agreement(stage: Stage, asked: Step) -> dict[str, Any]:
    today, institution = clock.today(), stage.institution(asked)
    rows = Agreement.objects.filter(institution=institution, annulled=False)
    found = rows.filter(first_day__lte=today, ended_on__gte=today).order_by("-id").first() or rows.order_by("-id").first()
    if found is None:
        return {"state": "none"}
    term = found.term()
    ended_by = term.ended_by(today)
    return {
        "state": term.state(today),
        "from": term.first_day,
        "to": term.last_day,
        "ended_on": term.ended_on if ended_by else None,
        "ended_by": numbered(ended_by, institution.kind) if ended_by else None,
    }
