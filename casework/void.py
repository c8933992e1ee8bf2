"""A clerk's honest mistake is corrected by an act with reason and second signature, never by deletion.

All facts that the mistaken act wrote are voided together; derived dates and bans follow by themselves. If later facts have
lost their ground the correction is refused and names what must be corrected first. Papers are replaced by papers; a paper that
several rows share stands for the others, and a correcting paper names only the row taken out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.apps import apps
from django.db.models import QuerySet

from casework.acts import Act, register, registry
from casework.context import Context
from casework.inputs import ActForm
from casework.models import ActRecord, Case, Fact
from casework.refusals import Impossible, Refusal, Refused
from documents import sharing
from documents.issuing import void as void_document
from documents.models import Document, DocumentSubject, ProofOfService
from documents.service import void_service


class VoidForm(ActForm):
    reason = forms.CharField(label="更正理由", widget=forms.Textarea, max_length=1000)


@register
class Void(Act):
    """Void what one act recorded, by the office that did it."""

    word = "void"
    title = "更正(作废)"
    subject = ActRecord
    clauses = ("M29",)
    roles = ("city_agency", "district_agency", "city_bureau")
    signatures = 2
    form = VoidForm
    grave = True

    def institutions(self, subject: ActRecord, data: dict[str, Any]) -> set[int]:
        """Those of the record, those whose papers it says were served, and all that it recorded something about."""
        served = DocumentSubject.objects.filter(document__in=Document.objects.filter(proofs__in=proofs_of(subject)))
        recorded = reached_by(facts_of(subject))
        return {*subject.institution_ids(), *served.values_list("institution_id", flat=True), *recorded}

    def available(self, subject: ActRecord) -> bool:
        return bool(facts_of(subject)) or proofs_of(subject).exists()

    def guard(self, context: Context) -> Iterable[Refusal]:
        if not self.available(context.subject):
            yield Refusal("state", f"“{context.subject.title}”没有可更正的记录,或已经更正。")

    def effect(self, context: Context) -> None:
        record, reason = context.subject, context.data["reason"]
        context.log = {"voided": record.pk, "title": record.title, "reason": reason}
        undo(context, record, reason)


def undo(context: Context, record: ActRecord, reason: str, about: int | None = None) -> None:
    """Void the facts of one act, let the cases follow, answer its papers by papers; with ``about`` only what concerns one institution."""
    cases: dict[tuple[str, int], Any] = {}
    for fact in [*facts_of(record), *by_service_of(record)]:
        case = case_of(fact)
        if about is not None and about != getattr(case or fact, "institution_id", about):
            continue
        fact.voided_at, fact.voided_by_id = context.at, context.record_id
        fact.save(update_fields=["voided_at", "voided_by"])
        if case is not None:
            cases[(case._meta.model_name, case.pk)] = case
    for case in cases.values():
        realign(case, context)
    for proof in proofs_of(record):
        void_service(proof, reason)
    papers = Document.objects.select_for_update().filter(sharing.listing(record.pk, record.institution_id), voided_at__isnull=True)
    for document in papers.order_by("pk"):
        rows = sharing.rows_of(document)
        if rows:
            _take_out(context, document, rows, _undone(document, record, about, cases), reason)
        elif about is None or _concerned(document) == [about]:
            void_document(document, reason)
            _answer(context, document, _concerned(document), annulled=reason)


def reached_by(facts: Iterable[Fact]) -> set[int]:
    """The institutions that facts are about: their own, or those of their case and of what follows it."""
    found: set[int | None] = set()
    for fact in facts:
        case = next((getattr(fact, field.name) for field in fact._meta.get_fields() if _is_case(field)), None)
        found |= set(case.institution_ids()) if case is not None else {getattr(fact, "institution_id", None)}
    return {each for each in found if each is not None}


def resting_on(record: ActRecord) -> list[ActRecord]:
    """Later acts about what an act opened (their facts name it by ``of``), and about what those opened: the latest first."""
    acts: set[int] = set()
    opened = [(case, fact) for fact in facts_of(record) if (case := case_of(fact)) is not None]
    while opened:
        case, fact = opened.pop()
        later = list(case.facts.filter(data__of=fact.pk, voided_at__isnull=True).exclude(act=record))
        acts |= {each.act_id for each in later}
        opened += [(case, each) for each in later]
    return list(ActRecord.objects.filter(pk__in=acts).order_by("-pk"))


def _undone(document: Document, record: ActRecord, about: int | None, cases: dict[tuple[str, int], Any]) -> list[dict[str, Any]]:
    """The rows of a shared list that rest on what has just been voided."""
    own = [row for row in sharing.rows_of(document) if row["act"] == record.pk]
    return [row for row in own if about is None or (document.case_label, row["case"]) in cases]


def _take_out(context: Context, document: Document, rows: list[dict[str, Any]], gone: list[dict[str, Any]], reason: str) -> None:
    """Answer a list that several rows share: it stands for those whose act stands, a paper names only the rows taken out."""
    if not gone:
        return
    concerned = _concerned(document)
    cases = _institutions_of(document, gone)
    about = [pk for pk in concerned if pk in cases]
    if _standing({row["act"] for row in rows}):
        _answer(context, document, about, institutions=gone, taken_out=reason)
        return
    void_document(document, reason)
    _answer(context, document, about, institutions=gone, annulled=reason)


def _answer(context: Context, document: Document, about: list[int], **changed: Any) -> None:
    data = {name: value for name, value in document.data.items() if name != "paper"} | changed
    context.issue(document.catalogue, data, issuer=document.issuer, recipient=document.recipient, about=about, supersedes=document)


def _concerned(document: Document) -> list[int]:
    return list(document.subjects.values_list("institution_id", flat=True))


def _institutions_of(document: Document, rows: list[dict[str, Any]]) -> set[int]:
    """The institutions of the cases that rows of a list are about."""
    model: Any = next(each for each in apps.get_models() if issubclass(each, Case) and each._meta.model_name == document.case_label)
    return set(model._default_manager.filter(pk__in=[row["case"] for row in rows]).values_list("institution_id", flat=True))


def _standing(acts: set[int]) -> bool:
    """Whether anything that one of these acts recorded still stands."""
    return any(model._default_manager.filter(act_id__in=acts, voided_at__isnull=True).exists() for model in Fact.__subclasses__())


def facts_of(record: ActRecord) -> list[Fact]:
    """Facts that an act recorded and that still stand, whatever the app."""
    found: list[Fact] = []
    for model in Fact.__subclasses__():
        found += model._default_manager.filter(act_id=record.pk, voided_at__isnull=True)
    return found


def proofs_of(record: ActRecord) -> QuerySet[ProofOfService]:
    """Proofs of service that an act recorded and that still stand."""
    return ProofOfService.objects.filter(act_id=record.pk, voided_at__isnull=True)


def by_service_of(record: ActRecord) -> list[Fact]:
    """What the service of an act's papers, recorded by later acts, has set going: it stands and falls with the papers."""
    proofs = ProofOfService.objects.filter(documents__act_id=record.pk, voided_at__isnull=True).exclude(act_id=record.pk)
    served = list(proofs.values_list("act_id", flat=True))
    papers = list(Document.objects.filter(act_id=record.pk).values_list("pk", flat=True)) if served else []
    found: list[Fact] = []
    for model in Fact.__subclasses__() if served else ():
        found += model._default_manager.filter(act_id__in=served, data__document__in=papers, voided_at__isnull=True)
    return found


def case_of(fact: Fact) -> Any:
    """The case whose state follows from a fact; None for facts of an institution or a person."""
    for field in fact._meta.get_fields():
        if _is_case(field):
            rows: Any = field.related_model
            return rows._default_manager.select_for_update(of=("self",)).get(pk=getattr(fact, f"{field.name}_id"))
    return None


def _is_case(field: Any) -> bool:
    related = getattr(field, "related_model", None)
    return isinstance(related, type) and issubclass(related, Case) and bool(field.many_to_one)


def realign(case: Any, context: Context) -> None:
    """Let a case's stored state follow its facts again. Raises Refused when later facts have lost their ground."""
    try:
        derived = case.derived(context.on)
    except Impossible as lost:
        later = next((act.title for act in registry.values() if lost.kind in getattr(act, "writes", ())), lost.kind)
        raise Refused([Refusal("state", f"其后的“{later}”以此为依据,请先更正其后的办理。")]) from None
    if derived != case.state:
        case.correct(derived)
    case.save()
    context.touch(case)
