"""Keeps each institution's line in the transaction of the act that changes it (R7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from agreements.matters import Part
from agreements.models import Agreement
from agreements.projecting import kept_above
from agreements.term import Term
from deadlines import clock
from institutions.models import Institution, Person
from settlement.answer import Line
from settlement.lines import dump, line_of
from settlement.models import SettlementLine


def derived_line(institution: Institution, moment: datetime | None = None) -> Line:
    """The line from the facts: as known now, or as it was known at a moment."""
    return derived_lines([institution], moment)[institution.pk]


def derived_lines(institutions: Iterable[Institution], moment: datetime | None = None) -> dict[int, Line]:
    """The same for many, by institution, in a constant number of queries."""
    rows = {each.pk: each for each in institutions}
    return lines_of_agreements(rows, with_grounds(rows), moment)


def lines_of_agreements(
    rows: Mapping[int, Institution], agreements: Iterable[Agreement], moment: datetime | None = None
) -> dict[int, Line]:
    """The same where ``with_grounds`` has read their agreements already."""
    terms: dict[int, list[Term]] = {pk: [] for pk in rows}
    for agreement in agreements:
        if agreement.institution_id in terms:
            terms[agreement.institution_id].append(agreement.term_known(moment))
    people = {part.person_id for found in terms.values() for term in found for part in _parts(term) if part.person_id}
    names = dict(Person.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
    return {pk: line_of(rows[pk].kind, found, names) for pk, found in terms.items()}


def _parts(term: Term) -> list[Part]:
    """Its own and those of the main agreement it follows (M5.2)."""
    return [*term.parts, *(term.main.parts if term.main is not None else [])]


def with_grounds(institutions: Iterable[int]) -> list[Agreement]:
    """The institutions' agreements with their facts, each tied to the main one and the one before that it depends on (M5.2, R6)."""
    wanted: Any = Agreement.objects.filter(institution__in=list(institutions))
    found: dict[int, Agreement] = {}
    while wanted is not None:
        for row in wanted.prefetch_related("facts").order_by("pk"):
            found[row.pk] = row
        missing = {pk for row in found.values() for pk in (row.main_id, row.previous_id) if pk is not None and pk not in found}
        wanted = Agreement.objects.filter(pk__in=missing) if missing else None
    for row in found.values():
        row.main = found[row.main_id] if row.main_id is not None else None
        row.previous = found[row.previous_id] if row.previous_id is not None else None
    return list(found.values())


def keep(institutions: list[int]) -> None:
    """Write the lines that have changed."""
    lines = derived_lines(Institution.objects.filter(pk__in=institutions))
    stored = dict(SettlementLine.objects.filter(institution__in=lines).values_list("institution", "data"))
    said = {pk: dump(line) for pk, line in lines.items()}
    for pk in sorted(said):
        if stored.get(pk) != said[pk]:
            values = {"data": said[pk], "changed_in": transaction_id(), "changed_at": clock.now()}
            SettlementLine.objects.update_or_create(institution_id=pk, defaults=values)


def transaction_id() -> int:
    """The number of the transaction under way."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_xact_id()::text::bigint")
        return int(cursor.fetchone()[0])


kept_above.append(keep)
