"""Service of documents to an institution online: its signed consent, and its confirmation of each receipt (documents.md, Service)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm
from casework.models import ActRecord
from casework.refusals import Refusal, Refused
from casework.serving import follow, moved_by
from documents.catalogue import CATALOGUE
from documents.models import Document
from documents.service import Method, NotServed, record_service
from institutions.models import Institution

# Kinds that are addressed to the institution itself; what everybody may read (lists) needs no receipt.
ADDRESSED = [number for number, kind in CATALOGUE.items() if "institution" in kind.readers and "public" not in kind.readers]
READABLE = [number for number, kind in CATALOGUE.items() if "institution" in kind.readers]


def documents_of(institution_id: int) -> QuerySet[Document]:
    """The papers about an institution that it may read, newest first."""
    return Document.objects.filter(subjects__institution_id=institution_id, catalogue__in=READABLE).order_by("-id")


def receipts(institution_id: int, document_ids: Iterable[int]) -> dict[int, ActRecord]:
    """Which of these papers the institution has confirmed, and the record that says who and when. One query."""
    rows = ActRecord.objects.filter(institution_id=institution_id, word=ConfirmReceipt.word, data__document__in=list(document_ids))
    return {row.data["document"]: row for row in rows}


def unconfirmed(institution_id: int) -> QuerySet[Document]:
    """Papers addressed to the institution that still stand and that nobody there has confirmed yet."""
    done = ActRecord.objects.filter(institution_id=institution_id, word=ConfirmReceipt.word).values_list("data__document", flat=True)
    waiting = documents_of(institution_id).filter(catalogue__in=ADDRESSED, voided_at__isnull=True)
    return waiting.exclude(pk__in=[int(pk) for pk in done])


class ConsentForm(ActForm):
    signer = forms.CharField(label="签字人", max_length=80, help_text="法定代表人,或者法定代表人书面授权的人。")
    agree = forms.BooleanField(label="本机构同意医保经办机构通过定点通送达文书,文书到达本机构账户之日即为送达之日;本机构负责及时查看。")


@register
class ConsentOnline(Act):
    """Agree to be served online: from that day a paper counts as served when it reaches the account."""

    word = "consent_online_service"
    title = "同意线上送达"
    subject = Institution
    clauses = ("M35",)
    roles = ("institution",)
    form = ConsentForm

    def available(self, subject: Institution) -> bool:
        return subject.office is not None and subject.office.online_service_consent_on is None

    def guard(self, context: Context) -> Iterable[Refusal]:
        office = context.subject.office
        if office is None:
            yield Refusal("state", "本机构还没有开通账户。")
        elif office.online_service_consent_on is not None:
            yield Refusal("state", f"已于{office.online_service_consent_on}同意线上送达。")

    def effect(self, context: Context) -> None:
        office = context.subject.office
        office.online_service_consent_on = context.on
        office.save(update_fields=["online_service_consent_on"])
        context.log = {"signer": context.data["signer"], "from_on": context.on}


class WithdrawForm(ActForm):
    signer = forms.CharField(label="签字人", max_length=80)


@register
class WithdrawConsent(Act):
    """Take the consent back: papers issued later are served in another way; what was served stays served."""

    word = "withdraw_online_service"
    title = "撤回线上送达同意"
    subject = Institution
    clauses = ("M35",)
    roles = ("institution",)
    form = WithdrawForm
    grave = True

    def available(self, subject: Institution) -> bool:
        return subject.office is not None and subject.office.online_service_consent_on is not None

    def guard(self, context: Context) -> Iterable[Refusal]:
        if not self.available(context.subject):
            yield Refusal("state", "本机构没有同意过线上送达。")

    def effect(self, context: Context) -> None:
        office = context.subject.office
        office.online_service_consent_on = None
        office.save(update_fields=["online_service_consent_on"])


class ReceiptForm(ActForm):
    document = forms.ModelChoiceField(Document.objects.all(), label="文书")


@register
class ConfirmReceipt(Act):
    """Confirm that a paper has been received. With consent in force, and no proof of service yet, this makes the proof."""

    word = "confirm_receipt"
    title = "签收文书"
    subject = Institution
    clauses = ("M35",)
    roles = ("institution",)
    form = ReceiptForm

    def institutions(self, subject: Institution, data: dict[str, Any]) -> set[int]:
        chosen = str(getattr(data.get("document"), "pk", data.get("document")))
        document = Document.objects.filter(pk=int(chosen)).first() if chosen.isdecimal() and len(chosen) < 10 else None
        return super().institutions(subject, data) | (moved_by(document) if document is not None else set())

    def available(self, subject: Institution) -> bool:
        return unconfirmed(subject.pk).exists()

    def guard(self, context: Context) -> Iterable[Refusal]:
        document = context.data["document"]
        if document.catalogue not in ADDRESSED or not document.subjects.filter(institution_id=context.subject.pk).exists():
            yield Refusal("permission", "该文书不是送达本机构的。")
        elif document.voided_at is not None:
            yield Refusal("state", "该文书已作废,以代替它的文书为准。")
        elif receipts(context.subject.pk, [document.pk]):
            yield Refusal("state", "该文书已签收。")
        elif consent_of(context.subject) is None:
            yield Refusal("state", "本机构尚未同意线上送达,不能在线签收;文书另以其他方式送达。")

    def effect(self, context: Context) -> None:
        document, consent = context.data["document"], consent_of(context.subject)
        context.log = {"document": document.pk, "number": document.number}
        if document.proofs.filter(voided_at__isnull=True).exists():
            return
        # Served on the day it reached the account under a consent, not on the day somebody looked (documents.md).
        try:
            proof = record_service(
                [document], method=Method.ONLINE, on=max(document.issued_on, consent), by=document.issuer.name, act_id=context.record_id,
                recipient=context.actor.user_name[:80], relation="本机构人员", remark=f"{context.at:%Y-%m-%d %H:%M}在线签收",
            )  # fmt: skip
        except NotServed as error:
            raise Refused([Refusal("state", str(error))]) from error
        follow(context, [document], proof.served_on)


def consent_of(institution: Institution) -> Any:
    """The day the institution agreed to be served online; None while it has not."""
    return institution.office.online_service_consent_on if institution.office is not None else None
