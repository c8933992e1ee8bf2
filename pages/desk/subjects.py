"""What an act is done to, by the name in the address. Whoever may not see it gets 404 (M3)."""

from typing import Any

from django.http import Http404
from django.urls import reverse

from casework.acts import registry
from casework.models import ActRecord, Case
from deadlines import clock
from documents.access import visible_to as documents_visible_to
from documents.models import Document
from offices.actors import Actor
from pages.desk.gate import READERS

TITLES = {
    "application": "申请",
    "agreement": "协议",
    "suspension": "中止",
    "termination_case": "解除立案",
    "termination_request": "申请解除",
    "renewal": "续签",
    "change": "变更",
    "dispute": "争议",
    "institution": "机构",
    "person": "人员",
    "actrecord": "办理记录",
    "document": "文书",
    "": "设置",
}
PAGES = {
    "application": "desk:application",
    "agreement": "desk:agreement",
    "dispute": "desk:dispute",
    "institution": "desk:institution",
    "person": "desk:person",
}


def label_of(subject: Any) -> str:
    """The name of a kind of subject in addresses, proposals and the log; empty where an act has no case."""
    return subject._meta.model_name if subject is not None else ""


def model_of(label: str) -> Any:
    """The model behind a label, from the registry. Raises Http404."""
    for act in registry.values():
        if act.subject is not None and act.subject._meta.model_name == label:
            return act.subject
    raise Http404


def find(label: str, pk: int, actor: Actor) -> Any:
    """The subject if this actor may see it, its state as the dates make it today (R7). Raises Http404."""
    rows = model_of(label)._default_manager
    if label == "document":
        rows = documents_visible_to(actor)
    elif hasattr(rows, "visible_to"):
        rows = rows.visible_to(actor)
    elif actor.role not in READERS:
        raise Http404
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return as_of_today(found)


def as_of_today(subject: Any) -> Any:
    """Brings the copy in memory up to its derived state, as the door would; nothing is written."""
    if isinstance(subject, Case):
        subject.catch_up(clock.today())
    return subject


def version_of(word: str, subject: Any) -> int:
    """What a form must still find when it comes back: the case's version, else the last entry of the log about it."""
    version = getattr(subject, "version", None)
    if version is not None and not isinstance(subject, ActRecord):
        return int(version)
    rows = ActRecord.objects.filter(word=word, case_label="")
    if isinstance(subject, ActRecord):
        rows = ActRecord.objects.filter(case_label=subject.case_label, case_id=subject.case_id)
    elif isinstance(subject, Document):
        return subject.proofs.order_by("-id").values_list("id", flat=True).first() or 0
    elif subject is not None:
        rows = ActRecord.objects.filter(case_label=label_of(subject), case_id=subject.pk)
    return rows.order_by("-id").values_list("id", flat=True).first() or 0


def address(subject: Any) -> str:
    """The page of a subject; of a record of the log, the page of its case."""
    if isinstance(subject, ActRecord | Document):
        return address_by(subject.case_label, subject.case_id)
    return address_by(label_of(subject), subject.pk) if subject is not None else reverse("desk:settings")


def address_by(label: str, pk: int | None) -> str:
    if label not in PAGES or pk is None:
        return reverse("desk:settings")
    return reverse(PAGES[label], args=[pk])


def name_of(subject: Any) -> str:
    """How a page calls the subject."""
    if subject is None:
        return ""
    if isinstance(subject, ActRecord):
        return f"{subject.on} 办理的“{subject.title}”"
    institution = getattr(subject, "institution", None)
    return f"{institution.name} {subject}" if institution is not None else str(subject)
