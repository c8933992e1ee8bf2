"""Proof of service for any paper an office has issued: in person, by post, left, announced (documents.md, paper 43)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet

from casework.acts import Act, register
from casework.context import Context
from casework.facts import SERVICE_PROVED, service_day
from casework.inputs import ActForm
from casework.models import ActRecord, Fact
from casework.refusals import Refusal
from casework.void import case_of, facts_of, reached_by, realign
from documents.models import Document, DocumentSubject, ProofOfService
from documents.service import Method, issue_proof, problem, record_service
from documents.uploads import Unfit, check_file

# Number of a paper → kinds of facts that count from its service; filled in by the apps that own the facts.
counted_from: dict[int, set[str]] = {}


def counts_from_service(number: int, *kinds: str) -> None:
    """What the act that issued this paper recorded counts from the day on the proof of service (R2, R11, M9.7)."""
    counted_from.setdefault(number, set()).update(kinds)


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
    evidence = forms.FileField(label="照片或回执", required=False, help_text="PDF、PNG 或 JPEG，不超过20兆。")
    also = forms.ModelMultipleChoiceField(
        Document.objects.none(), label="同时送达的其他文书", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["also"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        if self.subject is not None:
            field.queryset = unserved_beside(self.subject)

    def clean_evidence(self) -> Any:
        upload = self.cleaned_data["evidence"]
        if upload:
            try:
                check_file(upload)
            except Unfit as error:
                raise forms.ValidationError(str(error)) from error
        return upload


def moved_by(document: Document) -> set[int]:
    """Where something counts from a paper's service: the institutions that the act which issued it reached."""
    record = ActRecord.objects.filter(pk=document.act_id or 0).first() if document.catalogue in counted_from else None
    return reached_by(facts_of(record)) if record is not None else set()


def unserved_beside(document: Document) -> QuerySet[Document]:
    """What one proof can cover with a paper: other papers of the same office to the same addressee, about the same one institution."""
    about = document.institution_id
    if about is None:
        return Document.objects.none()
    others = DocumentSubject.objects.filter(document=OuterRef("pk")).exclude(institution_id=about)
    proofs = ProofOfService.objects.filter(documents=OuterRef("pk"), voided_at__isnull=True)
    rows = Document.objects.filter(issuer_id=document.issuer_id, recipient=document.recipient, voided_at__isnull=True)
    rows = rows.filter(subjects__institution_id=about).exclude(pk=document.pk).exclude(catalogue=43)
    return rows.filter(~Exists(others), ~Exists(proofs)).order_by("id")


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
    writes = (SERVICE_PROVED,)

    def institutions(self, subject: Document, data: dict[str, object]) -> set[int]:
        about = set(DocumentSubject.objects.filter(document=subject).values_list("institution_id", flat=True))
        return about | moved_by(subject)

    def available(self, subject: Document) -> bool:
        return subject.voided_at is None and not subject.proofs.filter(voided_at__isnull=True).exists()

    def guard(self, context: Context) -> Iterable[Refusal]:
        data = context.data
        if context.subject.issuer_id != context.actor.office_id:
            yield Refusal("permission", "只能登记本机构制发的文书的送达。")
        about = set(DocumentSubject.objects.filter(document=context.subject).values_list("institution_id", flat=True))
        recipient = context.subject.recipient or context.subject.institution_name
        complaint = problem(
            data["method"], about, data["on"], witness=data["witness"], evidence=data["evidence"],
            documents=[context.subject, *data["also"]], addressee=recipient,
        )  # fmt: skip
        if complaint:
            yield Refusal("state", complaint)

    def effect(self, context: Context) -> None:
        details = {name: value for name, value in context.data.items() if name != "also"}
        papers = [context.subject, *context.data["also"]]
        by = context.actor.user_name or context.actor.office_name
        proof = record_service(papers, by=by, act_id=context.record_id, **details)
        assert context.office is not None
        issue_proof(proof, issuer=context.office, on=context.on, handler=context.actor.user_name, act_id=context.record_id)
        context.log["document"] = "、".join(f"《{each.title}》{each.number}" for each in papers)
        del context.log["also"]
        follow(context, papers, proof.served_on)


def follow(context: Context, documents: Sequence[Document], served_on: date) -> None:
    """Let what counts from the service of these papers count from this day; nothing is written where it does already."""
    cases: dict[tuple[str, int], Any] = {}
    for document in documents:
        for fact, case in _counting(document):
            if service_day(fact.plain()) == served_on:
                continue
            case = cases.setdefault((case.label, case.pk), case)
            context.fact(SERVICE_PROVED, served_on, case, of=fact.pk, document=document.pk)
    for case in cases.values():
        realign(case, context)


def _counting(document: Document) -> list[tuple[Fact, Any]]:
    """The facts, still standing and each with its case, of the act that issued a paper, as far as they count from its service."""
    kinds = counted_from.get(document.catalogue)
    if kinds is None or document.act_id is None:
        return []
    about = set(DocumentSubject.objects.filter(document=document).values_list("institution_id", flat=True))
    found: list[Fact] = []
    for model in Fact.__subclasses__():
        found += model._default_manager.filter(act_id=document.act_id, kind__in=kinds, voided_at__isnull=True)
    pairs = [(fact, case_of(fact)) for fact in found]
    return [(fact, case) for fact, case in pairs if case is not None and case.institution_id in about]
