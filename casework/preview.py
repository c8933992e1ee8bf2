"""What an act would do, shown before it is done: everything is tried inside a transaction that is undone."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deadlines.models import Deadline
from django.db import transaction
from offices.actors import Actor

from casework import door
from casework.acts import registry
from casework.proposals import ANYBODY
from casework.refusals import NotDone


@dataclass
class Preview:
    """The consequences of one act on one case."""

    error: NotDone | None = None
    before: str = ""
    after: str = ""
    papers: list[tuple[int, str, str]] = field(default_factory=list)  # number in documents.md, title, recipient
    deadlines: list[tuple[str, str, str]] = field(default_factory=list)  # kind, before, after


def preview(word: str, subject: Any, *, actor: Actor, data: Mapping[str, Any]) -> Preview:
    """Try an act and undo it. Refusals come back in ``error`` instead of being raised."""
    act = registry[word]
    reviewer = Actor(actor.role, actor.office_id, actor.office_name, actor.district, ANYBODY, "", may_review=True)
    with transaction.atomic():
        before = _deadlines(subject)
        result = door.perform_many(word, [subject], actor=actor, reviewer=reviewer if act.signatures > 1 else None, data=data)[0]
        after = _deadlines(subject)
        transaction.set_rollback(True)
    if result.outcome is None:
        return Preview(error=result.error)
    outcome = result.outcome
    changed = [(kind, before.get(kind, ""), after.get(kind, "")) for kind in {**before, **after} if before.get(kind) != after.get(kind)]
    papers = [(document.catalogue, document.title, document.recipient) for document in outcome.documents]
    return Preview(None, outcome.before, outcome.after, papers, changed)


def _deadlines(subject: Any) -> dict[str, str]:
    """Deadlines of every case of the institution, as text."""
    about = next(iter(subject.institution_ids()), None) if hasattr(subject, "institution_ids") else getattr(subject, "pk", None)
    rows = Deadline.objects.filter(institution_id=about).order_by("id")
    states = dict(Deadline.State.choices)
    return {f"{row.kind}/{row.case_label}-{row.case_id}-{row.key}": f"{row.due_on or '停钟'} {states.get(row.state, row.state)}" for row in rows}
