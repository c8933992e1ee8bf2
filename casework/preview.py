"""What an act would do, shown before it is done: everything is tried inside a transaction that is undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import transaction

from casework import door
from casework.acts import registry
from casework.models import Case
from casework.proposals import ANYBODY
from casework.refusals import NotDone
from deadlines import registry as kinds_of_deadlines
from deadlines.models import Deadline
from offices.actors import Actor


@dataclass(frozen=True)
class Change:
    """One thing that would be different afterwards; empty text where there was or will be nothing."""

    title: str
    case: str
    before: str
    after: str
    institution: str = ""  # where it is another one's than the case's own


@dataclass
class Preview:
    """The consequences of one act on one case."""

    error: NotDone | None = None
    before: str = ""
    after: str = ""
    papers: list[tuple[int, str, str]] = field(default_factory=list)  # number in documents.md, title, recipient
    documents: list[Any] = field(default_factory=list)  # the papers as they would be issued; none of them is stored
    withdrawn: list[tuple[str, str, str]] = field(default_factory=list)  # title and number of what went out before, recipient
    states: list[Change] = field(default_factory=list)  # cases of the institution whose state would change
    deadlines: list[Change] = field(default_factory=list)
    others: list[Change] = field(default_factory=list)  # what higher floors compare (``compared``)
    notes: list[str] = field(default_factory=list)  # what the act would say beside it (``Context.warn``)


def preview(word: str, subject: Any, *, actor: Actor, data: Mapping[str, Any], version: int | None = None) -> Preview:
    """Try an act and undo it. What keeps the door shut comes back in ``error`` instead of being raised."""
    act = registry[word]
    reviewer = Actor(actor.role, actor.office_id, actor.office_name, actor.district, ANYBODY, "", may_review=True)
    own = _institution(subject)
    # A decision may reach other institutions, all of which it locks (R10).
    others = act.institutions(subject, dict(data)) if subject is not None else set()
    about = ({own} if own else set()) | others
    names = {pk: name for pk, name in _names(others) if pk != own}
    with transaction.atomic():
        before = _all(about)
        signed = reviewer if act.signatures > 1 else None
        result = door.perform_many(word, [subject], actor=actor, reviewer=signed, data=data, versions=[version])[0]
        after = _all(about)
        transaction.set_rollback(True)
    if result.outcome is None:
        return Preview(error=result.error)
    outcome = result.outcome
    papers = [(document.catalogue, document.title, document.recipient) for document in outcome.documents if not document.withdraws]
    withdrawn = [(each.supersedes.title, each.supersedes.number, each.recipient) for each in outcome.documents if each.withdraws]
    deadlines, states, beside = (list(_changes(old, new, names)) for old, new in zip(before, after, strict=True))
    return Preview(
        None,
        outcome.before,
        outcome.after,
        papers,
        list(outcome.documents),
        withdrawn,
        states,
        deadlines,
        beside,
        outcome.record.data.get("warnings", []),
    )


def _institution(subject: Any) -> int | None:
    if hasattr(subject, "institution_ids"):
        return next(iter(subject.institution_ids()), None)
    return subject.pk if subject is not None and subject._meta.model_name == "institution" else None


def _names(institutions: set[int]) -> list[tuple[int, str]]:
    rows = apps.get_model("institutions.Institution")._default_manager.filter(pk__in=institutions).order_by("pk")
    return list(rows.values_list("pk", "name"))


# Title, kind of case, what tells it from others, institution.
Key = tuple[str, str, object, int]


# Institutions → what a higher floor would have compared before and after.
compared: list[Callable[[set[int]], dict[Key, str]]] = []


def _all(institutions: set[int]) -> tuple[dict[Key, str], ...]:
    others = {key: text for each in compared for key, text in each(institutions).items()}
    return _deadlines(institutions), _states(institutions), others


def _changes(before: dict[Key, str], after: dict[Key, str], names: Mapping[int, str]) -> Iterator[Change]:
    for key in {**before, **after}:
        was, becomes = before.get(key, ""), after.get(key, "")
        if was != becomes:
            yield Change(key[0], key[1], was, becomes, names.get(key[3], ""))


def _deadlines(institutions: set[int]) -> dict[Key, str]:
    """Deadlines of every case of the institutions, as text."""
    rows = Deadline.announced.filter(institution_id__in=institutions).order_by("id")
    states = dict(Deadline.State.choices)
    return {
        (kinds_of_deadlines.title(row.kind), row.case_label, (row.case_id, row.key), row.institution_id): (
            f"{row.due_on or '停钟'}({states[row.state]})"
        )
        for row in rows
    }


def _states(institutions: set[int]) -> dict[Key, str]:
    """The state of every case of the institutions, whatever the app."""
    found: dict[Key, str] = {}
    cases = [model for model in apps.get_models() if issubclass(model, Case)]
    models: list[Any] = [model for model in cases if any(each.name == "institution" for each in model._meta.fields)]
    for model in models:
        for case in model._default_manager.filter(institution_id__in=institutions).order_by("pk"):
            found[(str(case), model.label, case.pk, case.institution_id)] = case.get_state_display()
    return found
