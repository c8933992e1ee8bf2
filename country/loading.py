"""Millions of rows at once: indexes and constraints come off, rows go in by COPY, and what came off must hold when it comes back."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Model

from country.mould import columns_of

CONSTRAINTS = """
    select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
    where conrelid = any(%s::regclass[]) and contype in ('f', 'x', 'u') order by contype desc, conname
"""
INDEXES = """
    select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index
    where indrelid = any(%s::regclass[]) and not indisprimary
    and not exists (select from pg_constraint where conindid = indexrelid and contype in ('x', 'u', 'p'))
"""


def run(sql: str, given: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall()) if cursor.description else []


@contextmanager
def bare(models: Iterable[type[Model]], say: Any) -> Iterator[None]:
    """The tables without indexes, constraints and triggers; all of it in the transaction under way, so that a stop leaves no trace."""
    tables = [model._meta.db_table for model in models]
    constraints, indexes = run(CONSTRAINTS, [tables]), run(INDEXES, [tables])
    run("set constraints all immediate")
    for table, name, _ in reversed(constraints):
        run(f'alter table {table} drop constraint "{name}"')
    for name, _ in indexes:
        run(f"drop index {name}")
    for table in tables:
        run(f'alter table "{table}" disable trigger user')
    yield
    run("set local maintenance_work_mem = '512MB'")
    for _, definition in indexes:
        say("索引")
        run(definition)
    for table, name, definition in constraints:
        say("约束")
        run(f'alter table {table} add constraint "{name}" {definition}')
    for table in tables:
        run(f'alter table "{table}" enable trigger user')


def copy(model: type[Model], text: str) -> None:
    """Rows as text into a table."""
    names = ", ".join(f'"{each}"' for each in columns_of(model))
    with connection.cursor() as cursor:
        cursor.copy_expert(f'copy "{model._meta.db_table}" ({names}) from stdin', io.StringIO(text))


def next_id(model: type[Model]) -> int:
    """The first id nobody has."""
    return int(run(f'select coalesce(max(id), 0) + 1 from "{model._meta.db_table}"')[0][0])  # noqa: S608  a table of our own


def count_on(model: type[Model], last: int) -> None:
    """Let the table's own counting go on after the ids given."""
    if last:
        run("select setval(pg_get_serial_sequence(%s, 'id'), %s)", [model._meta.db_table, last])
