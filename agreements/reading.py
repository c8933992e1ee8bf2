"""Which agreement of an institution a question is about, and agreements with all that their folds read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import prefetch_related_objects

from agreements.models import Agreement, AgreementFact
from agreements.term import Term
from institutions.models import Institution


def of_day(rows: Iterable[Agreement], day: date) -> Agreement | None:
    """Of one institution's agreements the one in force or suspended on the day, else one still to begin, else the latest by its first day.

    Of a fixed one and the annual one beside it the fixed one, which both follow (M41.4). One terminated before it began counts as one that
    ended (R5); a renewal that fell away with the term before it does not: the term before is what ended (R6).
    """
    kept = [each for each in rows if not each.annulled]
    alive = [each for each in kept if each.ended_on >= day]
    today = [each for each in alive if each.first_day <= day]
    if today:
        return max(today, key=lambda each: (each.kind, each.pk))
    if alive:
        return min(alive, key=lambda each: (each.first_day, -each.pk))
    by_id = {each.pk: each for each in kept}
    own = [each for each in kept if each.ended_on >= each.first_day or not _fell_away(each, by_id.get(each.previous_id or 0))]
    return max(own, key=lambda each: (each.first_day, each.pk), default=None)


def _fell_away(row: Agreement, before: Agreement | None) -> bool:
    """Whether one that never began ended with the term it should have followed."""
    return before is not None and before.ended_on <= row.ended_on


def agreement_of(institution: Institution, day: date) -> Agreement | None:
    """The agreement a question about an institution is about: the one of the day, else the latest."""
    return of_day(Agreement.objects.filter(institution=institution), day)


def with_chain(agreements: Iterable[Agreement]) -> list[Agreement]:
    """The agreements with the facts of themselves and of all they rest on: main ones, those before them (R6). Three queries for all."""
    found = list(agreements)
    with connection.cursor() as cursor:
        cursor.execute(_GROUNDS, [[row.pk for row in found]])
        ids = [pk for (pk,) in cursor.fetchall()]
    rows = {row.pk: row for row in [*Agreement.objects.filter(pk__in=ids), *found]}
    prefetch_related_objects(list(rows.values()), "facts")
    for row in rows.values():
        row.main = rows[row.main_id] if row.main_id is not None else None
        row.previous = rows[row.previous_id] if row.previous_id is not None else None
    return found


class Loaded:
    """Agreements, those that follow them, and those they rest on, tied to one another; each is folded once."""

    def __init__(self, rows: dict[int, Agreement], moved: list[int]) -> None:
        self.rows, self._moved = rows, moved
        self._terms: dict[int, Term] = {}
        self._facts: dict[int, list[AgreementFact]] = {pk: [] for pk in rows}
        for fact in AgreementFact.objects.filter(agreement__in=rows).order_by("id"):
            self._facts[fact.agreement_id].append(fact)
        for row in rows.values():
            row.main = rows[row.main_id] if row.main_id is not None else None
            row.previous = rows[row.previous_id] if row.previous_id is not None else None

    @property
    def moved(self) -> list[Agreement]:
        """The agreements asked for and all that follow them, by id: what rests on others comes after them."""
        return [self.rows[pk] for pk in self._moved]

    def term(self, agreement: Agreement) -> Term:
        """The fold of the facts as they are known now."""
        if agreement.pk not in self._terms:
            main = self.term(agreement.main) if agreement.main else None
            previous = self.term(agreement.previous) if agreement.previous else None
            self._terms[agreement.pk] = agreement.fold(None, main, previous, self._facts)
        return self._terms[agreement.pk]


# Following: supplementary agreements under it, and the one that renewed it; resting on: the other way round (M5.2, R6).
# Row by row through the indexes ("limit 1"): a join would be planned for hundreds of thousands and read the whole table.
_RESTING_ON = """needed(id) as (
        select id from moved
        union
        select ground.id from needed
            cross join lateral (select main_id, previous_id from agreements_agreement where id = needed.id limit 1) as one
            cross join lateral (values (one.main_id), (one.previous_id)) as ground(id) where ground.id is not null
    )"""
_GROUNDS = f"with recursive moved(id) as (select unnest(%s::bigint[])), {_RESTING_ON} select id from needed"  # noqa: S608  no values in it
_RELATED = f"""
    with recursive moved(id) as (
        select unnest(%s::bigint[])
        union
        select follower.id from moved cross join lateral (
            select id from agreements_agreement where main_id = moved.id
            union all select id from agreements_agreement where previous_id = moved.id
        ) as follower
    ), {_RESTING_ON}
    select needed.id, moved.id is not null from needed left join moved on moved.id = needed.id
"""  # noqa: S608


def load(agreements: Iterable[int], own: Iterable[Agreement] = ()) -> Loaded:
    """Read agreements with their facts, in a constant number of queries; those that follow them are locked.

    ``own`` are rows that the caller has changed and not yet saved: they are taken as they stand.
    """
    held = {each.pk: each for each in own}
    asked = sorted({*agreements, *held})
    with connection.cursor() as cursor:
        cursor.execute(_RELATED, [asked])
        found: dict[int, bool] = dict(cursor.fetchall())
    moved = sorted(pk for pk, follows in found.items() if follows)
    if followers := sorted(set(moved) - set(asked)):
        list(Agreement.objects.filter(pk__in=followers).order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    others = found.keys() - held.keys()
    read: list[Any] = list(Agreement.objects.filter(pk__in=others).select_related("institution__district")) if others else []
    rows = {each.pk: each for each in [*held.values(), *read]}
    return Loaded(rows, moved)
