"""Correcting a mistake: by the office that made the decision, with two signatures."""

from __future__ import annotations

from casework.refusals import Refusal, Refused
from replay import fields
from replay.case import Step
from replay.stage import Stage
from replay.words import step


@step("void", fields={"what": fields.step_id, "reason": fields.text}, required=("what",), who=False)
def void(stage: Stage, given: Step) -> None:
    record = stage.records.get(given.given["what"])
    if record is None:
        raise Refused([Refusal("state", "该步骤没有办成,无可更正。")])
    reason = given.given.get("reason", "办理有误。")
    stage.act(given, "void", record, {"reason": reason}, acting=given.acting or stage.maker_of(record))
