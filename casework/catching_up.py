"""What the calendar alone has changed of a case: logged as the system's, dated as due (R7)."""

from __future__ import annotations

from datetime import date
from typing import Any

from casework.acts import catch_up_handlers
from casework.models import ActRecord
from deadlines import clock


def moved(case: Any, before: str, title: str, on: date) -> ActRecord:
    """The row of the log about a stored state that has just followed the calendar; neither it nor the case is saved yet."""
    for handler in catch_up_handlers.get(case.label, ()):
        handler(case, on)
    case.version += 1
    return ActRecord(
        word="catch_up", title=title, case_label=case.label, case_id=case.pk, institution_id=getattr(case, "institution_id", None),
        on=on, at=clock.now(), role="system", by_system=True, before=before, after=case.state, version=case.version,
    )  # fmt: skip
