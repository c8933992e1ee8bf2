"""Clauses and grounds in the numbering of either kind of institution.

A clause is written as in clauses.csv: ``M12.5`` is item (5) of article 12 of the hospital Measures, ``P11.3`` its twin in
the pharmacy Measures. Grounds and slots that have no row of their own are written ``M43(3)``, ``P40(4)``, ``M7(5)``.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Clause:
    id: str
    twin: str
    kind: str
    text: str


@cache
def table() -> dict[str, Clause]:
    """Every row, under its hospital (or national) id and under its pharmacy id."""
    rows: dict[str, Clause] = {}
    with (Path(__file__).parent / "clauses.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            clause = Clause(row["id"], row["twin"], row["kind"], row["what the software must do"])
            for name in (clause.id, clause.twin):
                if name:
                    rows.setdefault(name, clause)
    return rows


# Lists whose items are not rows: article → article of the pharmacy text. Only articles with the same items.
_ARTICLES = {"M42.6": "P39.5"}


def numbered(clause: str, kind: str) -> str:
    """The clause as an institution of this kind reads it: ``numbered("M12.5", "pharmacy") == "P11.3"``.

    A clause without a twin, or one already in the right numbering, comes back as it is.
    """
    if clause in ("permission", "state"):
        return clause
    match = re.fullmatch(r"([A-Z]\d+(?:\.\d+)?)(\(\d+\))", clause)
    if match:
        article, item = match.groups()
        dotted = f"{article}.{item[1:-1]}"
        if dotted in table():
            return numbered(dotted, kind)
        if kind == "pharmacy" and article in _ARTICLES:
            return _ARTICLES[article] + item
        return clause
    row = table().get(clause)
    if row is None:
        return clause
    if kind == "pharmacy" and clause.startswith("M"):
        return row.twin or clause
    if kind == "hospital" and clause.startswith("P"):
        return row.id or clause
    return clause


def text(clause: str) -> str:
    """What the clause asks for; empty for an unknown id."""
    row = table().get(clause) or table().get(re.sub(r"\((\d+)\)", r".\1", clause))
    return row.text if row else ""
