"""Two signatures: the handler prepares an act, a reviewer of the same office signs or returns it (M29)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction

from casework import door
from casework.acts import registry
from casework.models import Proposal
from casework.refusals import Conflict, Missing, Refusal, Refused
from deadlines import clock
from offices.actors import Actor, actor_of

# Stands for whoever will review, while the handler's input is tried out.
ANYBODY = -1


def propose(word: str, subject: Any, *, actor: Actor, data: Mapping[str, Any], version: int | None = None) -> Proposal:
    """Keep an act for review. It is tried first, so that a refusal is told to the handler at once."""
    act = registry[word]
    stand_in = Actor(actor.role, actor.office_id, actor.office_name, actor.district, ANYBODY, "", may_review=True)
    tried = door.perform_many(word, [subject], actor=actor, reviewer=stand_in, data=data, versions=[version], dry_run=True)[0]
    if tried.error is not None:
        raise tried.error
    form = act.form(data, subject=subject)
    try:
        with transaction.atomic():
            return Proposal.objects.create(
                word=word,
                case_label=subject._meta.model_name,
                case_id=subject.pk,
                data=form.raw(),
                institution_id=next(iter(subject.institution_ids()), None) if hasattr(subject, "institution_ids") else None,
                case_version=getattr(subject, "version", 0) or 0,
                office_id=actor.office_id or 0,
                handler_id=actor.user_id or 0,
                made_at=clock.now(),
            )
    except IntegrityError as error:
        raise Conflict(f"“{act.title}”已有一份待复核的办理,请先处理。") from error


def subject_of(proposal: Proposal) -> Any:
    """The case a proposal is about."""
    model = next((act.subject for act in registry.values() if act.subject and act.subject._meta.model_name == proposal.case_label), None)
    return model._default_manager.filter(pk=proposal.case_id).first() if model else None


def handler_of(proposal: Proposal) -> Actor:
    """The handler as the office's person of today; whoever has left it can no longer act for it, so the door refuses."""
    user = apps.get_model("offices.User")._default_manager.get(pk=proposal.handler_id)
    return actor_of(user, proposal.office_id)


def confirm(proposal_id: int, *, actor: Actor) -> door.Outcome:
    """The reviewer signs: the act is done in the handler's name, checked anew. Raises Conflict when another reviewer was faster."""
    with transaction.atomic():
        proposal = _open(proposal_id, actor)
        outcome = door.perform(
            proposal.word, subject_of(proposal), actor=handler_of(proposal), reviewer=actor, data=proposal.data,
            version=proposal.case_version,
        )  # fmt: skip
        _decide(proposal, Proposal.CONFIRMED, actor, "")
        return outcome


def send_back(proposal_id: int, *, actor: Actor, remark: str) -> Proposal:
    """The reviewer returns it to the handler with a remark."""
    with transaction.atomic():
        proposal = _open(proposal_id, actor)
        if not actor.may_review or actor.user_id == proposal.handler_id:
            raise Refused([Refusal("M29", "须由另一名复核人退回。")])
        return _decide(proposal, Proposal.RETURNED, actor, remark)


def take_back(proposal_id: int, *, actor: Actor) -> Proposal:
    """The handler withdraws what is not yet signed."""
    with transaction.atomic():
        proposal = _open(proposal_id, actor)
        if actor.user_id != proposal.handler_id:
            raise Refused([Refusal("permission", "只有经办人可以收回。")])
        return _decide(proposal, Proposal.WITHDRAWN, actor, "")


def _open(proposal_id: int, actor: Actor) -> Proposal:
    proposal = Proposal.objects.select_for_update().filter(pk=proposal_id, office_id=actor.office_id or 0).first()
    if proposal is None:
        raise Missing("没有找到该待复核事项,或您所在机构无权查看。")
    if proposal.state != Proposal.OPEN:
        raise Conflict("该待复核事项已由其他人处理,请刷新后核对。")
    return proposal


def _decide(proposal: Proposal, state: str, actor: Actor, remark: str) -> Proposal:
    proposal.state, proposal.reviewer_id, proposal.decided_at, proposal.remark = state, actor.user_id, clock.now(), remark
    proposal.save(update_fields=["state", "reviewer", "decided_at", "remark"])
    return proposal
