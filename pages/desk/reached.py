"""Whom a termination reaches, read from the papers that it would issue: branches, persons, bans, applications (R4, R10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from agreements.grounds import NATURES

DECISION, CASCADE, LIST, REFUSAL = 34, 35, 36, 4  # numbers in documents.md


@dataclass
class Reached:
    """Everything a decision to terminate would do to whom, or its annulment undo; empty for every other act."""

    nature: str = ""
    undone: bool = False  # the papers withdraw decisions: what follows is what they take away again
    institutions: list[dict[str, Any]] = field(default_factory=list)
    bans: list[dict[str, Any]] = field(default_factory=list)  # each with ``institution``
    persons: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  # institutions whose application would be refused


def by(documents: Iterable[Any]) -> Reached | None:
    """What the papers say; None where no agreement would be terminated."""
    papers = list(documents)
    if not any(paper.catalogue == DECISION for paper in papers):
        return None
    found = Reached(undone=all(paper.data.get("annulled") for paper in papers if paper.catalogue == DECISION))
    for paper in papers:
        data = paper.data
        if paper.catalogue == LIST:
            found.institutions = data.get("institutions", [])
        elif paper.catalogue in (DECISION, CASCADE):
            found.nature = found.nature or NATURES.get(data.get("nature", ""), "")
            found.bans += [{**ban, "institution": paper.recipient} for ban in data.get("bans", [])]
        elif paper.catalogue == REFUSAL:
            found.refused.append(paper.recipient)
    found.persons = list(dict.fromkeys(ban["subject"] for ban in found.bans if ban.get("subject")))
    return found
