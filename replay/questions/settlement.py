"""May a service be settled, as it is known now or was known at a moment (R8)."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from deadlines import clock
from replay import fields
from replay.case import Step
from replay.stage import Stage
from replay.words import question
from settlement.answer import Query
from settlement.reading import answer

OPTIONS: dict[str, fields.Reader] = {
    "service_on": fields.day, "admitted_on": fields.or_nothing(fields.day), "department": fields.or_nothing(fields.text),
    "person": fields.or_nothing(fields.text), "emergency": fields.yes_no, "known_at": fields.or_nothing(fields.moment),
}  # fmt: skip


def moment_of(value: tuple[date, time | None] | None) -> Any:
    """A day without a time is known through its end."""
    if value is None:
        return None
    day, at = value
    if at is None:
        return clock.at(day + timedelta(days=1)) - timedelta(microseconds=1)
    return clock.at(day, at.hour, at.minute) + timedelta(seconds=at.second)


@question("settlement", "answer", "clause", options=OPTIONS)
def settlement(stage: Stage, asked: Step) -> dict[str, Any]:
    given = asked.given
    person = given.get("person") or ""
    known = stage.built.people.get(person)
    query = Query(
        given.get("service_on") or clock.today(), given.get("admitted_on"), given.get("department") or "",
        known.name if known else person, bool(given.get("emergency", False)), person_id=known.pk if known else None,
    )  # fmt: skip
    found = answer(stage.institution(asked), query, moment_of(given.get("known_at")))
    return {"answer": found.answer, "clause": found.clause}
