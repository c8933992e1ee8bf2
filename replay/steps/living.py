"""The life of an agreement: suspension, request and resumption, renewal, termination, parts, holds, changes."""

from __future__ import annotations

from typing import Any

from agreements import cascade
from agreements.acts.renewing import open_request
from agreements.acts.reporting import unreported
from agreements.changes import POSTS, fields_of
from agreements.grounds import NATURES, suspension_grounds, termination_grounds
from agreements.intentions import waiting
from agreements.models import KINDS
from institutions.models import Person
from institutions.posts import holders
from replay import fields
from replay.case import As, Step
from replay.clause_text import standard
from replay.fields import About
from replay.stage import Stage
from replay.unusable import Unusable
from replay.words import step

REASON = {"reason": fields.text}
DEFAULT_REASON = "推演案例所列理由。"


def ground_of(table: Any) -> fields.Reader:
    """One of the grounds of the institution's kind; ``M43.1`` and ``M43(1)`` are the same."""

    def read(value: Any, about: About) -> str:
        kind = about.kind or "hospital"
        known = {standard(clause): clause for clause in table(kind)}
        found = known.get(standard(value)) if isinstance(value, str) else None
        if found is None:
            raise Unusable(f"没有“{value}”这一情形(有:{'、'.join(known.values())})。")
        return found

    return read


def intend_and_hear(stage: Stage, given: Step, act: str, grounds: list[str], fault: int | None = None) -> None:
    """The notice and the word of all who got it that they have nothing to add; not again for whom the case has told it already.

    A case's own ``intend`` can name no person of the head office: the branches have their notice from here all the same (R10).
    """
    origin, person = stage.agreement(given), Person.objects.filter(pk=fault or 0).first()
    told = waiting(origin.term(), act) is not None
    branches = cascade.untold(origin, person, given.on) if person else []
    if told and not branches:
        return
    stage.act(given, "intend", origin, {"act": act, "ground": grounds, "facts": stage.facts, "head_office_at_fault": fault})
    if not told:
        stage.act(given, "hear", stage.agreement(given), {"statement": ""}, acting=As("institution"))
    for branch in branches:
        stage.act(given, "hear", branch, {"statement": ""}, acting=As("city_agency"))


def decide(stage: Stage, given: Step, word: str, act: str, grounds: list[str], data: dict[str, Any]) -> None:
    """An adverse decision with what comes before it; what speaks against it is told even where the notice was refused already."""
    agreement = stage.agreement(given)
    with stage.telling_all(given, word, agreement, data):
        intend_and_hear(stage, given, act, grounds, data.get("head_office_at_fault"))
    stage.act(given, word, stage.agreement(given), data)


@step("intend", fields={"act": fields.choice("suspend", "terminate", "suspend_part"), "days": fields.whole(-999, 9999)}, required=("act",))
def intend(stage: Stage, given: Step) -> None:
    data = {"act": given.given["act"], "days": given.given.get("days"), "facts": stage.facts}
    stage.act(given, "intend", stage.agreement(given), data)


@step("hear", fields={"statement": fields.text})
def hear(stage: Stage, given: Step) -> None:
    stage.act(given, "hear", stage.agreement(given), {"statement": given.given.get("statement", "")})


@step("suspend", fields={"ground": ground_of(suspension_grounds), "from": fields.day, "to": fields.day})
def suspend(stage: Stage, given: Step) -> None:
    kind = stage.institution(given).kind
    ground = given.given.get("ground") or next(iter(suspension_grounds(kind)))
    data = {"ground": ground, "from_on": given.given.get("from"), "to_on": given.given.get("to"), "facts": stage.facts}
    decide(stage, given, "suspend", "suspend", [ground], data)


@step("record_rectification", fields={"passed": fields.yes_no}, required=("passed",))
def record_rectification(stage: Stage, given: Step) -> None:
    stage.act(given, "record_rectification", stage.agreement(given), {"passed": given.given["passed"]})


@step("amend_suspension", fields={"to": fields.day, **REASON}, required=("to",))
def amend_suspension(stage: Stage, given: Step) -> None:
    data = {"to_on": given.given["to"], "reason": given.given.get("reason", DEFAULT_REASON)}
    stage.act(given, "amend_suspension", stage.agreement(given), data)


@step("prevent_lapse", fields={"to": fields.day, **REASON}, required=("to",))
def prevent_lapse(stage: Stage, given: Step) -> None:
    data = {"to_on": given.given["to"], "reason": given.given.get("reason", DEFAULT_REASON)}
    stage.act(given, "prevent_lapse", stage.agreement(given), data)


@step("request_suspension", fields={"from": fields.day, "days": fields.whole(1, 99_999)})
def request_suspension(stage: Stage, given: Step) -> None:
    data = {"from_on": given.given.get("from"), "days": given.given.get("days")}
    stage.act(given, "request_suspension", stage.agreement(given), data)


GRANT: dict[str, fields.Reader] = {"granted": fields.yes_no, "exception_reason": fields.text}


def answer(given: Step) -> dict[str, Any]:
    """A decision on a request; a refusal needs a reason, which no case gives."""
    granted = given.given.get("granted", True)
    reason = "" if granted else DEFAULT_REASON
    return {"granted": granted, "exception_reason": given.given.get("exception_reason", ""), "reason": reason}


@step("decide_suspension", fields=GRANT)
def decide_suspension(stage: Stage, given: Step) -> None:
    stage.act(given, "decide_suspension", stage.agreement(given), answer(given))


@step("request_termination", fields={"effective": fields.day})
def request_termination(stage: Stage, given: Step) -> None:
    stage.act(given, "request_termination", stage.agreement(given), {"effective_on": given.given.get("effective")})


@step("decide_termination", fields=GRANT)
def decide_termination(stage: Stage, given: Step) -> None:
    stage.act(given, "decide_termination", stage.agreement(given), answer(given))


TERMINATION: dict[str, fields.Reader] = {
    "ground": fields.one_or_more(ground_of(termination_grounds)),
    "nature": fields.choice(*NATURES),
    "reason": fields.text,
    "persons": fields.list_of(fields.person),
    "head_office_at_fault": fields.person,
    "effective": fields.day,
    "penalty_open": fields.yes_no,
    "liability_open": fields.yes_no,
}


@step("terminate", fields=TERMINATION, required=("ground",))
def terminate(stage: Stage, given: Step) -> None:
    asked = given.given
    fault = asked.get("head_office_at_fault")
    data = {
        "ground": asked["ground"],
        "nature": asked.get("nature", ""),
        "reason": asked.get("reason", ""),
        "facts": stage.facts,
        "effective_on": asked.get("effective"),
        "persons": [stage.person(name).pk for name in asked.get("persons", [])],
        "head_office_at_fault": stage.person(fault).pk if fault else None,
        "penalty_open": asked.get("penalty_open", False),
        "liability_open": asked.get("liability_open", False),
    }
    decide(stage, given, "terminate", "terminate", asked["ground"], data)


@step("decide_renewal", fields={"agreed": fields.yes_no, "from": fields.day, "to": fields.day, "kind": fields.choice(*dict(KINDS[:2]))})
def decide_renewal(stage: Stage, given: Step) -> None:
    """A request not to renew that waits is what is answered: agreed to, the agreement ends with its term (M44)."""
    asked, agreement = given.given, stage.agreement(given)
    agreed = asked.get("agreed", True)
    if open_request(agreement.term(), wanted=False) is not None:
        stage.act(given, "decide_non_renewal", agreement, {"granted": agreed, "reason": "" if agreed else DEFAULT_REASON})
        return
    data = {"agreed": agreed, "from_on": asked.get("from"), "to_on": asked.get("to"), "kind": asked.get("kind", "")}
    # The contract gives days without a reason, which a person has to write (M10.4).
    data["term_reason"] = "案卷所定期限" if asked.get("to") else ""
    representative = holders(stage.institution(given)).get("legal_representative")
    data["signer"] = representative.name if representative else "法定代表人"
    stage.act(given, "decide_renewal", agreement, data)


PART: dict[str, fields.Reader] = {
    "department": fields.text, "person": fields.text, "from": fields.day, "to": fields.or_nothing(fields.day), "ended": fields.yes_no,
}  # fmt: skip


@step("suspend_part", fields=PART)
def suspend_part(stage: Stage, given: Step) -> None:
    asked = given.given
    person = stage.built.people.get(asked.get("person", ""))
    data = {
        "department": asked.get("department", ""),
        "person": "" if person else asked.get("person", ""),
        "person_id": person.pk if person else None,
        "from_on": asked.get("from"),
        "to_on": asked.get("to"),
        "ended": asked.get("ended", False),
        "facts": stage.facts,
    }
    decide(stage, given, "suspend_part", "suspend_part", [], data)


@step("hold_settlement")
def hold_settlement(stage: Stage, given: Step) -> None:
    if stage.agreement(given).term().hold_demanded_on is None and given.acting is None:
        stage.act(given, "demand_hold", stage.agreement(given), acting=As("city_bureau"))
    stage.act(given, "hold_settlement", stage.agreement(given))


def changed_field(value: Any, about: About) -> str:
    known = fields_of(about.kind or "hospital")
    if not isinstance(value, str) or value not in known:
        raise Unusable(f"没有“{value}”这一变更事项(有:{'、'.join(known)})。")
    return value


def changed_value(value: Any, about: About) -> Any:
    return fields.list_of(fields.text)(value, about) if isinstance(value, list) else fields.text(str(value), about)


@step("report_change", fields={"field": changed_field, "value": changed_value, "approved_on": fields.day}, required=("field", "value"))
def report_change(stage: Stage, given: Step) -> None:
    asked = given.given
    value = "\n".join(asked["value"]) if isinstance(asked["value"], list) else asked["value"]
    data = {"field": asked["field"], "value": value, "approved_on": asked.get("approved_on") or given.on, "approval": stage.approval}
    if asked["field"] in POSTS:
        if value not in stage.built.people:
            raise Unusable(f"没有“{value}”这个人。", "value")
        person = stage.person(value)
        data |= {"value": person.name, "id_number": person.reveal_id_number()}
    stage.act(given, "report_change", stage.agreement(given), data)


@step("approve_change", fields={"field": changed_field})
def approve_change(stage: Stage, given: Step) -> None:
    agreement, name = stage.agreement(given), given.given.get("field", "")
    waiting = [each for each in agreement.term().changes if each.waits and (not name or each.field == name)]
    usual = As("city_agency" if not waiting or waiting[0].major else "district_agency")
    stage.act(given, "approve_change", agreement, {"field": name}, acting=given.acting or usual)


def report(stage: Stage, given: Step, what: str) -> None:
    """File a suspension or termination with the bureau; suspended parts go with the former."""
    agreement = stage.agreement(given)
    part = what == "suspension" and not unreported(agreement, "suspension") and unreported(agreement, "part")
    stage.act(given, "report_decision", agreement, {"what": "part" if part else what})
