"""Signing, and filing with the bureau."""

from __future__ import annotations

from agreements.models import KINDS
from applications.models import Application
from casework.refusals import Refusal, Refused
from institutions.posts import holders
from law.clauses import numbered
from replay import fields
from replay.case import As, Step
from replay.stage import Stage
from replay.steps.living import report
from replay.words import step

TERMS: dict[str, fields.Reader] = {
    "from": fields.day, "to": fields.day, "reason": fields.text, "kind": fields.choice(*[value for value, _ in KINDS]),
}  # fmt: skip


@step("sign", fields=TERMS)
def sign(stage: Stage, given: Step) -> None:
    application = _passed_or_none(stage, given)
    asked = given.given
    terms = {"from_on": asked.get("from"), "to_on": asked.get("to"), "kind": asked.get("kind"), "reason": asked.get("reason", "")}
    stage.act(given, "invite_to_sign", application, {**terms, "record": "双方协商一致。"})
    representative = holders(stage.institution(given)).get("legal_representative")
    signer = representative.name if representative else "法定代表人"
    stage.act(given, "institution_signs", application, {"signer": signer}, acting=As("institution"))
    stage.act(given, "sign", application)


def _passed_or_none(stage: Stage, given: Step) -> Application:
    """Who never applied has passed no evaluation either."""
    application = stage.latest_application(given)
    if application is None:
        clause = numbered("M9.4", stage.institution(given).kind)
        raise Refused([Refusal("state", "该机构没有申请。"), Refusal(clause, "评估尚未合格,不能签约。")])
    return application


@step("file", "file_result", {"what": fields.choice("result", "agreement", "suspension", "termination")}, required=("what",))
def file(stage: Stage, given: Step) -> None:
    if given.given["what"] == "result":
        stage.act(given, "file_result", stage.application(given))
    elif given.given["what"] == "agreement":
        stage.act(given, "file_agreement", stage.agreement(given))
    else:
        report(stage, given, given.given["what"])
