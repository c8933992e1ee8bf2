"""Bans of real institutions: loads the facts in a constant number of queries and asks the pure rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from casework.facts import PlainFact, in_effect
from deadlines import clock
from institutions.models import Institution, Person
from institutions.posts import holders, holders_of_each
from offices import settings as office_settings
from standing.bans import Ban, PersonFacts, bans_on, bans_through, warnings_on
from standing.models import StandingFact


def facts_of(institution: Institution) -> list[PlainFact]:
    """The institution's own facts that stand, from the days they took effect."""
    rows = StandingFact.objects.filter(institution=institution, voided_at__isnull=True)
    return in_effect(row.plain() for row in rows)


def people_with_facts(people: Iterable[Person]) -> list[PersonFacts]:
    """People with their facts, each person once, in the order given."""
    unique = {person.pk: person for person in people}
    rows = _facts_of_people(unique)
    return [PersonFacts(person.name, tuple(rows[pk])) for pk, person in unique.items()]


def _facts_of_people(people: Iterable[int]) -> dict[int, list[PlainFact]]:
    rows: dict[int, list[PlainFact]] = defaultdict(list)
    for row in StandingFact.objects.filter(person__in=list(people), voided_at__isnull=True):
        if row.person_id is not None:
            rows[row.person_id].append(row.plain())
    for pk, found in rows.items():
        rows[pk] = in_effect(found)
    return rows


def listed_on(day: date) -> QuerySet[Person]:
    """Everybody on the dishonest list on a day (M12.8), with ``since`` and ``source``: by the last fact up to it."""
    facts = StandingFact.objects.filter(person=OuterRef("pk"), kind__startswith="dishonest", voided_at__isnull=True, on__lte=day)
    last = facts.order_by("-on", "-id")
    rows = Person.objects.annotate(
        last=Subquery(last.values("kind")[:1]), since=Subquery(last.values("on")[:1]), source=Subquery(last.values("data__source")[:1])
    )
    # Whoever was ever put on it, by an index of theirs; the others are not looked at.
    ever = StandingFact.objects.filter(kind="dishonest_listed", voided_at__isnull=True)
    return rows.filter(pk__in=ever.values("person"), last="dishonest_listed")


def bans_of(institution: Institution, day: date) -> list[Ban]:
    """Every ban that bars the institution on a day, through itself or through the people now in its three posts (R4)."""
    return bans_of_each([institution], day)[institution.pk]


def bans_as_text(institutions: Iterable[int]) -> dict[tuple[str, str, object, int], str]:
    """What bars each of them today, for what an act would change of it: (clause and sentence, kind of case, which, institution) → until."""
    rows = Institution.objects.filter(pk__in=list(institutions))
    return {
        (f"{ban.clause} {ban.sentence}", "institution", (ban.clause, ban.starts_on, ban.person), pk): (
            f"至{ban.until}" if ban.until else ban.remains or "未消除前"
        )
        for pk, bans in bans_of_each(rows, clock.today()).items()
        for ban in bans
    }


def bans_of_each(institutions: Iterable[Institution], day: date) -> dict[int, list[Ban]]:
    """The same for several, by institution, in a constant number of queries."""
    rows = {each.pk: each for each in institutions}
    held = holders_of_each(rows, day)
    facts: dict[int, list[PlainFact]] = defaultdict(list)
    for row in StandingFact.objects.filter(institution__in=rows, voided_at__isnull=True):
        if row.institution_id is not None:
            facts[row.institution_id].append(row.plain())
    for pk, own in facts.items():
        facts[pk] = in_effect(own)
    of_people = _facts_of_people({person.pk for people in held.values() for person in people.values()})
    across = bool(office_settings.value("person_ban_across_kinds", day))
    found = {}
    for pk, institution in rows.items():
        unique = {person.pk: person for person in held[pk].values()}
        people = [PersonFacts(person.name, tuple(of_people[each])) for each, person in unique.items()]
        found[pk] = bans_on(day, institution.kind, facts[pk], people, across_kinds=across)
    return found


def bans_of_person(person: Person, kind: str, day: date) -> list[Ban]:
    """Bans that a person brings to an institution of a kind, whoever else is barred there (M12.7, M12.8)."""
    across = bool(office_settings.value("person_ban_across_kinds", day))
    return bans_on(day, kind, [], people_with_facts([person]), across_kinds=across)


def bans_through_today(institution: Institution, day: date) -> list[Ban]:
    """Every ban there was or is, for a time line (R4)."""
    people = people_with_facts(holders(institution, day).values())
    return bans_through(day, institution.kind, facts_of(institution), people)


def warnings_of(institution: Institution, day: date) -> list[str]:
    """What is no bar but should be seen: people barred through the other kind of institution (R4)."""
    return warnings_on(day, institution.kind, people_with_facts(holders(institution, day).values()))
