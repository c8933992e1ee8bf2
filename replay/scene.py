"""Sets the scene of a case in its database: people, chains, institutions as the file says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError

from institutions.building import create_chain, create_institution, create_person
from institutions.madeup import FROM, POSTS
from institutions.models import Chain, Institution, Person
from offices.models import Office
from replay.case import Scene
from replay.people import employ
from replay.unusable import Unusable


@dataclass(frozen=True)
class Built:
    """Rows by the ids of the file."""

    people: dict[str, Person]
    institutions: dict[str, Institution]


def build(scene: Scene, employ: Callable[[Office], None] = employ) -> Built:
    """Write the scene; ``employ`` gives the office of each institution its people. Raises Unusable for a code that cannot be."""
    people = {name: _checked(f"people,{name}", create_person, data) for name, data in scene.people.items()}
    chains = {name: _checked(f"chains,{name}", create_chain, {**data, **_posts(data, people)}) for name, data in scene.chains.items()}
    institutions: dict[str, Institution] = {}
    # Internet hospitals come after what they lean on.
    for name, data in sorted(scene.institutions.items(), key=lambda row: bool(row[1].get("parent"))):
        institutions[name] = _institution(name, data, people, chains, institutions)
        office = institutions[name].office
        assert office is not None
        employ(office)
    return Built(people, {name: institutions[name] for name in scene.institutions})


def _institution(
    name: str, data: dict[str, Any], people: dict[str, Person], chains: dict[str, Chain], there: dict[str, Institution]
) -> Institution:
    rows = {**data, **_posts(data, people)}
    if data.get("chain"):
        rows["chain"] = chains[data["chain"]]
    if data.get("parent"):
        rows["parent"] = there[data["parent"]]
    institution: Institution = _checked(f"institutions,{name}", create_institution, rows)
    assert institution.office is not None
    # Service online needs the institution's signed consent (documents.md).
    institution.office.online_service_consent_on = FROM
    institution.office.save()
    return institution


def _posts(data: dict[str, Any], people: dict[str, Person]) -> dict[str, Any]:
    return {post: people[data[post]] if isinstance(data[post], str) else data[post] for post in POSTS}


def _checked(where: str, create: Callable[[dict[str, Any]], Any], data: dict[str, Any]) -> Any:
    try:
        return create(data)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Unusable(messages[0], where if field == "__all__" else f"{where},{field}") from None
    except (DataError, IntegrityError) as error:
        raise Unusable("有一项过长,或者与另一项重复,不能保存。", where) from error
