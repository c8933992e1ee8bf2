"""Answers for codes: one, many, and as it was known at a moment; always a constant number of queries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from institutions.models import Institution
from settlement.answer import Answer, Line, Query, settle
from settlement.keeping import derived_line, derived_lines
from settlement.lines import load

NATIONAL, LEGACY = re.compile(r"[HP]\d{11}"), re.compile(r"\d{8}")


@dataclass(frozen=True)
class Asked:
    """A line asked for by code, with the institution it belongs to."""

    institution_id: int
    name: str
    line: Line


def column_of(code: str) -> str:
    """Which code it is, by its form: national (H/P and 11 digits), legacy (8 digits), else the uscc."""
    if NATIONAL.fullmatch(code):
        return "national_code"
    return "legacy_code" if LEGACY.fullmatch(code) else "uscc"


def lines_of(codes: Iterable[str], among: Any = None) -> dict[str, Asked]:
    """Code → line, for every code that is known (``among`` some institutions); at most one query per form of code."""
    institutions = Institution.objects.all() if among is None else among
    found = {}
    for column, these in _by_column(codes).items():
        rows = institutions.order_by().filter(**{f"{column}__in": these})
        for pk, name, kind, data, code in rows.values_list("pk", "name", "kind", "settlement_line__data", column):
            found[code] = Asked(pk, name, load(kind, data))
    return found


def lines_known(codes: Iterable[str], moment: datetime, among: Any = None) -> dict[str, Asked]:
    """The same lines as they were known at a moment: from the facts, in a constant number of queries (R7)."""
    institutions = Institution.objects.all() if among is None else among
    rows = {}
    for column, these in _by_column(codes).items():
        rows.update({getattr(each, column): each for each in institutions.order_by().filter(**{f"{column}__in": these})})
    lines = derived_lines(rows.values(), moment)
    return {code: Asked(each.pk, each.name, lines[each.pk]) for code, each in rows.items()}


def _by_column(codes: Iterable[str]) -> dict[str, list[str]]:
    wanted: dict[str, list[str]] = {}
    for code in codes:
        wanted.setdefault(column_of(code), []).append(code)
    return wanted


def answer(institution: Institution, query: Query, known_at: datetime | None = None) -> Answer:
    """The answer for one institution, as known now or at a moment: from the facts, not from what is kept (R7)."""
    return settle(derived_line(institution, known_at), query)


def answer_many(asked: Iterable[tuple[str, Query]], among: Any = None, known_at: datetime | None = None) -> list[Answer | None]:
    """Answers in the order asked, as known now or at a moment; None for a code nobody has (``among`` some institutions)."""
    rows = list(asked)
    codes = {code for code, _ in rows}
    lines = lines_of(codes, among) if known_at is None else lines_known(codes, known_at, among)
    return [settle(lines[code].line, query) if code in lines else None for code, query in rows]
