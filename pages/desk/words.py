"""What was put into an act, as people read it: labels of the form, titles instead of codes."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django import forms

from agreements.grounds import suspension_grounds, termination_grounds
from casework.acts import registry
from casework.inputs import RowsField
from casework.models import ActRecord
from documents.citations import place

CLAUSE = re.compile(r"[MP]\d+(\.\d+)?(\(\d+\))?")

# What acts write into the log beside their input.
LABELS = {
    "reason": "理由",
    "item": "材料",
    "name": "文件",
    "digest": "摘要",
    "late": "超过期限",
    "warnings": "提示",
    "owner": "承办人",
    "voided": "更正的办理",
    "title": "办理",
    "version": "版本",
    "person": "人员",
    "document": "文书",
}
SILENT = {"agreement", "application", "objection", "size", "template", "voided"}


@dataclass
class Titles:
    """Codes that mean something only in a case (materials, rubric items), and names of rows that inputs point at."""

    codes: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[tuple[str, int], str] = field(default_factory=dict)


def titles_for(records: Iterable[ActRecord], codes: Mapping[str, str] | None = None) -> Titles:
    """One query for each kind of row that the records' inputs point at, however many records."""
    wanted: dict[Any, set[int]] = {}
    for record in records:
        for name, value in record.data.items():
            chosen = _field(record.word, name)
            if isinstance(chosen, forms.ModelChoiceField) and isinstance(value, int) and chosen.queryset is not None:
                wanted.setdefault(chosen.queryset.model, set()).add(value)
    rows = {(model._meta.label, pk): str(row) for model, ids in wanted.items() for pk, row in model._default_manager.in_bulk(ids).items()}
    return Titles(codes or {}, rows)


def said(word: str, data: Mapping[str, Any], titles: Titles | None = None) -> list[tuple[str, str]]:
    """Label and text of everything that was given; what was left empty is left out."""
    found = []
    for name, value in data.items():
        if value in (None, "", [], {}) or name in SILENT:
            continue
        chosen = _field(word, name)
        label = str(chosen.label).split("(空为")[0] if chosen is not None and chosen.label else LABELS.get(name)
        if label:
            found.append((label, _text(chosen, value, titles or Titles())))
    return found


def _field(word: str, name: str) -> forms.Field | None:
    act = registry.get(word)
    return act.form.base_fields.get(name) if act is not None else None


def _text(chosen: forms.Field | None, value: Any, titles: Titles) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(chosen, RowsField) and isinstance(value, list):
        return ";".join(_row(chosen, row, titles) for row in value if isinstance(row, dict))
    if isinstance(chosen, forms.ModelChoiceField) and chosen.queryset is not None and str(value).isdecimal():
        return titles.rows.get((chosen.queryset.model._meta.label, int(value)), f"编号{value}")
    if isinstance(chosen, forms.ChoiceField) and not isinstance(value, list):
        return str(dict(_flat(chosen)).get(value) or _named(str(value), titles))
    if isinstance(value, dict):
        if value.keys() == {"before", "after"}:
            return f"{_text(chosen, value['before'], titles) or '空'} → {_text(chosen, value['after'], titles)}"
        # Statements of an institution: clause by clause.
        return "、".join(f"{_named(name, titles)} {_text(None, each, titles)}" for name, each in value.items())
    if isinstance(value, list | tuple):
        return "、".join(_named(str(each), titles) for each in value)
    if isinstance(value, date):
        return value.isoformat()
    return _named(str(value), titles)


def _named(value: str, titles: Titles) -> str:
    """A code by its title; a clause by its place in the Measures, with the ground it names."""
    if value in titles.codes or not CLAUSE.fullmatch(value):
        return titles.codes.get(value, value)
    kind = "pharmacy" if value.startswith("P") else "hospital"
    return f"{place(value, kind) or value} {_grounds(kind).get(value, '')}".strip()


@cache
def _grounds(kind: str) -> dict[str, str]:
    return {**suspension_grounds(kind), **{clause: each.label for clause, each in termination_grounds(kind).items()}}


def _row(chosen: RowsField, row: Mapping[str, Any], titles: Titles) -> str:
    parts = []
    for column, (title, choices) in chosen.columns.items():
        value = row.get(column)
        if value:
            text = dict(choices or ()).get(value) or titles.codes.get(str(value), value)
            parts.append(f"{title} {text}")
    return ",".join(parts)


def _flat(chosen: forms.ChoiceField) -> list[tuple[Any, Any]]:
    choices: Any = chosen.choices
    return [(value, label) for value, label in choices if not isinstance(label, list | tuple)]
