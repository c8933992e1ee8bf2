"""Termination cases that must be open (M43(1), M43(10), R6)."""

from __future__ import annotations

from datetime import date

from tests.model.clauses import ground
from tests.model.facts import Institution

BARRED_PERSON = {"hospital": 10, "pharmacy": 13}


def cases(house: Institution, day: date) -> set[str] | None:
    """Grounds of the open ones; None: the texts leave it open."""
    life = house.life
    if life is None or not house.living(day) or life.terminations or len(life.terms) > 1:
        return None
    imposed = [each for each in life.suspensions if each.imposed]
    second = len(imposed) > 1 and max(each.first for each in imposed) <= day
    failed = any(each.passed is False for each in imposed)
    found = {ground(1, house)} if second or failed else set()
    return found | ({ground(BARRED_PERSON[house.kind], house)} if life.barred_person_on else set())
