"""How an application ends before signing."""

from __future__ import annotations

from law.clauses import numbered
from replay import fields
from replay.case import As, Step
from replay.stage import Stage
from replay.words import step

REASON = {"reason": fields.text}


@step("refuse", fields={"ground": fields.one_or_more(fields.clause)}, required=("ground",))
def refuse(stage: Stage, given: Step) -> None:
    kind = stage.institution(given).kind
    grounds = [numbered(clause, kind) for clause in given.given["ground"]]
    stage.act(given, "refuse", stage.application(given), {"ground": grounds, "evidence": stage.facts})


@step("withdraw", fields=REASON)
def withdraw(stage: Stage, given: Step) -> None:
    stage.act(given, "withdraw", stage.application(given), {"reason": given.given.get("reason", "")})


@step("close_application", fields=REASON)
def close_application(stage: Stage, given: Step) -> None:
    stage.act(given, "close_application", stage.application(given), {"reason": given.given.get("reason", "经核对,结束办理。")})


@step("decline", fields={**REASON, "by": fields.choice("institution", "agency")})
def decline(stage: Stage, given: Step) -> None:
    usual = As("city_agency" if given.given.get("by") == "agency" else "institution")
    reason = given.given.get("reason", "协商未达成一致。")
    stage.act(given, "decline", stage.application(given), {"reason": reason}, acting=given.acting or usual)
