"""One table: a field of an act's form → its JSON type for the interface description, and the check of what JSON brings.

Forms read text as browsers send it; JSON has types. A value of the wrong type is told as such before the form sees it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from applications.acts.filing import StatementField
from casework.attaching import FilesField, FindingsField
from casework.inputs import EARLIEST, LATEST, LinesField, RowsField

Schema = dict[str, Any]
CLOCK = r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$"


@dataclass(frozen=True)
class Kind:
    """How one kind of field looks in JSON; ``complaint`` says what is wrong with a value, empty if nothing."""

    field: type[forms.Field]
    schema: Callable[[Any], Schema]
    fits: Callable[[Any], bool]
    complaint: str


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _numeric(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _records(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(row, dict) and all(cell is None or isinstance(cell, str) for cell in row.values()) for row in value
    )


def _statements(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(each, bool) for each in value.values())


def _choices(field: Any) -> list[tuple[Any, str]]:
    return [(value, str(label)) for value, label in field.choices if value not in ("", None)]


def _listed(choices: list[tuple[Any, str]]) -> str:
    return "可选值：" + ";".join(f"`{value}` {label}" for value, label in choices) if choices else "可选值随事项而定。"


def _choice(field: Any) -> Schema:
    choices = _choices(field)
    if isinstance(field, forms.TypedChoiceField) and field.coerce is int:
        return {"type": "integer", "description": _listed(choices)}
    found: Schema = {"type": "string", "description": _listed(choices)}
    return {**found, "enum": [value for value, _ in choices]} if choices else {**found, "maxLength": 200}


def _several(field: Any) -> Schema:
    choices = _choices(field)
    item: Schema = {"type": "string", **({"enum": [value for value, _ in choices]} if choices else {"maxLength": 200})}
    return {"type": "array", "items": item, "minItems": int(field.required), "maxItems": 100, "description": _listed(choices)}


def _row_of_model(field: Any) -> Schema:
    return {"type": "integer", "minimum": 1} if _numbered(field) else {"type": "string", "maxLength": 40}


def _numbered(field: Any) -> bool:
    return field.queryset.model._meta.pk.get_internal_type() in ("AutoField", "BigAutoField", "BigIntegerField", "IntegerField")


def _characters(field: Any) -> Schema:
    found: Schema = {"type": "string", "minLength": int(field.required)}
    return {**found, "maxLength": field.max_length} if field.max_length else found


def _number(field: Any) -> Schema:
    limits = {"minimum": field.min_value, "maximum": field.max_value}
    return {"type": "integer", **{name: limit for name, limit in limits.items() if limit is not None}}


def _table(field: RowsField) -> Schema:
    columns: dict[str, Schema] = {}
    for name, (title, choices) in field.columns.items():
        column: Schema = {"type": "string", "title": str(title), "maxLength": 500}
        if choices:
            column |= {"enum": [value for value, _ in choices], "description": _listed(list(choices))}
        columns[name] = column
    row = {"type": "object", "properties": columns, "additionalProperties": False}
    return {"type": "array", "items": row, "minItems": int(field.required), "maxItems": 50}


def _lines(field: Any) -> Schema:
    return {"type": "array", "items": {"type": "string", "maxLength": 500}, "minItems": int(field.required), "maxItems": 100}


def _day(field: Any) -> Schema:
    return {"type": "string", "format": "date", "description": f"日期，{EARLIEST.year}年至{LATEST.year}年。"}


NUMBERS: Schema = {"type": "array", "items": {"type": "integer", "minimum": 1}, "maxItems": 20, "uniqueItems": True}
SENT_BEFORE = "文件的编号；文件先经机构的 attachments 地址上传。"


def _numbers(value: Any) -> bool:
    return isinstance(value, list) and all(_whole(each) for each in value)


def _found(value: Any) -> bool:
    known = {"ground": _text, "facts": _text, "files": _numbers}
    return isinstance(value, list) and all(
        isinstance(row, dict) and all(name in known and known[name](cell) for name, cell in row.items()) for row in value
    )


def _findings(field: FindingsField) -> Schema:
    columns: Schema = {
        "ground": {"type": "string", "maxLength": 20, "description": "情形的条款。"},
        "facts": {"type": "string", "maxLength": 4000, "description": "认定的事实。"},
        "files": {**NUMBERS, "description": f"证据材料：{SENT_BEFORE}"},
    }
    row = {"type": "object", "properties": columns, "required": ["ground"], "additionalProperties": False}
    return {"type": "array", "items": row, "maxItems": 50}


# The first that fits counts, so the special kinds stand before the general ones.
KINDS: tuple[Kind, ...] = (
    Kind(FilesField, lambda field: {**NUMBERS, "description": SENT_BEFORE}, _numbers, "应为编号的列表。"),
    Kind(FindingsField, _findings, _found, "应为记录的列表：ground 和 facts 为文字，files 为编号的列表。"),
    Kind(LinesField, _lines, _texts, "应为文字的列表。"),
    Kind(RowsField, _table, _records, "应为记录的列表，各栏为文字。"),
    Kind(
        StatementField,
        lambda field: {"type": "object", "additionalProperties": {"type": "boolean"}, "description": "条款或条件代码 → 是或否。"},
        _statements,
        "应为“条款:true 或 false”的对应表。",
    ),
    Kind(forms.FileField, lambda field: {"type": "string", "format": "binary"}, lambda value: False, "文件请用 multipart/form-data 上传。"),
    Kind(forms.ModelChoiceField, _row_of_model, lambda value: _whole(value) or _text(value), "应为编号。"),
    Kind(forms.MultipleChoiceField, _several, _texts, "应为文字的列表。"),
    Kind(forms.TypedChoiceField, _choice, lambda value: _whole(value) or _text(value), "应为可选值之一。"),
    Kind(forms.ChoiceField, _choice, _text, "应为文字。"),
    Kind(forms.BooleanField, lambda field: {"type": "boolean"}, lambda value: isinstance(value, bool), "应为 true 或 false。"),
    Kind(forms.DecimalField, lambda field: {**_number(field), "type": "number"}, _numeric, "应为数字。"),
    Kind(forms.IntegerField, _number, _whole, "应为整数。"),
    Kind(
        forms.DateTimeField,
        lambda field: {"type": "string", "description": "时刻，例如 2026-03-02T09:00:00，北京时间。"},
        _text,
        "应为时刻文字，例如 2026-03-02T09:00:00。",
    ),
    Kind(forms.DateField, _day, _text, "应为日期文字，例如 2026-03-02。"),
    Kind(
        forms.TimeField,
        lambda field: {"type": "string", "pattern": CLOCK, "description": "时间，例如 09:30。"},
        _text,
        "应为时间文字，例如 09:30。",
    ),
    Kind(forms.CharField, _characters, _text, "应为文字。"),
)


def kind_of(field: forms.Field) -> Kind:
    """The row for a field. Raises LookupError for a kind of field that nobody has described yet."""
    for kind in KINDS:
        if isinstance(field, kind.field):
            return kind
    raise LookupError(f"api/fields.py does not know {type(field).__name__}")


def schema_of(field: forms.Field) -> Schema:
    """The field as the interface description shows it; what may be left out may also be null."""
    found = kind_of(field).schema(field)
    words = [str(field.help_text).strip() if field.help_text else "", found.pop("description", "")]
    found = {"title": str(field.label or ""), **found}
    if description := " ".join(word for word in words if word):
        found["description"] = description
    if isinstance(field, forms.BooleanField) and field.required:
        found["const"] = True
    if not field.required and not isinstance(field, forms.FileField):
        found["type"] = [found["type"], "null"]
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
    return found


def complaint(field: forms.Field, value: Any) -> str:
    """What is wrong with the type of a JSON value; the form judges everything else."""
    if value is None:
        return "这一项必填。" if field.required else ""
    kind = kind_of(field)
    return "" if kind.fits(value) else kind.complaint
