"""YAML 1.2 as cases are written: words stay words."""

import pytest

from replay.unusable import Unusable
from replay.yaml_text import parse


def test_on_is_a_word_and_ids_dates_and_clauses_are_text() -> None:
    document = parse("{on: 2026-03-02, district: 110105, serial: 007, quoted: '5', clause: M12.5, yes: no, at: 2026-03-02 09:00}")
    assert document == {
        "on": "2026-03-02",
        "district": "110105",
        "serial": "007",
        "quoted": "5",
        "clause": "M12.5",
        "yes": "no",
        "at": "2026-03-02 09:00",
    }


def test_true_false_and_nothing_keep_their_meaning() -> None:
    document = parse("{a: true, b: False, c: null, d: ~, e: 'true', f: }")
    assert document == {"a": True, "b": False, "c": None, "d": None, "e": "true", "f": None}


def test_numbers_are_numbers_only_where_answers_are_compared() -> None:
    assert parse("{beds: 120, expect: {days: 14, due: 2026-06-02, numbers: [1, 2]}}") == {
        "beds": "120",
        "expect": {"days": 14, "due": "2026-06-02", "numbers": [1, 2]},
    }


def test_aliases_and_merged_fields() -> None:
    assert parse("{a: &x {k: 1, l: 2}, b: *x, c: {<<: *x, k: 3}}") == {
        "a": {"k": "1", "l": "2"},
        "b": {"k": "1", "l": "2"},
        "c": {"k": "3", "l": "2"},
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "空"),
        ("a: [1, 2", "第1行"),
        ("a: 1\nb: 2\na: 3", "“a”写了两次"),
        ("a: !thing x", "标签"),
        ("a: &x [*x]", "引用了自身"),
        ("--- a\n--- b", "YAML"),
        ("[1, 2]: x", "名称应为文字"),
        ("\n".join(["l0: &l0 [x, x]", *(f"l{n}: &l{n} [*l{n - 1}, *l{n - 1}]" for n in range(1, 40))]), "过多"),
        ("[" * 100 + "]" * 100, "过深"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, told: str) -> None:
    with pytest.raises(Unusable, match=told):
        parse(text)
