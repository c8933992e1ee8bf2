"""A case as read: the scene before it begins and its steps in order. Plain values, no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class As:
    """Somebody else than the office of R16: a role, with the district or the institution it is of."""

    role: str
    place: str | None = None


@dataclass(frozen=True)
class Step:
    """One step (``do``) or question (``ask``). ``given`` holds the word's own fields, read."""

    n: int
    at: datetime
    word: str
    asks: bool = False
    who: str | None = None
    acting: As | None = None
    same_reviewer: bool = False
    id: str = ""
    refused: tuple[str, ...] | None = None
    given: dict[str, Any] = field(default_factory=dict)
    expects: bool = False
    expect: Any = None

    @property
    def on(self) -> date:
        return self.at.date()


@dataclass(frozen=True)
class Scene:
    """Filled-in data by id; people are named by id in posts, chains and parents likewise."""

    people: dict[str, dict[str, Any]]
    chains: dict[str, dict[str, Any]]
    institutions: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Case:
    title: str
    sweep: bool
    scene: Scene
    steps: tuple[Step, ...]
