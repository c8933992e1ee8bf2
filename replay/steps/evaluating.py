"""Evaluation, its result and the public notice."""

from __future__ import annotations

from typing import Any

from evaluations.models import SPECIALTIES, Evaluation
from offices.directory import office_of
from offices.models import Role
from replay import fields
from replay.case import Step
from replay.fields import About
from replay.stage import Stage
from replay.words import step

ALL_FOUR = [value for value, _ in SPECIALTIES]


def tie(value: Any, about: About) -> str:
    """An institution of the file; the word itself stands for the one in ``who``."""
    if value == "institution" and value not in about.institutions:
        return about.who or ""
    return fields.institution(value, about)


MEMBER: dict[str, fields.Reader] = {"specialty": fields.choice(*ALL_FOUR), "tied_to": fields.or_nothing(tie), "name": fields.text}


@step("form_team", fields={"members": fields.list_of(fields.record(MEMBER, ("specialty",)))})
def form_team(stage: Stage, given: Step) -> None:
    members = given.given.get("members", [{"specialty": each} for each in ALL_FOUR])
    rows = [
        {
            "name": each.get("name", f"评估员{n}"),
            "specialty": each["specialty"],
            # A tie to another institution is none to this one.
            "tied_to": "与申请机构有利害关系" if each.get("tied_to") == given.who else "",
        }
        for n, each in enumerate(members, 1)
    ]
    evaluator = office_of(Role.THIRD_PARTY)
    stage.act(given, "form_team", stage.application(given), {"members": rows, "commissioned_to": evaluator.pk})


@step("request_evidence", fields={"items": fields.list_of(fields.text)})
def request_evidence(stage: Stage, given: Step) -> None:
    stage.act(given, "request_evidence", stage.application(given), {"items": given.given.get("items", ["补充材料"])})


@step("supply_evidence", fields={"items": fields.list_of(fields.text)})
def supply_evidence(stage: Stage, given: Step) -> None:
    files = {"file": stage.file(given, "补充材料")}
    stage.act(given, "supply_evidence", stage.application(given), {"items": given.given.get("items", [])}, files=files)


@step("record_result", fields={"result": fields.choice("pass", "fail"), "reasons": fields.text, "suggestions": fields.text})
def record_result(stage: Stage, given: Step) -> None:
    application = stage.application(given)
    result = given.given.get("result", "pass")
    evaluation = Evaluation.objects.filter(application=application).order_by("-round").first()
    for item in evaluation.rubric.items if evaluation and application.state == "evaluating" else []:
        unmet = stage.unmet(item["code"]) if result == "fail" else ""
        finding = {"item": item["code"], "met": not unmet, "evidence": unmet or stage.finding}
        stage.act(given, "record_finding", application, finding)
    # A fail states both (M9.6), also where the case does not.
    reasons = given.given.get("reasons") or ("" if result == "pass" else "评估项目不符合要求。")
    suggestions = given.given.get("suggestions") or ("" if result == "pass" else "请逐项整改。")
    stage.act(given, "record_result", application, {"result": result, "reasons": reasons, "suggestions": suggestions})


@step("serve_result", fields={"method": fields.choice("online", "in_person", "post", "announcement")})
def serve_result(stage: Stage, given: Step) -> None:
    # A written case tells the day of service; the receipt is not waited for.
    stage.act(given, "serve_result", stage.application(given), {"method": given.given.get("method", "online"), "on": given.at.date()})


@step("open_notice", fields={"days": fields.whole(-999, 9999)})
def open_notice(stage: Stage, given: Step) -> None:
    # A period shorter than the bureau's setting needs a reason (R12), which no case states.
    stage.act(given, "open_notice", stage.application(given), {"days": given.given.get("days"), "reason": "推演案例所定的公示期。"})


@step("object", fields={"text": fields.text})
def objection(stage: Stage, given: Step) -> None:
    stage.act(given, "object", stage.application(given), {"text": given.given.get("text", "对拟签约名单有异议。")})


@step("resolve_objection", fields={"upheld": fields.yes_no})
def resolve_objection(stage: Stage, given: Step) -> None:
    upheld = given.given.get("upheld", False)
    outcome = "经核查,属实。" if upheld else "经核查,不属实。"
    stage.act(given, "resolve_objection", stage.application(given), {"upheld": upheld, "outcome": outcome})
