"""Writes filled-in data (``institutions.madeup``) as rows; used by replay, demonstration data and tests.

It is no act: it sets the scene before a case begins. What happens in a case goes through the one door.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from institutions.completeness import refresh
from institutions.madeup import FROM, POSTS
from institutions.models import Chain, Institution, Licence, Manager, Person, Post, Practitioner
from offices.models import Office, Role

_PLAIN = (
    "kind",
    "category",
    "ownership",
    "name",
    "uscc",
    "national_code",
    "legacy_code",
    "address",
    "phone",
    "beds",
    "insurance_department",
    "bank_account",
    "departments",
    "grade",
    "scale",
    "drug_scope",
    "chain",
    "parent",
)


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _dated(row: Mapping[str, Any]) -> dict[str, Any]:
    return {word: _day(value) if word.endswith(("_on", "_from", "_to")) else value for word, value in row.items()}


def create_person(data: Mapping[str, Any]) -> Person:
    """The person with this identity number; one already known under it comes back as it is (M12.7)."""
    return Person.get_or_create_by_id_number(data["name"], data["id_number"])


def _as_person(value: Person | Mapping[str, Any] | None) -> Person | None:
    return create_person(value) if isinstance(value, Mapping) else value


@transaction.atomic
def create_chain(data: Mapping[str, Any]) -> Chain:
    """``data`` as ``fill("chain")`` gives it; each post a Person, data of one, or None."""
    people = {post: _as_person(data[post]) for post in POSTS}
    return Chain.objects.create(name=data["name"], uscc=data["uscc"] or None, **people)


@transaction.atomic
def create_institution(data: Mapping[str, Any]) -> Institution:
    """``data`` as ``fill("hospital")`` or ``fill("pharmacy")`` gives it, with its own office.

    Each post is a Person, data of one, or None; ``chain`` a Chain and ``parent`` an Institution, or None. A code or word that
    cannot be is a ValidationError naming its field.
    """
    office = Office.objects.create(
        role=Role.INSTITUTION, district_id=data["district"], name=data["name"], address=data["address"], phone=data["phone"]
    )
    plain = {word: data[word] for word in _PLAIN if word in data}
    codes = {word: data[word] or None for word in ("uscc", "national_code", "legacy_code")}
    institution = Institution(**{**plain, **codes}, district_id=data["district"], opened_on=_day(data["opened_on"]), office=office)
    institution.full_clean()
    institution.save()
    for post in POSTS:
        person = _as_person(data[post])
        if person is not None:
            Post.objects.create(institution=institution, post=post, person=person, from_on=FROM)
    Licence.objects.bulk_create(Licence(institution=institution, **_dated(row)) for row in data["licences"])
    Practitioner.objects.bulk_create(
        Practitioner(institution=institution, **_dated(row)) for row in [*data.get("doctors", []), *data.get("pharmacists", [])]
    )
    Manager.objects.bulk_create(Manager(institution=institution, **_dated(row)) for row in data["insurance_managers"])
    refresh(institution)
    return institution
