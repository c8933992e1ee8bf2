"""Many rows written by one statement whose text does not grow with them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection, models


def update(model: type[models.Model], rows: Iterable[Any], names: Sequence[str]) -> None:
    """Write these fields of rows that exist; rows of one statement are written in no particular order, so hold their case."""
    written = list(rows)
    if not written:
        return
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    assert model._meta.pk is not None
    typed = ", ".join(f'"{each.column}" {each.db_type(connection)}' for each in [model._meta.pk, *fields])
    changed = ", ".join(f'"{each.column}" = given."{each.column}"' for each in fields)
    own, key = model._meta.db_table, model._meta.pk.column
    listed = [{key: row.pk, **{each.column: getattr(row, each.attname) for each in fields}} for row in written]
    with connection.cursor() as cursor:
        cursor.execute(
            f'update "{own}" set {changed} from jsonb_to_recordset(%s) as given({typed}) where "{own}"."{key}" = given."{key}"',  # noqa: S608
            [json.dumps(listed, ensure_ascii=False, default=_plain)],
        )


def _plain(value: Any) -> str:
    # Whole microseconds: what is compared with the stored row later must be equal to it.
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be written so")
