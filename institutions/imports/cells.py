"""One cell of a list, read: a choice by its label or value, a date in any usual writing, a code with its check digit."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, cast

from django.db import models

from institutions.codes import BadCode, legacy_code_of, national_code_of, uscc_of
from institutions.models import Category, Institution, Kind, LicenceKind, Ownership
from institutions.places import district_named

_YES = {"是", "有", "true", "yes", "1", "y"}
_NO = {"否", "无", "没有", "false", "no", "0", "n"}
_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T]\d{1,2}:.*)?")
LENGTHS = {"address": 300, "phone": 40, "bank_account": 100, "grade": 40, "scale": 100, "drug_scope": 300}


def label_of(name: str) -> str:
    """What a screen calls this field of an institution."""
    return str(cast(models.Field, Institution._meta.get_field(name)).verbose_name)


class Refuse(ValueError):
    """The row cannot be taken; the message says why."""


def choice(choices: Iterable[tuple[str, str]], what: str) -> Callable[[str], str]:
    """One of ``(value, label)``, written as value, as label, or as a part of only one label."""
    pairs = list(choices)
    known = {label: value for value, label in pairs} | {value: value for value, _ in pairs}

    def read(text: str) -> str:
        if text in known:
            return known[text]
        fitting = {value for label, value in known.items() if text in re.split(r"[（）、]", label)}
        if len(fitting) == 1:
            return fitting.pop()
        raise Refuse(f"{what}“{text[:20]}”不在可选之列。")

    return read


def date_cell(what: str) -> Callable[[str], date]:
    """A date in any usual writing, between 1900 and 2200."""

    def read(text: str) -> date:
        found = _DATE.fullmatch(text)
        try:
            day = date(*map(int, found.groups())) if found else None
        except ValueError:
            day = None
        if day is None or not 1900 <= day.year <= 2200:
            raise Refuse(f"{what}“{text[:20]}”不是可用的日期，请写成 2026-03-02。")
        return day

    return read


def _count(text: str) -> int:
    if not re.fullmatch(r"\d{1,5}张?", text):
        raise Refuse(f"床位数“{text[:20]}”不是 0 至 99999 的整数。")
    return int(text.removesuffix("张"))


def yes_or_no(what: str) -> Callable[[str], bool]:
    def read(text: str) -> bool:
        if text.lower() in _YES | _NO:
            return text.lower() in _YES
        raise Refuse(f"{what}“{text[:20]}”请写是或否。")

    return read


def _district(text: str) -> str:
    code = district_named(text)
    if code is None:
        raise Refuse(f"所在区“{text[:20]}”不是北京市的区。")
    return code


def code(read: Callable[[str], str]) -> Callable[[str], str]:
    """A code as ``institutions.codes`` reads it."""

    def reading(text: str) -> str:
        try:
            return read(text)
        except BadCode as error:
            raise Refuse(str(error)) from error

    return reading


def legacy_cell(text: str) -> str:
    """A spreadsheet that took the code for a number has lost the nought in front."""
    return legacy_code_of(text.zfill(8) if re.fullmatch(r"\d{7}", text) else text)


_READINGS: dict[str, Callable[[str], Any]] = {
    "kind": choice(Kind.choices, "类型"),
    "category": choice(Category.choices, "类别"),
    "ownership": choice(Ownership.choices, "所有制"),
    "district": _district,
    "uscc": code(uscc_of),
    "national_code": code(national_code_of),
    "legacy_code": code(legacy_cell),
    "opened_on": date_cell("开业日期"),
    "beds": _count,
    "insurance_department": yes_or_no("医保管理部门"),
    "departments": lambda text: [part for part in re.split(r"[、，,;；/]\s*", text) if part],
    "licence_kind": choice(LicenceKind.choices, "证照类型"),
    "licence_valid_from": date_cell("有效期起"),
    "licence_valid_to": date_cell("有效期止"),
    "chain_uscc": code(uscc_of),
    "parent_uscc": code(uscc_of),
}


Readings = Mapping[str, Callable[[str], Any]]


def read_cells(row: Mapping[str, str], readings: Readings = _READINGS) -> tuple[dict[str, Any], list[str]]:
    """Every cell read, and every complaint at once, so that a row needs to be corrected only once."""
    values, wrong = {}, []
    for name, text in row.items():
        try:
            values[name] = readings[name](text) if name in readings else text
        except Refuse as error:
            wrong.append(str(error))
        if name in LENGTHS and len(text) > LENGTHS[name]:
            wrong.append(f"{label_of(name)}超过 {LENGTHS[name]} 字。")
    return values, wrong
