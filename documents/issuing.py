"""Issuing: the number, the frozen data and the digest of a document, inside the act's transaction; rendering comes after it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from deadlines import clock
from deadlines.calendar import WorkingCalendar
from deadlines.loading import working_calendar
from deadlines.periods import Computed, days_after, months_after
from documents import conf
from documents.catalogue import CATALOGUE, TEMPLATE_VERSION, IncompletePaper, Kind, check
from documents.codes import new_code
from documents.models import Document, DocumentSubject
from documents.numbering import next_serials, number_text
from offices import settings as office_settings
from offices.models import DISTRICT_ROLES, Office

_rendering: ContextVar[bool] = ContextVar("documents_rendering", default=True)


@contextmanager
def without_rendering() -> Iterator[None]:
    """No rendering is asked for within; the documents are as valid, and are rendered when somebody opens them."""
    token = _rendering.set(False)
    try:
        yield
    finally:
        _rendering.reset(token)


@dataclass(frozen=True)
class Order:
    """Document ``number`` of the catalogue on a business date; what ``data`` holds is said in ``documents.catalogue``."""

    number: int
    issuer: Office | None
    institutions: Sequence[int]
    on: date
    data: Mapping[str, Any]
    recipient: str = ""
    case_label: str = ""
    case_id: int | None = None
    act_id: int | None = None
    supersedes: Document | None = None
    handler: str | None = None
    reviewer: str | None = None
    at: datetime = field(default_factory=clock.now)


def issue(
    number: int,
    *,
    issuer: Office | None,
    institutions: Sequence[int],
    on: date,
    data: Mapping[str, Any],
    recipient: str = "",
    case_label: str = "",
    case_id: int | None = None,
    act_id: int | None = None,
    supersedes: Document | None = None,
    handler: str | None = None,
    reviewer: str | None = None,
) -> Document:
    """Issue one document.

    Call it in the act's transaction, as the last thing: the number is taken here and a rollback gives it back.
    """
    order = Order(
        number, issuer, institutions, on, data, recipient, case_label, case_id, act_id, supersedes, handler, reviewer
    )  # fmt: skip
    return issue_all([order])[0]


def issue_all(orders: Sequence[Order]) -> list[Document]:
    """Issue documents, numbered in the order given, in a constant number of queries."""
    with transaction.atomic():
        calendar = working_calendar()
        frozen = [_checked(each, calendar) for each in orders]
        wanted = Counter(_series(each) for each in orders)
        serials = next_serials(wanted)
        documents = []
        for each, data in zip(orders, frozen, strict=True):
            series = _series(each)
            documents.append(_document(each, data, serials[series]))
            serials[series] += 1
        Document.objects.bulk_create(documents)
        subjects = [(row, pk) for row, each in zip(documents, orders, strict=True) for pk in dict.fromkeys(each.institutions)]
        DocumentSubject.objects.bulk_create(DocumentSubject(document=row, institution_id=pk) for row, pk in subjects)
    if _rendering.get() and conf.rendering_on():
        transaction.on_commit(lambda: _ask_for_rendering([row.pk for row in documents]))
    return documents


def _series(order: Order) -> tuple[int, int, int]:
    assert order.issuer is not None
    return order.issuer.pk, order.number, order.on.year


def _checked(order: Order, calendar: WorkingCalendar) -> dict[str, Any]:
    """The frozen data of a paper that has all it needs."""
    kind = CATALOGUE[order.number]
    check(kind, order.data)
    if order.issuer is None:
        raise IncompletePaper(f"文书{order.number}《{kind.name}》没有发文机关")
    return _frozen(kind, order, order.issuer, calendar)


def _document(order: Order, frozen: dict[str, Any], serial: int) -> Document:
    kind = CATALOGUE[order.number]
    assert order.issuer is not None
    text = number_text(kind, order.issuer, order.on.year, serial)
    return Document(
        catalogue=order.number,
        variant=order.data.get("variant", "") if kind.variants else "",
        number=text,
        title=frozen["paper"]["title"],
        issuer=order.issuer,
        year=order.on.year,
        serial=serial,
        recipient=order.recipient,
        district=(frozen.get("institution") or {}).get("district_code") or order.issuer.district_id or "",
        case_label=order.case_label,
        case_id=order.case_id,
        act_id=order.act_id,
        data=frozen,
        template_version=TEMPLATE_VERSION,
        digest=digest_of(text, frozen, TEMPLATE_VERSION),
        code=new_code(),
        issued_at=order.at,
        issued_on=order.on,
        supersedes=order.supersedes,
        handler=order.handler or "",
        reviewer=order.reviewer or "",
    )


def void(document: Document, reason: str) -> None:
    """Declare a document void: its row, number and reason stay (no number is given twice)."""
    document.voided_at, document.void_reason = clock.now(), reason
    document.save(update_fields=["voided_at", "void_reason"])


def canonical(value: object) -> str:
    """One spelling of JSON data: sorted keys, no spaces, characters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), cls=DjangoJSONEncoder)


def digest_of(number: str, data: Mapping[str, Any], template_version: str) -> str:
    """SHA-256 of number, frozen data and template version."""
    return hashlib.sha256(canonical({"number": number, "data": data, "template_version": template_version}).encode()).hexdigest()


def intact(document: Document) -> bool:
    """Whether the stored row still is what its digest was made of."""
    return document.digest == digest_of(document.number, document.data, document.template_version)


def _frozen(kind: Kind, order: Order, issuer: Office, calendar: WorkingCalendar) -> dict[str, Any]:
    """All a rendering needs, so that neither a renamed office nor a changed setting alters a paper that has gone out."""
    data, on, supersedes = order.data, order.on, order.supersedes
    own = {
        "catalogue": kind.number,
        "title": _title(kind, data, supersedes),
        "issued_on": on,
        "recipient": order.recipient,
        "handler": order.handler or "",
        "reviewer": order.reviewer or "",
        "issuer": {
            "id": issuer.pk,
            "name": issuer.name,
            "short_name": issuer.short_name,
            "address": issuer.address,
            "phone": issuer.phone,
            "contact": issuer.contact,
        },
        "supersedes": {"number": supersedes.number, "title": supersedes.title, "issued_on": supersedes.issued_on} if supersedes else None,
        "remedy_days": _remedy_days(data, on, calendar) if kind.is_adverse(data) else None,
        "bodies": _bodies(issuer, on),
        "verify_base": conf.base_url(),
    }
    given = dict(data)
    if given.get("dates"):
        given["dates"] = [_plain_date(each) for each in given["dates"]]
    return dict(json.loads(canonical({**given, "paper": own})))


def _title(kind: Kind, data: Mapping[str, Any], supersedes: Document | None) -> str:
    if supersedes is None or not (data.get("annulled") or data.get("taken_out")):
        return kind.title_for(data)
    return f"{'撤销' if data.get('annulled') else '更正'}《{supersedes.title}》通知书"


def _bodies(issuer: Office, on: date) -> dict[str, Any]:
    """Where to turn against this paper: a district office's decision is reconsidered by another body than a city office's (R11)."""
    keys = {name: f"{name}_body" for name in ("reconsideration", "lawsuit", "mediation")}
    if issuer.role in DISTRICT_ROLES:
        keys["reconsideration"] = "district_reconsideration_body"
    return {name: office_settings.value(key, on) for name, key in keys.items()}


def _remedy_days(data: Mapping[str, Any], on: date, calendar: WorkingCalendar) -> dict[str, Any]:
    """Last days of reconsideration and lawsuit (R11), counted from the service, or as if served on the day of issue."""
    served = date.fromisoformat(str(data.get("served_on") or on)[:10])
    return {
        "served_on": served,
        "reconsideration": asdict(days_after(served, 60, calendar, "R11")),
        "lawsuit": asdict(months_after(served, 6, calendar, "R11")),
    }


def _plain_date(entry: Any) -> dict[str, Any]:
    """A date as the templates read it, from a mapping or from ``(label, Computed)``."""
    if isinstance(entry, Mapping):
        return dict(entry)
    label, computed = entry
    if isinstance(computed, Computed):
        return {**asdict(computed), "label": label, "explanation": "；".join(computed.steps)}
    return {"label": label, "day": computed}


def _ask_for_rendering(documents: list[int]) -> None:
    from documents.tasks import ask

    ask(documents)
