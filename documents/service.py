"""Service of documents (送达): clocks "from service" start on the day recorded here, never on a document's own date.

``problem`` says in words why a service cannot be recorded, for the guard of an act; ``record_service`` records it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from typing import Any

from django.db import transaction

from deadlines import clock
from documents.issuing import issue
from documents.models import Document, DocumentSubject, ProofOfService, ServedDocument
from offices.models import Office, Role

ANNOUNCEMENT_DAYS = 30
PRINTED = (
    "method",
    "delivered_on",
    "served_on",
    "served_by",
    "addressee",
    "place",
    "recipient",
    "relation",
    "witness",
    "reason",
    "remark",
    "receipt",
    "consent",
)
Method = ProofOfService.Method


class NotServed(ValueError):
    """The service cannot be recorded; the message is for people."""


def served_on_day(method: str, on: date) -> date:
    """The day that counts as day of service: public announcement takes 30 days, every other method its own day."""
    return on + timedelta(days=ANNOUNCEMENT_DAYS) if method == Method.ANNOUNCEMENT else on


def consent_of(institutions: Iterable[int], on: date) -> str:
    """The signed consents to service online that hold on a day, as a proof names them; empty unless all have signed."""
    wanted = set(institutions)
    signed = dict(
        Office.objects.filter(role=Role.INSTITUTION, active=True, institution__in=wanted, online_service_consent_on__lte=on).values_list(
            "institution", "online_service_consent_on"
        )
    )
    if not wanted or set(signed) != wanted:
        return ""
    return "、".join(sorted({f"{day.year}年{day.month}月{day.day}日签署的电子送达确认书" for day in signed.values() if day}))


def problem(
    method: str,
    institutions: Iterable[int],
    on: date,
    *,
    consent: str = "",
    witness: str = "",
    evidence: Any = None,
    documents: Sequence[Document] = (),
    addressee: str = "",
) -> str:
    """Why documents cannot be served on institutions this way on a day; empty if they can."""
    if method not in Method.values:
        return "没有这种送达方式。"
    if on > clock.today():
        return "送达日期不能晚于今天。"
    if method == Method.ONLINE and not (consent or consent_of(institutions, on)):
        return "受送达人没有签署电子送达确认书，不能电子送达；请改用其他送达方式，或者先由其签署确认书。"
    if method == Method.LEFT and not (witness or evidence):
        return "留置送达须有见证人，或者附照片、录像。"
    for document in documents:
        if document.voided_at is not None:
            return f"文书 {document.number} 已作废，不能送达。"
        if on < document.issued_on:
            return f"送达日期早于文书 {document.number} 的成文日期。"
        standing = document.proofs.filter(voided_at__isnull=True, addressee=addressee).first()
        if standing is not None:
            return f"文书 {document.number} 已于{standing.served_on}送达{addressee}。"
    return ""


def record_service(
    documents: Sequence[Document],
    *,
    method: str,
    on: date,
    by: str,
    addressee: str = "",
    at: time | None = None,
    place: str = "",
    recipient: str = "",
    relation: str = "",
    witness: str = "",
    reason: str = "",
    remark: str = "",
    receipt: str = "",
    evidence: Any = None,
    consent: str = "",
    act_id: int | None = None,
) -> ProofOfService:
    """Record one service of one or several documents. ``on``: the day handed over, on the postal receipt, or of the announcement.

    Raises NotServed where ``problem`` finds one. The addressee is the first document's unless another is named.
    """
    if not documents:
        raise NotServed("没有要送达的文书。")
    addressee = addressee or documents[0].recipient or documents[0].institution_name
    about = list(DocumentSubject.objects.filter(document__in=documents).values_list("institution_id", flat=True).distinct())
    consent = consent or (consent_of(about, on) if method == Method.ONLINE else "")
    complaint = problem(
        method,
        about,
        on,
        consent=consent,
        witness=witness,
        evidence=evidence,
        documents=documents,
        addressee=addressee,
    )
    if complaint:
        raise NotServed(complaint)
    with transaction.atomic():
        proof = ProofOfService.objects.create(
            method=method,
            delivered_on=on,
            delivered_time=at,
            served_on=served_on_day(method, on),
            served_by=by,
            addressee=addressee,
            place=place,
            recipient=recipient,
            relation=relation,
            witness=witness,
            reason=reason,
            remark=remark,
            receipt=receipt,
            evidence=evidence or "",
            evidence_digest=_digest(evidence),
            consent=consent,
            act_id=act_id,
        )
        ServedDocument.objects.bulk_create(ServedDocument(proof=proof, document=document) for document in documents)
    return proof


def void_service(proof: ProofOfService, reason: str) -> None:
    """Declare a proof void (wrong address, wrong day); the right one is recorded anew and clocks follow it."""
    proof.voided_at, proof.void_reason = clock.now(), reason
    proof.save(update_fields=["voided_at", "void_reason"])


def served_on(document: Document) -> date | None:
    """The day from which a document's periods count; None while it is not served."""
    return document.proofs.filter(voided_at__isnull=True).order_by("served_on").values_list("served_on", flat=True).first()


def issue_proof(proof: ProofOfService, *, issuer: Office, on: date, handler: str = "", act_id: int | None = None) -> Document:
    """Issue document 43 for a proof, whatever the number of documents it covers."""
    documents = list(proof.documents.order_by("id"))
    about = list(DocumentSubject.objects.filter(document__in=documents).values_list("institution_id", flat=True).distinct())
    facts: dict[str, Any] = {name: getattr(proof, name) for name in PRINTED}
    facts |= {
        "method_title": proof.get_method_display(),
        "time": f"{proof.delivered_time:%H:%M}" if proof.delivered_time else "",
        "evidence": bool(proof.evidence),
    }
    data = {"proof": facts, "documents": [{"number": each.number, "title": each.title} for each in documents]}
    return issue(
        43,
        issuer=issuer,
        institutions=about,
        on=on,
        data=data,
        recipient=proof.addressee,
        case_label=proof._meta.model_name or "",
        case_id=proof.pk,
        act_id=act_id,
        handler=handler,
    )


def _digest(file: Any) -> str:
    if not file:
        return ""
    file.seek(0)
    digest = hashlib.sha256(file.read()).hexdigest()
    file.seek(0)
    return digest
