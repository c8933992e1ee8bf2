"""Why an act was not done. Each refusal names its clause; ``permission`` and ``state`` serve where no clause fits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Refusal:
    """One reason: clause in the numbering of the institution's kind, a sentence, and the first day on which it is gone, if known."""

    clause: str
    message: str
    earliest_on: date | None = None


class NotDone(Exception):
    """Base of everything that keeps the door shut; nothing was changed."""


class Refused(NotDone):
    """The act is not allowed; every reason that applies is listed."""

    def __init__(self, refusals: Iterable[Refusal]):
        self.refusals = tuple(refusals)
        super().__init__(";".join(refusal.message for refusal in self.refusals))

    @property
    def clauses(self) -> list[str]:
        return list(dict.fromkeys(refusal.clause for refusal in self.refusals))


class Invalid(NotDone):
    """The input cannot be used; ``errors`` maps field → messages."""

    def __init__(self, errors: dict[str, list[str]]):
        self.errors = errors
        super().__init__(";".join(message for messages in errors.values() for message in messages))


class Stale(NotDone):
    """Somebody else changed the case since the form was opened (409)."""

    def __init__(self, changed_by: str, title: str, at: datetime | None):
        self.changed_by, self.title, self.at = changed_by, title, at
        when = f"{at:%Y-%m-%d %H:%M}" if at else ""
        super().__init__(f"您打开页面之后,{changed_by}已于{when}办理“{title}”。请刷新后核对,再决定是否继续。")


class Conflict(NotDone):
    """A database constraint stopped two simultaneous acts that each looked right (409)."""


class Missing(NotDone):
    """For this actor the case does not exist (404)."""


class Impossible(Exception):
    """Facts that cannot stand together; raised by the folds, names the fact that has lost its ground."""

    def __init__(self, kind: str, state: str):
        self.kind, self.state = kind, state
        super().__init__(f"{kind} 不能发生在 {state}")
