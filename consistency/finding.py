"""What a check says, and the list of checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

MOST_LETTERS = 500


@dataclass(frozen=True)
class Finding:
    """A contradiction in one case, as a sentence."""

    check: str
    sentence: str
    case_label: str = ""
    case_id: int | None = None
    institution_id: int | None = None


@dataclass(frozen=True)
class Check:
    """A check by name; ``title`` is what it compares. It looks at one batch, or (``whole``) at everything at once."""

    name: str
    title: str
    look: Callable[[Any], Iterable[Finding]]


checks: dict[str, Check] = {}
whole_checks: dict[str, Check] = {}


def check(name: str, title: str, whole: bool = False) -> Callable[[Callable[[Any], Iterable[Finding]]], Callable[[Any], Iterable[Finding]]]:
    """Register a check of a batch, or of everything."""

    def register(look: Callable[[Any], Iterable[Finding]]) -> Callable[[Any], Iterable[Finding]]:
        (whole_checks if whole else checks)[name] = Check(name, title, look)
        return look

    return register


def title(name: str) -> str:
    """What a check compares, for people."""
    found = checks.get(name) or whole_checks.get(name)
    return found.title if found else name


def about(check_name: str, case: Any, sentence: str) -> Finding:
    """A finding in a case."""
    label = getattr(case, "label", "") or case._meta.model_name
    institution = getattr(case, "institution_id", None)
    return Finding(check_name, sentence[:MOST_LETTERS], label, case.pk, institution)
