"""The scene of a case file: people, chains, institutions; what is left out is made up (``institutions.madeup``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from institutions.madeup import MadeUp, UnknownField
from institutions.models import Category, Kind, LicenceKind, Ownership, PractitionerKind
from offices.seeding import DISTRICTS
from replay import fields
from replay.case import Scene
from replay.fields import About, Reader
from replay.unusable import Unusable

MOST = 500  # of a kind
MAY_BE_NOTHING = frozenset({"legal_representative", "principal", "controller", "opened_on", "chain", "parent"})


def _post(value: Any, about: About) -> Any:
    """A person of the file, data of one, or null for a vacant post."""
    if value is None:
        return None
    if isinstance(value, dict):
        return fields.read_record(value, PERSON, about)
    return fields.person(value, about)


def _district(value: Any, about: About) -> str:
    known = {code for code, _, _ in DISTRICTS}
    if not isinstance(value, str) or value not in known:
        raise Unusable(f"没有“{value}”这个区(六位区划代码或bda)。")
    return value


_DAY = fields.or_nothing(fields.day)
_TEXT = fields.text
_POSTS: dict[str, Reader] = dict.fromkeys(("legal_representative", "principal", "controller"), _post)
_CONTRACT: dict[str, Reader] = {"contract_from": _DAY, "contract_to": _DAY, "ended_on": _DAY}
_PRACTITIONER: dict[str, Reader] = {
    "name": _TEXT, "kind": fields.choice(*PractitionerKind.values), "certificate_number": _TEXT, "registered_here": fields.yes_no,
    "first_registered_on": _DAY, **_CONTRACT,
}  # fmt: skip
_LICENCE: dict[str, Reader] = {"kind": fields.choice(*LicenceKind.values), "number": _TEXT, "valid_from": _DAY, "valid_to": _DAY}

PERSON: dict[str, Reader] = {"name": _TEXT, "id_number": _TEXT}
CHAIN: dict[str, Reader] = {"name": _TEXT, "uscc": _TEXT, **_POSTS}
INSTITUTION: dict[str, Reader] = {
    "kind": fields.choice(*Kind.values), "category": fields.choice(*Category.values), "ownership": fields.choice(*Ownership.values),
    "district": _district, "opened_on": _DAY, "beds": fields.whole(), "insurance_department": fields.yes_no,
    "chain": fields.or_nothing(fields.chain), "parent": fields.or_nothing(fields.institution), **_POSTS,
    "doctors": fields.list_of(fields.record(_PRACTITIONER)), "pharmacists": fields.list_of(fields.record(_PRACTITIONER)),
    "insurance_managers": fields.list_of(fields.record({"name": _TEXT, "full_time": fields.yes_no, **_CONTRACT})),
    "licences": fields.list_of(fields.record(_LICENCE)), "departments": fields.list_of(_TEXT),
    **dict.fromkeys(("name", "uscc", "national_code", "legacy_code", "address", "phone", "bank_account"), _TEXT),
    **dict.fromkeys(("grade", "scale", "drug_scope"), _TEXT),
}  # fmt: skip


def read_scene(document: Mapping[str, Any]) -> Scene:
    """Everything before the first step, filled in. Raises Unusable."""
    people, chains = _section(document, "people"), _section(document, "chains")
    institutions = _section(document, "institutions")
    about = About(frozenset(people), frozenset(chains), dict.fromkeys(institutions, ""))
    read_people = _read("people", people, PERSON, about)
    read_chains = _read("chains", chains, CHAIN, about)
    read_institutions = _read("institutions", institutions, INSTITUTION, about)
    made = MadeUp()
    made.reserve(_texts([read_people, read_chains, read_institutions]))
    scene = Scene(
        _filled("people", read_people, lambda given: made.fill("person", **given)),
        _filled("chains", read_chains, lambda given: made.fill("chain", **given)),
        _filled("institutions", read_institutions, lambda given: made.fill(given.get("kind", Kind.HOSPITAL), **given)),
    )
    for name, data in scene.institutions.items():
        if data.get("parent") == name or (data.get("parent") and scene.institutions[data["parent"]].get("parent")):
            raise Unusable("依托的应为另一家实体医疗机构。", f"institutions,{name},parent")
    return scene


def _section(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    given = document.get(name) or {}
    if not isinstance(given, dict) or len(given) > MOST:
        raise Unusable(f"应为“编号: 内容”的对应表,最多{MOST}项。", name)
    return given


def _read(section: str, given: dict[str, Any], readers: dict[str, Reader], about: About) -> dict[str, dict[str, Any]]:
    found = {}
    for name, value in given.items():
        try:
            found[name] = fields.read_record(_without_blanks(value), readers, about)
        except Unusable as error:
            raise error.inside(f"{section},{name}") from None
    return found


def _without_blanks(value: Any) -> Any:
    """What is left blank is left out; only a post, a day, a chain or a parent can be nothing on purpose."""
    if not isinstance(value, dict):
        return {} if value is None else value
    return {field: each for field, each in value.items() if each is not None or field in MAY_BE_NOTHING}


def _filled(section: str, given: dict[str, dict[str, Any]], fill: Any) -> dict[str, dict[str, Any]]:
    found = {}
    for name, data in given.items():
        try:
            found[name] = fill(data)
        except UnknownField as error:
            raise Unusable("这一类没有这个字段。", f"{section},{name},{error}") from None
    return found


def _texts(value: Any) -> list[str]:
    """Every text given anywhere, so that nothing made up repeats it."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [value] if isinstance(value, str) else []
