"""A story of the demonstration: an institution and what happens to it, told in days before today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from demo.days import Days
from evaluations.models import SPECIALTIES

TEAM = {
    "members": [
        {"name": name, "specialty": specialty}
        for name, (specialty, _) in zip(("方慧敏", "高立峰", "叶晓琳", "马思源"), SPECIALTIES, strict=True)
    ]
}
FAILED = {
    "result": "fail",
    "reasons": "现场核查发现医保管理制度未落实，信息系统不具备直接联网结算条件。",
    "suggestions": "完善医保管理制度并组织培训；完成信息系统接口改造和联网测试。",
}
# Key, working days after filing, word, what it is told with.
ROAD: tuple[tuple[str, int, str, Mapping[str, Any]], ...] = (
    ("apply", 0, "apply", {}),
    ("accept", 1, "accept", {}),
    ("team", 4, "form_team", TEAM),
    ("result", 12, "record_result", {}),
    ("file_result", 14, "file", {"what": "result"}),
    ("serve", 14, "serve_result", {}),
    ("notice", 16, "open_notice", {}),
    ("sign", 23, "sign", {}),
    ("file_agreement", 26, "file", {"what": "agreement"}),
)


@dataclass(frozen=True)
class Event:
    """One step: a word of replay or of ``demo.steps``, with its fields."""

    on: date
    word: str
    given: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""


@dataclass(frozen=True)
class Story:
    """``given``: the institution in the words of a written case; what is left out is made up."""

    id: str
    kind: str
    district: str
    events: list[Event]
    given: Mapping[str, Any] = field(default_factory=dict)


def road(start: date, days: Days, until: str, **changed: Mapping[str, Any]) -> list[Event]:
    """The usual way from filing on ``start`` through a step; ``changed``: key of a step → what it is told with instead."""
    events = []
    for key, after, word, given in ROAD:
        events.append(Event(days.after(start, after), word, changed.get(key, given)))
        if key == until:
            return events
    raise LookupError(until)


def road_to(days: Days, until: str, ago: int = 1, **changed: Mapping[str, Any]) -> list[Event]:
    """The same, the last step that many working days before today."""
    length = next(after for key, after, _, _ in ROAD if key == until)
    return road(days.ago(length + ago), days, until, **changed)


def in_order(events: Iterable[Event]) -> list[Event]:
    """As they are told. Raises when a day goes back: a story must make sense whatever day is today."""
    told = list(events)
    if any(later.on < earlier.on for earlier, later in pairwise(told)):
        raise ValueError(f"days go back: {[(event.on.isoformat(), event.word) for event in told]}")
    return told
