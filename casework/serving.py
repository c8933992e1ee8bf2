"""Proof of service for any paper an office has issued: in person, by post, left, announced (documents.md, paper 43)."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal
from documents.models import Document, DocumentSubject
from documents.service import Method, issue_proof, problem, record_service


class ServiceForm(ActForm):
    method = forms.ChoiceField(label="送达方式", choices=Method.choices)
    on = forms.DateField(label="送达、签收或公告之日")
    at = forms.TimeField(label="时间", required=False)
    place = forms.CharField(label="送达地点", required=False, max_length=200)
    recipient = forms.CharField(label="签收人", required=False, max_length=80)
    relation = forms.CharField(label="与受送达人关系", required=False, max_length=60)
    witness = forms.CharField(label="见证人", required=False, max_length=120)
    reason = forms.CharField(label="拒收或代收事由", required=False, max_length=300)
    receipt = forms.CharField(label="邮件号或公告载体", required=False, max_length=120)
    remark = forms.CharField(label="备注", required=False, max_length=300)


@register
class ServeDocument(Act):
    """Record how and when a paper reached its addressee, and issue the proof of service."""

    word = "serve_document"
    title = "登记送达"
    subject = Document
    clauses = ("M9.6", "M26")
    roles = ("district_agency", "city_agency", "city_bureau")
    form = ServiceForm
    papers = (43,)

    def institutions(self, subject: Document, data: dict[str, object]) -> set[int]:
        return set(DocumentSubject.objects.filter(document=subject).values_list("institution_id", flat=True))

    def available(self, subject: Document) -> bool:
        return subject.voided_at is None and not subject.proofs.filter(voided_at__isnull=True).exists()

    def guard(self, context: Context) -> Iterable[Refusal]:
        data = context.data
        if context.subject.issuer_id != context.actor.office_id:
            yield Refusal("permission", "只能登记本机构制发的文书的送达。")
        about = self.institutions(context.subject, data)
        recipient = context.subject.recipient or context.subject.institution_name
        complaint = problem(data["method"], about, data["on"], witness=data["witness"], documents=[context.subject], addressee=recipient)
        if complaint:
            yield Refusal("state", complaint)

    def effect(self, context: Context) -> None:
        proof = record_service(
            [context.subject], by=context.actor.user_name or context.actor.office_name, act_id=context.record_id, **context.data
        )
        assert context.office is not None
        issue_proof(proof, issuer=context.office, on=context.on, handler=context.actor.user_name, act_id=context.record_id)
