"""What the bureau decides for everybody: working days, places."""

from __future__ import annotations

from institutions.models import Kind
from replay import fields
from replay.case import Step
from replay.stage import Stage
from replay.words import step


@step("set_day", fields={"day": fields.day, "working": fields.yes_no}, required=("day", "working"), who=False)
def set_day(stage: Stage, given: Step) -> None:
    stage.act(given, "set_day", None, {**given.given, "reason": "推演案例改定。"})


@step(
    "set_allocation",
    fields={"kind": fields.choice(*Kind.values), "places": fields.whole(-999, 9_999_999), "year": fields.whole(1, 9999)},
    required=("kind", "places"),
    who=False,
)
def set_allocation(stage: Stage, given: Step) -> None:
    stage.act(given, "set_allocation", None, {"year": given.on.year, **given.given})
