"""Readers of single fields: text of a case file → the value an act wants. Each raises Unusable with a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from replay.clause_text import FORM, standard
from replay.unusable import Unusable

YEARS = range(1900, 2200)
LONGEST = 4000


@dataclass(frozen=True)
class About:
    """What a field may point at: people, chains and institutions (id → kind) of the file, steps so far, the step's institution."""

    people: frozenset[str] = frozenset()
    chains: frozenset[str] = frozenset()
    institutions: Mapping[str, str] = field(default_factory=dict)
    step_ids: frozenset[str] = frozenset()
    who: str | None = None

    @property
    def kind(self) -> str | None:
        """Kind of the institution in ``who``."""
        return self.institutions.get(self.who) if self.who else None


Reader = Callable[[Any, About], Any]


def text(value: Any, about: About) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST or "\x00" in value:
        raise Unusable("应为文字。")
    return value


def moment(value: Any, about: About) -> tuple[date, time | None]:
    """A day, with or without a time: ``2026-03-02``, ``2026-03-02T09:00``, ``2026-03-02 09:00``."""
    match = re.fullmatch(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{1,2}:\d{2}(?::\d{2})?))?", value.strip()) if isinstance(value, str) else None
    if match is None:
        raise Unusable(f"应为2026-03-02这样的日期,可带时间(2026-03-02T09:00),现为“{value}”。")
    try:
        found = date.fromisoformat(match[1])
        clock = time.fromisoformat(match[2].zfill(5 if len(match[2]) < 6 else 8)) if match[2] else None
    except ValueError as error:
        raise Unusable(f"没有“{value}”这一天或这一时刻。") from error
    if found.year not in YEARS:
        raise Unusable(f"日期{found}超出范围。")
    return found, clock


def day(value: Any, about: About) -> date:
    return moment(value, about)[0]


def whole(least: int = 0, most: int = 1_000_000) -> Reader:
    def read(value: Any, about: About) -> int:
        if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,9}", str(value)):
            raise Unusable(f"应为整数,现为“{value}”。")
        if not least <= int(value) <= most:
            raise Unusable(f"应为{least}至{most}之间的整数。")
        return int(value)

    return read


def yes_no(value: Any, about: About) -> bool:
    if not isinstance(value, bool):
        raise Unusable(f"应为true或false,现为“{value}”。")
    return value


def choice(*allowed: str) -> Reader:
    def read(value: Any, about: About) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise Unusable(f"应为{'、'.join(allowed)}之一,现为“{value}”。")
        return value

    return read


def clause(value: Any, about: About) -> str:
    """A clause, ``permission`` or ``state``; ``M12(5)`` becomes ``M12.5``."""
    if not isinstance(value, str) or not FORM.fullmatch(value.strip()):
        raise Unusable(f"应为M12.5这样的条款,现为“{value}”。")
    return standard(value.strip())


def one_or_more(reader: Reader) -> Reader:
    """A single value or a list of them, read as a list."""

    def read(value: Any, about: About) -> list[Any]:
        rows = value if isinstance(value, list) else [value]
        if not rows:
            raise Unusable("不能为空。")
        return [reader(row, about) for row in rows]

    return read


def list_of(reader: Reader) -> Reader:
    def read(value: Any, about: About) -> list[Any]:
        if not isinstance(value, list):
            raise Unusable("应为列表。")
        return [reader(row, about) for row in value]

    return read


def record(fields: Mapping[str, Reader], required: Iterable[str] = ()) -> Reader:
    """A mapping with these fields and no others."""

    def read(value: Any, about: About) -> dict[str, Any]:
        return read_record(value, fields, about, required)

    return read


def read_record(value: Any, fields: Mapping[str, Reader], about: About, required: Iterable[str] = ()) -> dict[str, Any]:
    """Every given field read; a complaint names the field."""
    if not isinstance(value, dict):
        raise Unusable("应为一组字段。")
    unknown = [name for name in value if name not in fields]
    if unknown:
        raise Unusable("没有这个字段。", unknown[0])
    missing = [name for name in required if value.get(name) is None]
    if missing:
        raise Unusable("不能缺少。", missing[0])
    found = {}
    for name, given in value.items():
        try:
            found[name] = fields[name](given, about)
        except Unusable as error:
            raise error.inside(name) from None
    return found


def or_nothing(reader: Reader) -> Reader:
    """The same, or null."""

    def read(value: Any, about: About) -> Any:
        return None if value is None else reader(value, about)

    return read


def person(value: Any, about: About) -> str:
    return _known(value, about.people, "people")


def chain(value: Any, about: About) -> str:
    return _known(value, about.chains, "chains")


def institution(value: Any, about: About) -> str:
    return _known(value, about.institutions, "institutions")


def step_id(value: Any, about: About) -> str:
    return _known(value, about.step_ids, "此前各步骤的id")


def _known(value: Any, ids: Iterable[str], where: str) -> str:
    if not isinstance(value, str) or value not in ids:
        raise Unusable(f"{where}中没有“{value}”。")
    return value
