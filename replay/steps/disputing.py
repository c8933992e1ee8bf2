"""Disputes: correction demanded, mediation, remedies against a decision."""

from __future__ import annotations

from agreements.reading import agreement_of
from casework.models import ActRecord
from casework.refusals import Refusal, Refused
from deadlines import clock
from disputes.models import Dispute
from replay import fields
from replay.case import Step
from replay.stage import Stage
from replay.words import step

AGAINST: dict[str, fields.Reader] = {"against": fields.step_id, "text": fields.text}
WORDS = "推演案例所列事实和理由。"


def decision(stage: Stage, given: Step) -> ActRecord | None:
    """The decision a step is against; one that was not done cannot be attacked."""
    name = given.given.get("against")
    if name is None:
        return None
    if name not in stage.records:
        raise Refused([Refusal("state", "该步骤没有办成,没有可以针对的决定。")])
    return stage.records[name]


def dispute(stage: Stage, given: Step, *kinds: str) -> Dispute:
    """The open dispute that a step answers: the one opened by the step named, else against the decision named, else the latest."""
    record = decision(stage, given)
    rows = Dispute.objects.filter(institution=stage.institution(given), kind__in=kinds).order_by("-id")
    if record is not None:
        raised = rows.filter(pk=record.data.get("dispute"))
        rows = raised if raised.exists() else rows.filter(against=record)
    found = rows.filter(state="open").first() or rows.first()
    if found is None:
        raise Refused([Refusal("state", "没有待办结的争议。")])
    return found


def pk_of(record: ActRecord | None) -> int | None:
    return record.pk if record is not None else None


@step("demand_correction", fields=AGAINST)
def demand_correction(stage: Stage, given: Step) -> None:
    data = {"text": given.given.get("text", WORDS), "against": pk_of(decision(stage, given))}
    stage.act(given, "demand_correction", stage.institution(given), data)


@step("request_mediation", fields=AGAINST)
def request_mediation(stage: Stage, given: Step) -> None:
    institution = stage.institution(given)
    record = decision(stage, given)
    agreement = agreement_of(institution, clock.today())
    within = agreement is not None and agreement.derived(clock.today()) in ("active", "suspended")
    # A demand for correction is no decision: the matter is the agency's own breach.
    against = record if record is not None and record.data.get("dispute") is None else None
    data = {"text": given.given.get("text", WORDS), "against": pk_of(against), "agency_breach": within}
    stage.act(given, "request_mediation", institution, data)


@step("answer_mediation", fields={**AGAINST, "conclusion": fields.text})
def answer_mediation(stage: Stage, given: Step) -> None:
    found = dispute(stage, given, "mediation")
    stage.act(given, "answer_mediation", found, {"conclusion": given.given.get("conclusion", "经协调,双方按协议履行。")})


@step("file_remedy", fields={**AGAINST, "what": fields.choice("reconsideration", "lawsuit")}, required=("against",))
def file_remedy(stage: Stage, given: Step) -> None:
    record = decision(stage, given)
    data = {"what": given.given.get("what", "reconsideration"), "against": pk_of(record), "text": given.given.get("text", "")}
    stage.act(given, "file_remedy", stage.institution(given), data)


@step(
    "decide_remedy",
    fields={**AGAINST, "what": fields.choice("reconsideration", "lawsuit"), "outcome": fields.choice("upheld", "annulled")},
    required=("outcome",),
)
def decide_remedy(stage: Stage, given: Step) -> None:
    kinds = [given.given["what"]] if "what" in given.given else ["reconsideration", "lawsuit"]
    stage.act(
        given, "decide_remedy", dispute(stage, given, *kinds), {"outcome": given.given["outcome"], "text": given.given.get("text", "")}
    )
