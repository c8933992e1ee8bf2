"""Where the latest application stands."""

from __future__ import annotations

from typing import Any

from applications.deadlines import answer_days
from deadlines import clock
from law.clauses import numbered
from replay.case import Step
from replay.stage import Stage
from replay.words import question


@question(
    "application", "state", "accepted_on", "supplement_due", "evaluation_due", "clock", "paused_since", "days_stood_still",
    "re_evaluation_from",
)  # fmt: skip
def application(stage: Stage, asked: Step) -> dict[str, Any]:
    found = stage.latest_application(asked)
    if found is None:
        return {"state": "none"}
    road, today, kind = found.road(), clock.today(), found.institution.kind
    supplement = road.supplement_due(numbered("M8.2", kind), answer_days(road))
    running = road.clock(numbered("M9.2", kind))
    due = running.due if running else None
    return {
        "state": road.state(today),
        "accepted_on": road.accepted_on,
        "supplement_due": supplement.day if supplement else None,
        "evaluation_due": due.day if due else None,
        "clock": running.state if running else None,
        "paused_since": running.paused_since if running else None,
        "days_stood_still": running.days_stood_still if running else None,
        "re_evaluation_from": road.re_evaluation_from(numbered("M9.7", kind), today),
    }
