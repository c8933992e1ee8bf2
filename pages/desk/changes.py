"""What was changed in an institution's record, field by field, from the rows the database keeps of every write."""

from datetime import datetime
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Model

from institutions.models import Institution, PostName

MOST = 200
SKIPPED = {"id", "pgh_id", "pgh_created_at", "pgh_label", "pgh_obj", "pgh_context", "version", "initials"}
TABLES = {"Licence": "证照", "Practitioner": "执业人员", "Manager": "医保管理人员", "Post": "任职"}


class Change(NamedTuple):
    at: datetime
    what: str
    field: str
    before: str
    after: str


def of_institution(row: Institution) -> list[Change]:
    """Newest first, at most MOST rows of each table; one query for each table."""
    found = _of_one("InstitutionEvent", "机构", {"pgh_obj_id": row.pk})
    for model, title in TABLES.items():
        found += _of_one(f"{model}Event", title, {"institution_id": row.pk})
    return sorted(found, key=lambda change: change.at, reverse=True)[:MOST]


def _of_one(event: str, title: str, which: dict[str, Any]) -> list[Change]:
    model = apps.get_model("institutions", event)
    newest = list(model._default_manager.filter(**which).order_by("-pgh_id")[:MOST])
    last: dict[Any, Model] = {}
    found = []
    for row in reversed(newest):
        before = last.get(row.pgh_obj_id)
        last[row.pgh_obj_id] = row
        if row.pgh_label == "delete":
            found.append(Change(row.pgh_created_at, title, "删除", _name(row), ""))
        elif before is None and title != "机构":
            found.append(Change(row.pgh_created_at, title, "登记", "", _name(row)))
        elif before is not None:
            found += _differences(row, before, title)
    return found


def _differences(row: Any, before: Any, title: str) -> list[Change]:
    found = []
    for field in row._meta.concrete_fields:
        if field.name in SKIPPED:
            continue
        old, new = getattr(before, field.attname), getattr(row, field.attname)
        if old != new:
            found.append(Change(row.pgh_created_at, title, str(field.verbose_name), _text(field, old), _text(field, new)))
    return found


def _text(field: Any, value: Any) -> str:
    if value in (None, ""):
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(str, value))
    if field.is_relation:
        return str(field.related_model._default_manager.filter(pk=value).first() or value)
    return str(dict(field.flatchoices).get(value, value))


def _name(row: Any) -> str:
    """What a row is about, without a query."""
    for name in ("number", "name"):
        if getattr(row, name, ""):
            return str(getattr(row, name))
    post = getattr(row, "post", "")
    return PostName(post).label if post in PostName.values else ""
