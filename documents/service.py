"""Proof of service (送达): a clock "from service" starts on the day it says, never on the document's date (documents.md)."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from documents.models import Document, ProofOfService, ServedDocument

ANNOUNCEMENT_DAYS = 30
Method = ProofOfService.Method


def served_on(method: str, on: date) -> date:
    """The day on which a service is complete; by announcement the 30th day after it."""
    return on + timedelta(days=ANNOUNCEMENT_DAYS) if method == Method.ANNOUNCEMENT else on


def record_service(
    documents: Sequence[Document], *, method: str, on: date, by: str, act_id: int | None = None, addressee: str = "", **details: str
) -> ProofOfService:
    """One proof for one or several documents; ``details`` are the proof's other fields (place, recipient, witness …)."""
    proof = ProofOfService.objects.create(
        method=method, delivered_on=on, served_on=served_on(method, on), served_by=by or "系统", act_id=act_id,
        addressee=addressee or documents[0].recipient, **details,
    )  # fmt: skip
    ServedDocument.objects.bulk_create(ServedDocument(proof=proof, document=document) for document in documents)
    return proof
