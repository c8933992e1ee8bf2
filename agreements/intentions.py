"""Who has been told what is intended, and whether everybody has been heard (M38.6, documents.md 25)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from agreements.grounds import CASCADE
from agreements.matters import Intention
from agreements.models import Agreement, AgreementFact
from agreements.term import Term
from casework.refusals import Refusal
from documents.citations import place
from documents.models import Document

MEASURES = {"suspend": "中止医保协议", "terminate": "解除医保协议", "suspend_part": "中止责任人员或科室医保结算"}


def waiting(term: Term, act: str, origin: int | None = None) -> Intention | None:
    """The intention told for an act that still waits for its decision; ``origin``: the one told because of that agreement (P40(14))."""
    return next((each for each in reversed(term.intentions) if each.act == act and each.origin == origin and each.waits), None)


def untold(origin: Agreement, branches: Iterable[Agreement]) -> list[Agreement]:
    """The agreements of branches that were not told that the termination of ``origin`` is to reach them (R10)."""
    rows = list(branches)
    told = {each.institution_id for each in rows if waiting(each.term(), "terminate", origin.pk) is not None}
    return [each for each in rows if each.institution_id not in told]


def told_with(origin: Agreement) -> QuerySet[AgreementFact]:
    """What told other stores of the chain that the termination of ``origin`` is to reach them."""
    chain = origin.institution.chain_id
    told = AgreementFact.objects.filter(kind="intended", data__origin=origin.pk, voided_at__isnull=True)
    return told.filter(agreement__institution__chain=chain) if chain is not None else told.none()


def unheard(agreement: Agreement, act: str, day: date) -> Iterable[Refusal]:
    """No adverse decision before the institution was heard or let its days pass."""
    intention = waiting(agreement.term(), act)
    if intention is None:
        yield Refusal("state", f"作出“{MEASURES[act]}”的决定之前,须先发拟处理告知书。")
    else:
        yield from _still_to_speak(agreement, intention, day)


def branches_unheard(origin: Agreement, branches: Iterable[Agreement], day: date) -> Iterable[Refusal]:
    """Every branch that the decision will reach was told of it and has been heard or let its days pass (R10, P40(14))."""
    rows = list(branches)
    names = "、".join(dict.fromkeys(each.institution.name for each in untold(origin, rows)))
    if names:
        where = place(CASCADE, "pharmacy")
        yield Refusal("state", f"依{where}一并解除的{names}尚未收到拟处理告知书,须先向其告知并听取陈述申辩,才能作出决定。")
    for agreement in rows:
        intention = waiting(agreement.term(), "terminate", origin.pk)
        if intention is not None:
            yield from _still_to_speak(agreement, intention, day)


def _still_to_speak(agreement: Agreement, intention: Intention, day: date) -> Iterable[Refusal]:
    if not intention.ready(day):
        yield Refusal("state", f"{agreement.institution.name}的陈述申辩期至{intention.last_day}止,该机构尚未陈述,不能作出决定。")


def procedure(agreement: Agreement, intention: Intention | None) -> dict[str, Any]:
    """What the decision's paper says about notice and hearing."""
    if intention is None:
        return {}
    told = agreement.facts.get(pk=intention.id)
    notice = Document.objects.filter(act_id=told.act_id, catalogue=25).first()
    said = agreement.facts.filter(kind="heard", data__of=intention.id, voided_at__isnull=True).last()
    hearing = {"stated": said.data.get("statement", ""), "on": said.on.isoformat()} if said else {"stated": ""}
    return {"intended": {"number": notice.number if notice else "", "served_on": intention.on.isoformat()}, "hearing": hearing}


def open_intentions(intentions: list[Intention]) -> list[Intention]:
    """Told, not yet answered, not yet decided on or dropped."""
    return [each for each in intentions if each.waits and each.heard_on is None]
