"""The time line of an institution: made from the folds of its agreements, kept as plain values, read back. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from agreements.term import Span, Term
from settlement.answer import Hold, Line, Part


def line_of(kind: str, terms: Iterable[Term], person_names: Mapping[int, str]) -> Line:
    """The line as the folds of all the institution's agreements make it."""
    spans: list[Span] = []
    parts: dict[int, Part] = {}
    holds: dict[int, Hold] = {}
    for term in terms:
        if term.annulled:
            continue
        spans += term.spans
        # An internet hospital is settled through its physical one: what is held or suspended there concerns it, too (M5.2).
        for one in (term, term.main) if term.main is not None else (term,):
            holds.update({each.id: Hold(each.on, each.clause) for each in one.holds if each.released_on is None})
            for each in one.parts:
                name = each.name(person_names)
                days = (each.first_day, each.last_day, each.ended, each.decided_on)
                parts[each.id] = Part(name, not each.department, *days, each.code, each.person_id)
    spans.sort(key=lambda each: (each.first_day, each.state))
    return Line(kind, tuple(spans), tuple(parts.values()), tuple(holds.values()))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@lru_cache(maxsize=1 << 16)
def _date(text: str) -> date:
    """A batch reads tens of thousands of days, few of them different."""
    return date.fromisoformat(text)


def _day(text: str | None) -> date | None:
    return _date(text) if text else None


def dump(line: Line) -> dict[str, Any]:
    """As kept in the database and told to settlement systems; lists of values in a fixed order."""
    return {
        "spans": [
            [_iso(each.first_day), _iso(each.last_day), each.state, each.clause, _iso(each.decided_on), each.at_request, _iso(each.since)]
            for each in line.spans
        ],
        "parts": [
            [
                each.name,
                each.is_person,
                _iso(each.first_day),
                _iso(each.last_day),
                each.ended,
                _iso(each.decided_on),
                each.code,
                each.person_id,
            ]
            for each in line.parts
        ],
        "holds": [[_iso(each.since), each.clause] for each in line.holds],
    }


def load(kind: str, data: Mapping[str, Any] | None) -> Line:
    """The line again; without data, that of an institution that never had an agreement."""
    if not data:
        return Line(kind)
    spans = tuple(
        Span(_date(first), _day(last), state, clause, _day(decided), at_request, _day(since))
        for first, last, state, clause, decided, at_request, since in data["spans"]
    )
    parts = tuple(
        Part(name, is_person, _date(first), _day(last), ended, _date(decided), *known_by)
        for name, is_person, first, last, ended, decided, *known_by in data["parts"]
    )
    return Line(kind, spans, parts, tuple(Hold(_date(since), clause) for since, clause in data["holds"]))
