"""Whether an answer is as expected: listed fields equal, lists in any order, ``contains`` and ``lacks``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from replay.clause_text import standard
from replay.unusable import Unusable
from replay.words import QuestionWord

PARTS = ("contains", "lacks")


def check_shape(expected: Any, kind: QuestionWord) -> None:
    """An expectation that no answer could ever meet is a mistake in the file. Raises Unusable."""
    if not kind.listed:
        _check_fields(expected, kind.fields)
        return
    if isinstance(expected, dict):
        unknown = [name for name in expected if name not in PARTS]
        if unknown or not expected:
            raise Unusable("列表只能用contains、lacks或者直接列出。", unknown[0] if unknown else "")
        rows = [row for part in expected.values() for row in _rows(part)]
    elif isinstance(expected, list):
        rows = expected
    else:
        raise Unusable("应为列表,或者contains、lacks。")
    for row in rows:
        if kind.fields:
            _check_fields(row, kind.fields)
        elif isinstance(row, dict | list):
            raise Unusable("各项应为单个值。")


def _check_fields(expected: Any, fields: tuple[str, ...]) -> None:
    if not isinstance(expected, dict):
        raise Unusable("应为一组字段。")
    for name in expected:
        if name not in fields:
            raise Unusable(f"答案没有这个字段(有:{'、'.join(fields)})。", name)


def holds(expected: Any, answer: Any) -> bool:
    """Nothing there counts as null; dates and clauses are compared as text, numbers by value."""
    if isinstance(answer, list):
        return _list_holds(expected, answer)
    if isinstance(answer, dict):
        return isinstance(expected, dict) and all(holds(value, answer.get(name)) for name, value in expected.items())
    if isinstance(expected, dict | list):
        return False
    if expected is None or answer is None or isinstance(expected, bool) or isinstance(answer, bool):
        return expected is answer
    return standard(str(expected)) == standard(str(answer))


def _list_holds(expected: Any, answer: list[Any]) -> bool:
    if isinstance(expected, dict):
        present: Callable[[Any], bool] = lambda row: any(holds(row, each) for each in answer)  # noqa: E731
        return all(map(present, _rows(expected.get("contains")))) and not any(map(present, _rows(expected.get("lacks"))))
    rows = _rows(expected)
    return len(rows) == len(answer) and _pairs(rows, answer)


def _rows(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _pairs(expected: list[Any], answer: list[Any]) -> bool:
    """Whether each expected item can have an answer's item of its own."""
    taken: dict[int, int] = {}

    def place(row: int, tried: set[int]) -> bool:
        for column, each in enumerate(answer):
            if column not in tried and holds(expected[row], each):
                tried.add(column)
                if column not in taken or place(taken[column], tried):
                    taken[column] = row
                    return True
        return False

    return all(place(row, set()) for row in range(len(expected)))
