"""From filing to acceptance: a step puts in what a page asks a person for and the contract does not."""

from __future__ import annotations

from typing import Any

from applications import entry
from applications.materials import items_on
from applications.models import Application
from applications.seeding import SLOTS
from applications.statements import statements_of
from casework.refusals import Refused
from deadlines import clock
from law.clauses import numbered, table
from replay import fields
from replay.case import Step
from replay.clause_text import standard
from replay.fields import About
from replay.stage import Stage
from replay.unusable import Unusable
from replay.words import step


def slot(value: Any, about: About) -> str:
    """A listed material of the institution's kind (``M7(5)``), or one part of it (``M7(3).2``)."""
    listed = SLOTS[about.kind or "hospital"]
    known = {name for name, _, _ in listed} | {f"{name}.{n}" for name, _, parts in listed for n in range(1, len(parts) + 1)}
    if value not in known:
        raise Unusable(f"没有“{value}”这项材料(有:{'、'.join(name for name, _, _ in listed)})。")
    return str(value)


def materials(value: Any, about: About) -> list[str]:
    """What is missing: nothing of ``complete``."""
    if value == "complete":
        return []
    if not isinstance(value, dict):
        raise Unusable("应为complete或者{missing: [材料…]}。")
    return list(fields.read_record(value, {"missing": fields.one_or_more(slot)}, about, ("missing",))["missing"])


def statements(value: Any, about: About) -> dict[str, bool]:
    """Clause → whether the institution states that it is met."""
    if not isinstance(value, dict):
        raise Unusable("应为“条款: false”的对应表。")
    found = {}
    for clause, holds in value.items():
        if standard(clause) not in table():
            raise Unusable("没有这一条款。", clause)
        try:
            found[standard(clause)] = fields.yes_no(holds, about)
        except Unusable as error:
            raise error.inside(clause) from None
    return found


@step("apply", "submit_application", {"materials": materials, "attest": statements, "insist": fields.yes_no})
def apply(stage: Stage, given: Step) -> None:
    institution = stage.institution(given)
    attest = {numbered(clause, institution.kind): holds for clause, holds in given.given.get("attest", {}).items()}
    insist = given.given.get("insist", False)
    try:
        stage.act(given, "start_application", institution)
    except Refused as early:
        if "permission" in early.clauses or insist:
            raise
        # No draft, no filing: what would speak against filing is told all the same.
        raise Refused([*early.refusals, *entry.reasons(institution, clock.today(), attest)]) from None
    application = stage.application(given)
    missing = set(given.given.get("materials", []))
    listed = items_on(institution.kind, clock.today())
    upload(stage, given, application, [item.id for item in listed if not {item.id, item.slot} & missing])
    # What the contract leaves out holds.
    stated = {each.code: True for each in statements_of(application, clock.today())} | attest
    stage.act(given, "submit_application", application, {"attest": stated, "insist": insist})


def upload(stage: Stage, given: Step, application: Application, items: list[str]) -> None:
    """A made-up file for each item."""
    for item in items:
        stage.act(given, "upload_material", application, {"item": item}, files={"file": stage.file(given, item)})


@step("request_supplement", fields={"items": fields.list_of(slot)})
def request_supplement(stage: Stage, given: Step) -> None:
    rows = [{"item": item} for item in given.given.get("items", [])]
    stage.act(given, "request_supplement", stage.application(given), {"items": rows})


@step("supply", fields={"items": fields.list_of(slot)})
def supply(stage: Stage, given: Step) -> None:
    application = stage.application(given)
    missing = application.road().missing
    named = given.given.get("items") or missing
    wanted = [item for item in missing if any(item == name or item.startswith(f"{name}.") for name in named)]
    upload(stage, given, application, wanted)
    stage.act(given, "supply", application, {"items": list(named)})
