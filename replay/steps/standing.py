"""Adverse facts: the dishonest list, penalties, fraud, what is taken over from the paper file."""

from __future__ import annotations

from replay import fields
from replay.case import Step
from replay.stage import Stage
from replay.words import step

PERSON = {"person": fields.person}


@step("list_dishonest", fields=PERSON, required=("person",), who=False)
def list_dishonest(stage: Stage, given: Step) -> None:
    stage.act(given, "list_dishonest", stage.person(given.given["person"]))


@step("unlist_dishonest", fields=PERSON, required=("person",), who=False)
def unlist_dishonest(stage: Stage, given: Step) -> None:
    stage.act(given, "unlist_dishonest", stage.person(given.given["person"]))


@step("impose_penalty", fields={"by": fields.day})
def impose_penalty(stage: Stage, given: Step) -> None:
    stage.act(given, "impose_penalty", stage.institution(given), {"by": given.given.get("by")})
