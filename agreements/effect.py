"""The day a decision takes effect follows the proof that its paper was served: not before that day (R5, R10).

A paper is presumed served on the day it is issued. A proof with a later day moves the first day out and what the decision bars; a later
day that was stated is moved only by a service after it. The branches of a chain go the same day as the store whose decision reaches
them (R10): the day moves with paper 34, and a proof for their own paper 35 moves their remedies alone.
"""

from __future__ import annotations

from datetime import date

from agreements.models import AgreementFact
from casework.acts import when_done
from casework.context import Context
from casework.facts import EFFECT_MOVED, day_of
from documents.models import ProofOfService
from standing.recording import move_effect

# Paper → the fact of its act that takes effect with its service.
TAKES_EFFECT = {29: "termination_decided", 34: "terminated"}


@when_done("serve_document", "confirm_receipt")
def move(context: Context) -> None:
    """Nothing is written where the decision takes effect later all the same."""
    for proof in ProofOfService.objects.filter(act_id=context.record_id):
        for document in proof.documents.filter(catalogue__in=TAKES_EFFECT, act_id__isnull=False):
            facts = AgreementFact.objects.filter(act_id=document.act_id, kind=TAKES_EFFECT[document.catalogue], voided_at__isnull=True)
            moved = [fact for fact in facts.select_related("agreement__institution") if proof.served_on > _stated(fact)]
            for fact in moved:
                context.fact(EFFECT_MOVED, proof.served_on, fact.agreement, of=fact.pk, document=document.pk)
                days = f"解除自送达之日{proof.served_on}起生效(原为{_stated(fact)})"
                context.warn(f"{fact.agreement.institution.name}的协议{fact.agreement.number}:{days}。")
            if moved and document.act_id is not None:
                move_effect(context, document.act_id, proof.served_on, document=document.pk)


def _stated(fact: AgreementFact) -> date:
    """The day it was to take effect; one that was refused takes none."""
    if fact.kind == "terminated":
        return fact.on
    stated = day_of(fact.data.get("effective"))
    return stated if stated is not None and fact.data.get("granted") else date.max
