"""One row of a list, understood: what it says of an institution, why it cannot be taken, what should be looked at."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from institutions import legacy
from institutions.identity import BadIdentityNumber, resident_number_of
from institutions.imports.cells import Refuse, read_cells
from institutions.models import PostName
from institutions.names import tidy_name
from institutions.places import district_of_address

_PHARMACY_NAME = re.compile(r"药店|药房|药堂")
_HOSPITAL_NAME = re.compile(r"医院|卫生|门诊|诊所|医务|医疗|急救|护理院|保健院|疗养院|防治")
_HOSPITAL_END = re.compile(r"(医院|卫生[院所站室]|门诊部|诊所|医务室)$")
_CAMPUS = re.compile(r"院区|[东西南北]院$|[东西南北]区$")


@dataclass
class Candidate:
    """What a row says: ``fields`` of the institution, at most one licence, people by post, a chain or a parent.

    ``inferred``: fields that the row does not say, told by code, address or name, each with the note it deserves.
    """

    number: int
    fields: dict[str, Any] = field(default_factory=dict)
    licence: dict[str, Any] | None = None
    people: dict[str, tuple[str, str]] = field(default_factory=dict)
    chain: tuple[str, str] | None = None
    parent: str = ""  # uscc of the hospital an internet hospital leans on
    notes: list[str] = field(default_factory=list)
    inferred: dict[str, str] = field(default_factory=dict)

    @property
    def codes(self) -> dict[str, str]:
        return {name: self.fields[name] for name in ("uscc", "national_code", "legacy_code") if self.fields.get(name)}


def _kind(values: Mapping[str, Any], default: str) -> str:
    """As the row says; else by its codes; else by the name, the end of which counts for more."""
    name = values["name"]
    if values.get("kind"):
        return values["kind"]
    if values.get("national_code"):
        return "hospital" if values["national_code"][0] == "H" else "pharmacy"
    if values.get("legacy_code") or values.get("category") or _HOSPITAL_END.search(name):
        return "hospital"
    if _PHARMACY_NAME.search(name):
        return "pharmacy"
    return "hospital" if _HOSPITAL_NAME.search(name) else default


def _people(values: Mapping[str, Any], notes: list[str]) -> tuple[dict[str, tuple[str, str]], list[str]]:
    people, wrong = {}, []
    for post, label in PostName.choices:
        name, number = values.get(post), values.get(f"{post}_id_number")
        if name and len(name) > 100:
            wrong.append(f"{label}姓名超过 100 字。")
        elif name and number:
            try:
                people[post] = (name, resident_number_of(number))
            except BadIdentityNumber as error:
                wrong.append(f"{label}：{error}")
        elif name or number:
            notes.append(f"{label}的姓名和证件号码不全，未登记")
    return people, wrong


def _licence(values: Mapping[str, Any], kind: str, notes: list[str]) -> dict[str, Any] | None:
    if not values.get("licence_number"):
        return None
    if not values.get("licence_valid_from"):
        notes.append("许可证没有有效期起，未登记")
        return None
    military = values.get("ownership") == "military"
    usual = "drug_licence" if kind == "pharmacy" else "military_permit" if military else "practice_licence"
    valid_from, valid_to = values["licence_valid_from"], values.get("licence_valid_to")
    if valid_to is not None and valid_to < valid_from:
        raise Refuse("许可证有效期止早于有效期起。")
    if len(values["licence_number"]) > 60:
        raise Refuse("许可证号超过 60 字。")
    return {
        "kind": values.get("licence_kind") or usual,
        "number": values["licence_number"],
        "valid_from": valid_from,
        "valid_to": valid_to,
    }


_PLAIN = (
    "uscc",
    "national_code",
    "legacy_code",
    "ownership",
    "address",
    "phone",
    "opened_on",
    "beds",
    "insurance_department",
    "bank_account",
    "departments",
    "grade",
    "scale",
    "drug_scope",
)


def read_row(number: int, row: Mapping[str, str], default_kind: str = "") -> Candidate:
    """The candidate that a row makes, or Refuse with every reason."""
    values, wrong = read_cells(row)
    values["name"], bracket_note = legacy.balanced(tidy_name(row.get("name", "")))
    if not values["name"]:
        wrong.append("没有机构名称。")
    elif len(values["name"]) > 200:
        wrong.append("机构名称超过 200 字。")
    kind = _kind(values, default_kind)
    if not kind and not wrong:
        wrong.append("看不出是医疗机构还是零售药店，请加“类型”一栏。")
    if kind and values.get("national_code") and (values["national_code"][0] == "H") != (kind == "hospital"):
        wrong.append("国家医保编码的首字母与类型不符。")
    candidate = Candidate(number, notes=[bracket_note] if bracket_note else [])
    candidate.people, of_people = _people(values, candidate.notes)
    wrong += of_people
    try:
        candidate.licence = _licence(values, kind, candidate.notes)
    except Refuse as error:
        wrong.append(str(error))
    if kind == "hospital" and values.get("chain_name"):
        wrong.append("只有零售药店有连锁总部。")
    if wrong:
        raise Refuse(" ".join(wrong))
    if values.get("chain_name"):
        candidate.chain = (tidy_name(values["chain_name"])[:200], values.get("chain_uscc", ""))
    candidate.fields = {
        "kind": kind,
        "name": values["name"],
        "category": values.get("category") or "" if kind == "hospital" else "",
        "district_id": values.get("district"),
        **{name: values[name] for name in _PLAIN if name in values},
    }
    _hints(candidate, row)
    candidate.parent = values.get("parent_uscc") or ""
    if candidate.parent and candidate.fields["category"] != "internet":
        raise Refuse("只有互联网医院依托另一家医疗机构(M5.2)。")
    return candidate


def _infer(candidate: Candidate, name: str, value: Any, note: str = "") -> None:
    if value and not candidate.fields.get(name):
        candidate.fields[name] = value
        candidate.inferred[name] = note


def _hints(candidate: Candidate, row: Mapping[str, str]) -> None:
    """What the old code, the address and the name tell, where the row says nothing itself."""
    fields = candidate.fields
    if fields["kind"] == "hospital" and fields.get("legacy_code"):
        hints = legacy.read(fields["legacy_code"], row["name"])
        candidate.notes = [note for note in candidate.notes if note not in hints.notes] + list(hints.notes)
        fields["name"], fields["legacy_status"] = hints.name, hints.legacy_status
        _infer(candidate, "category", hints.category)
        _infer(candidate, "ownership", hints.ownership)
        _infer(candidate, "district_id", hints.district)
    elif fields["kind"] == "hospital":
        _infer(candidate, "category", legacy.category_of(fields["name"]), "类别按名称推断")
    _infer(candidate, "district_id", district_of_address(fields.get("address", "")))
    _infer(candidate, "district_id", district_of_address(fields["name"]), "所在区按名称推断")
    if _CAMPUS.search(fields["name"]):
        candidate.notes.append("名称像是院区，可能属于已登记的机构")
