"""The one door: every change of a case goes through ``perform``; web, API, timers and replay all use it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pghistory
from django.db import IntegrityError, connection, transaction
from django_fsm import TransitionNotAllowed

from casework import attaching, catching_up, locks
from casework.acts import Act, handlers, registry
from casework.context import Context
from casework.models import ActRecord, Case
from casework.refusals import Conflict, Invalid, Missing, NotDone, Refusal, Refused, Stale
from casework.remembering import remembered
from casework.requests import request_id
from deadlines import clock
from deadlines import loading as working_days
from documents.issuing import issue
from documents.models import Document
from offices import settings as office_settings
from offices.actors import Actor

# Constraint name → sentence shown when two simultaneous acts both looked right; filled by the apps that own the constraints.
constraint_messages: dict[str, str] = {}


@dataclass
class Outcome:
    """What an act did to one case."""

    subject: Any
    record: ActRecord
    documents: list[Any] = field(default_factory=list)
    before: str = ""
    after: str = ""


@dataclass
class RowResult:
    """One row of a call on many cases: an outcome, or why not."""

    outcome: Outcome | None = None
    error: NotDone | None = None


def perform(
    word: str,
    subject: Any = None,
    *,
    actor: Actor,
    reviewer: Actor | None = None,
    data: Mapping[str, Any] | None = None,
    files: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Outcome:
    """Do one act to one case. Raises a NotDone (Refused, Invalid, Stale, Conflict, Missing) and then has changed nothing."""
    result = perform_many(word, [subject], actor=actor, reviewer=reviewer, data=data, files=files, versions=[version])[0]
    if result.error is not None:
        raise result.error
    assert result.outcome is not None
    return result.outcome


def perform_many(
    word: str,
    subjects: Iterable[Any],
    *,
    actor: Actor,
    reviewer: Actor | None = None,
    data: Mapping[str, Any] | None = None,
    files: Mapping[str, Any] | None = None,
    versions: Iterable[int | None] | None = None,
    dry_run: bool = False,
) -> list[RowResult]:
    """Do one act to many cases in one transaction, a savepoint each; a refused row leaves the others standing.

    With ``dry_run`` everything is done and undone again, so that the consequences can be shown before they happen.
    """
    act = registry[word]
    rows = list(subjects)
    seen: list[int | None] = list(versions) if versions is not None else [None] * len(rows)
    try:
        with transaction.atomic(), pghistory.context(act=word, user=actor.user_id, office=actor.office_id, request=request_id.get()):
            results = _rows(act, rows, actor, reviewer, dict(data or {}), dict(files or {}), seen)
            if dry_run:
                transaction.set_rollback(True)
        return results
    except IntegrityError as error:
        raise Conflict(_constraint_sentence(error)) from error


def _rows(
    act: Act,
    subjects: list[Any],
    actor: Actor,
    reviewer: Actor | None,
    data: dict[str, Any],
    files: dict[str, Any],
    versions: list[int | None],
) -> list[RowResult]:
    loaded = [_visible(act, subject, actor) for subject in subjects]
    institutions: set[int] = set()
    people: set[int] = set()
    for subject in loaded:
        if subject is not None or act.subject is None:
            institutions |= act.institutions(subject, data)
            people |= act.people(subject, data)
    locks.take(institutions, people)
    # Not before the locks: whoever held the cases may have gone by newer settings and days.
    with office_settings.remembered(), working_days.held(stable=True):
        return _locked(act, loaded, actor, reviewer, data, files, versions)


def _locked(
    act: Act,
    loaded: list[Any],
    actor: Actor,
    reviewer: Actor | None,
    data: dict[str, Any],
    files: dict[str, Any],
    versions: list[int | None],
) -> list[RowResult]:
    results: list[RowResult] = []
    contexts: list[Context] = []
    shared: dict[str, Any] = {}
    for subject, version in zip(loaded, versions, strict=True):
        if subject is None and act.subject is not None:
            results.append(RowResult(error=Missing("没有找到该事项,或您所在机构无权查看。")))
            continue
        kept = dict(shared)
        try:
            with transaction.atomic(), remembered():
                context, outcome = _one(act, subject, actor, reviewer, data, files, version, shared)
            results.append(RowResult(outcome))
            contexts.append(context)
        except (IntegrityError, NotDone) as error:
            # What the undone row had made for all rows is gone with it.
            shared.clear()
            shared.update(kept)
            told = Conflict(_constraint_sentence(error)) if isinstance(error, IntegrityError) else error
            results.append(RowResult(error=told))
    if contexts:
        act.together(contexts)
    done = [result for result in results if result.outcome is not None]
    for result, context in zip(done, contexts, strict=True):
        assert result.outcome is not None
        result.outcome.documents = _issue(context)
    return results


def _visible(act: Act, subject: Any, actor: Actor) -> Any:
    """The case again from the database, if this actor may see it; locked later."""
    if act.subject is None:
        return None
    rows = act.subject._default_manager
    if not act.public and hasattr(rows, "visible_to"):
        rows = rows.visible_to(actor)
    return rows.filter(pk=getattr(subject, "pk", subject)).first()


def _one(
    act: Act,
    subject: Any,
    actor: Actor,
    reviewer: Actor | None,
    data: dict[str, Any],
    files: dict[str, Any],
    version: int | None,
    shared: dict[str, Any],
) -> tuple[Context, Outcome]:
    at = clock.now()
    if subject is not None:
        subject = _locked_row(act.subject, subject.pk)
        # Before catching up: what only the calendar changes since the form was opened is nobody's doing.
        if version is not None and version != getattr(subject, "version", version):
            raise _stale(subject)
        catch_up(subject)
    if actor.role not in act.roles and not actor.is_system:
        raise Refused([Refusal("permission", f"“{act.title}”不属于{actor.office_name or '您所在机构'}的职责。")])
    form = act.form(data, files, subject=subject)
    if not form.is_valid():
        raise Invalid({name: [str(message) for message in messages] for name, messages in form.errors.items()})
    if unseen := attaching.unseen(form, actor):
        raise Invalid(unseen)
    context = Context(act, subject, actor, reviewer, form.cleaned_data, at, _next_record_id(), files, shared=shared)
    context.log = _loggable(form.cleaned_data) | attaching.take(form, context.record_id)
    refusals = [*_signatures(act, context), *act.guard(context)]
    before = getattr(subject, "state", "") or ""
    if not refusals and act.sources and before not in act.sources:
        refusals.append(Refusal("state", f"当前状态不能办理“{act.title}”。"))
    if refusals:
        raise Refused(refusals)
    try:
        if act.transition:
            getattr(subject, act.transition)()
        act.effect(context)
        for handler in handlers.get(act.word, ()):
            handler(context)
    except TransitionNotAllowed:
        raise Refused([Refusal("state", f"当前状态不能办理“{act.title}”。")]) from None
    subject = context.subject
    if hasattr(subject, "version") and not isinstance(subject, ActRecord):
        subject.version += 1
        if not isinstance(subject, Case):
            subject.save()
    for case in [subject, *context.touched]:
        if isinstance(case, Case):
            case.project(context.on)
    after = getattr(subject, "state", "") or ""
    record = _record(context, before, after)
    return context, Outcome(subject, record, [], before, after)


def _locked_row(model: Any, pk: int) -> Any:
    rows = model._default_manager.select_for_update(of=("self",))
    # A case names its institution in every act.
    return (rows.select_related("institution") if issubclass(model, Case) else rows).get(pk=pk)


def _signatures(act: Act, context: Context) -> list[Refusal]:
    if act.signatures < 2 or context.actor.is_system:
        return []
    return [*_reviewed(act, context), *_collective(act, context)]


def _collective(act: Act, context: Context) -> list[Refusal]:
    """The record of the collective decision, where the office requires one (M29)."""
    if not act.collective or context.data.get("collective_record") or not office_settings.value("collective_decision", context.on):
        return []
    return [context.refuse("M29", f"“{act.title}”属重大决定,须写明集体讨论记录。")]


def _reviewed(act: Act, context: Context) -> list[Refusal]:
    handler, reviewer = context.actor, context.reviewer
    if reviewer is None or reviewer.user_id == handler.user_id:
        return [context.refuse("M29", f"“{act.title}”须由经办人提出、另一名复核人签署,不得为同一人。")]
    if reviewer.office_id != handler.office_id or not reviewer.may_review:
        return [Refusal("permission", "复核人须为同一机构有复核权限的人员。")]
    return []


def _next_record_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('casework_actrecord', 'id'))")
        return cursor.fetchone()[0]


def _record(context: Context, before: str, after: str) -> ActRecord:
    subject, actor, reviewer = context.subject, context.actor, context.reviewer
    about = _about(subject)
    return ActRecord.objects.create(
        id=context.record_id,
        word=context.act.word,
        title=context.act.title,
        case_label=about["label"],
        case_id=about["id"],
        institution_id=context.institution.pk if context.institution is not None else None,
        on=context.on,
        at=context.at,
        role=actor.role,
        office_id=actor.office_id,
        office_name=actor.office_name,
        user_id=actor.user_id,
        user_name=actor.user_name,
        reviewer_id=reviewer.user_id if reviewer and context.act.signatures > 1 else None,
        reviewer_name=reviewer.user_name if reviewer and context.act.signatures > 1 else "",
        by_system=actor.is_system,
        before=before,
        after=after,
        data=context.log,
        request_id=request_id.get(),
        version=about["version"] or 0,
    )


def _about(subject: Any) -> dict[str, Any]:
    """Which case an act is about; correcting a record, and serving a paper, is about the record's or the paper's case."""
    if subject is None:
        return {"label": "", "id": None, "version": None}
    if isinstance(subject, ActRecord):
        return {"label": subject.case_label, "id": subject.case_id, "version": subject.version}
    if isinstance(subject, Document) and subject.case_id is not None:
        return {"label": subject.case_label, "id": subject.case_id, "version": None}
    return {"label": subject._meta.model_name, "id": subject.pk, "version": getattr(subject, "version", None)}


def _issue(context: Context) -> list[Any]:
    issued = []
    about = _about(context.subject)
    for paper in context.papers:
        document = issue(
            paper.number,
            issuer=paper.issuer,
            institutions=paper.institutions,
            on=context.on,
            data=paper.data,
            recipient=paper.recipient,
            case_label=about["label"],
            case_id=about["id"],
            act_id=context.record_id,
            supersedes=paper.supersedes,
            handler=context.actor.user_name,
            reviewer=context.reviewer.user_name if context.reviewer and context.act.signatures > 1 else "",
        )
        if paper.then:
            paper.then(document)
        issued.append(document)
    return issued


def catch_up(subject: Any) -> bool:
    """Bring a locked case's stored state up to its derived one; logged as the system's, dated as due (R7). Whether it moved."""
    if not isinstance(subject, Case):
        return False
    case: Any = subject
    before = getattr(case, "state", "")
    moved = case.catch_up(clock.today())
    if moved is None:
        return False
    record = catching_up.moved(case, before, *moved)
    case.save()
    record.save()
    case.follow_calendar(clock.today())
    return True


def bring_up_to_date(model: Any, pk: int) -> Any:
    """What a timer does when a date has passed: lock the case, catch up, return it."""
    with transaction.atomic():
        case = model._default_manager.filter(pk=pk).first()
        if case is None:
            return None
        locks.take(set(case.institution_ids()), set())
        case = model._default_manager.select_for_update(of=("self",)).get(pk=pk)
        catch_up(case)
        return case


def _stale(subject: Any) -> Stale:
    last = ActRecord.objects.filter(case_label=subject._meta.model_name, case_id=subject.pk).order_by("-id").first()
    return Stale(last.who if last else "其他人员", last.title if last else "变更", last.at if last else None)


def _loggable(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    kept = {}
    for name, value in cleaned.items():
        if hasattr(value, "_meta"):
            kept[name] = value.pk
        elif hasattr(value, "chunks"):
            kept[name] = value.name
        elif hasattr(value, "model"):
            kept[name] = [row.pk for row in value]
        else:
            kept[name] = value
    return kept


def _constraint_sentence(error: IntegrityError) -> str:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    return constraint_messages.get(name, "该事项刚刚被其他人办理,请刷新后核对。")


__all__ = ["Outcome", "RowResult", "bring_up_to_date", "catch_up", "constraint_messages", "perform", "perform_many"]
