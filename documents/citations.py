"""Clause ids as a document cites them: ``M12.7`` → 《北京市医疗机构医疗保障定点管理暂行办法》第十二条第（七）项."""

from __future__ import annotations

import re
from collections.abc import Iterable

from law.clauses import numbered, table
from law.rulesets import RULE_SETS

LAWS = {
    **{each.letter: each.title for each in RULE_SETS},
    "I": "《医疗保障基金使用监督管理条例实施细则》",
}
# Articles whose rows ``M12.1`` … are the items of its list; elsewhere the number behind the point only separates rules.
LISTED = frozenset({"M6", "P5", "M12", "P11", "M38", "P35", "M43", "P40"})
KINDS = ("hospital", "pharmacy")
DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """1 to 99 as the text of a law counts: 12 → 十二, 40 → 四十."""
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    return f"{DIGITS[tens] if tens > 1 else ''}十{DIGITS[ones] if ones else ''}"


def in_numbering(clause: str, kind: str) -> str:
    """The clause in the numbering of a kind of institution; also a bare article (``M8``), which has no row of its own."""
    turned = numbered(clause, kind)
    if turned != clause or re.fullmatch(r"[MP]\d+", clause) is None or clause in table():
        return turned
    for row in table():
        if row.startswith(f"{clause}."):
            twin = numbered(row, kind)
            if twin[0] != clause[0]:
                return twin.split(".")[0]
    return clause


def _parts(clause: str) -> tuple[str, str] | None:
    """(law's letter and article, place in it as printed); None for what is no clause of a law."""
    match = re.fullmatch(r"([MPI])(\d+)((?:\.\d+)?)((?:\(\d+\))?)(?:\.\d+)?", clause)
    if match is None:
        return None
    law, article, point, item = match.groups()
    place = f"第{chinese(int(article))}条"
    if not item and point and f"{law}{article}" in LISTED:
        item = f"({point[1:]})"
    return law, place + (f"第（{chinese(int(item[1:-1]))}）项" if item else "")


def cite(clauses: Iterable[str], kind: str = "") -> str:
    """The clauses as a document writes them, each law named once; of both laws where no kind of institution is given.

    What is no clause of a law (a reading, a rule of the project) is left out: a document cites law only.
    """
    places: dict[str, list[str]] = {}
    for each in [kind] if kind in KINDS else KINDS:
        for clause in clauses:
            parts = _parts(in_numbering(clause, each))
            if parts and parts[1] not in places.setdefault(parts[0], []):
                places[parts[0]].append(parts[1])
    return "、".join(LAWS[law] + "、".join(found) for law in LAWS if (found := places.get(law)))


def place(clause: str, kind: str) -> str:
    """The place alone (第七条第（四）项) where the law has been named already; the law too where it is another one."""
    parts = _parts(in_numbering(clause, kind))
    if parts is None:
        return ""
    law, where = parts
    return where if {"hospital": "M", "pharmacy": "P"}.get(kind) == law else LAWS[law] + where
