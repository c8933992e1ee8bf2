"""Versions of the Measures by the day from which each is in force (M53, P50). Pure, no Django.

An application is under the version of the day it was filed, an agreement under that of its first day. A later version is a row
more here; what began before it keeps its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

MEASURES_FROM = date(2022, 1, 1)


@dataclass(frozen=True)
class RuleSet:
    """One version of the Measures for one kind of institution; ``letter`` begins the clauses it is cited by."""

    letter: str
    kind: str
    title: str
    from_on: date

    @property
    def frozen(self) -> dict[str, str]:
        """As papers keep it."""
        return {"title": self.title, "from_on": self.from_on.isoformat()}


RULE_SETS = (
    RuleSet("M", "hospital", "《北京市医疗机构医疗保障定点管理暂行办法》", MEASURES_FROM),
    RuleSet("P", "pharmacy", "《北京市零售药店医疗保障定点管理暂行办法》", MEASURES_FROM),
)


def rule_set_on(kind: str, day: date, among: tuple[RuleSet, ...] = RULE_SETS) -> RuleSet | None:
    """The version in force for a kind of institution on a day; None before the first."""
    begun = [each for each in among if each.kind == kind and each.from_on <= day]
    return max(begun, key=lambda each: each.from_on, default=None)


def kept(kind: str, day: date) -> dict[str, str]:
    """What a paper keeps of the version that a case of that day is under; nothing before the first."""
    found = rule_set_on(kind, day)
    return found.frozen if found else {}
