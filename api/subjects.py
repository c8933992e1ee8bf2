"""What an act is done to, by the collection in the address. Whatever the actor may not see does not exist (M3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import NotFound

from agreements import public
from agreements.models import Agreement
from applications.models import Application
from casework.acts import Act, registry
from casework.models import ActRecord, Case
from deadlines import clock
from disputes.models import Dispute
from documents.access import visible_to as readable_documents
from documents.models import Document
from institutions.models import Institution, Person
from offices.actors import Actor
from offices.models import Role


@dataclass(frozen=True)
class Collection:
    """A collection of the API: its name in addresses, its model, its name for people."""

    name: str
    model: Any
    title: str


COLLECTIONS = (
    Collection("applications", Application, "申请"),
    Collection("agreements", Agreement, "协议"),
    Collection("disputes", Dispute, "争议"),
    Collection("institutions", Institution, "机构"),
    Collection("people", Person, "人员"),
    Collection("documents", Document, "文书"),
    Collection("records", ActRecord, "办理记录"),
)
BY_MODEL = {each.model: each for each in COLLECTIONS}
BY_LABEL = {each.model._meta.model_name: each for each in COLLECTIONS}


def visible(model: Any, actor: Actor) -> QuerySet[Any]:
    """The rows of a model that an actor may see."""
    if model is Document:
        return readable_documents(actor)
    rows: QuerySet[Any] = model._default_manager.visible_to(actor)
    if model is Application and actor.role not in (Role.INSTITUTION, Role.SYSTEM):
        return rows.exclude(state="draft")  # a draft is the institution's own until it files it
    return rows


def find(model: Any, pk: int, actor: Actor) -> Any:
    """One row, its state as the dates make it today (R7). Raises NotFound."""
    found = visible(model, actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return as_of_today(found)


def find_for(act: Act, pk: int, actor: Actor) -> Any:
    """The subject of an act. An act of the public is done to what is on the public notice, seen or not otherwise (M9.5)."""
    if act.public and actor.role in act.roles:
        entry = public.notice_entries().filter(application_id=pk, notice__opened_on__lte=clock.today()).first()
        if entry is not None:
            return as_of_today(entry.application)
    return find(act.subject, pk, actor)


def as_of_today(subject: Any) -> Any:
    """Brings the copy in memory up to its derived state, as the door would; nothing is written."""
    if isinstance(subject, Case):
        subject.catch_up(clock.today())
    return subject


def acts_open(subject: Any, actor: Actor) -> list[str]:
    """Words of the acts that the actor's office does and the subject's state allows; the door decides."""
    acts = [act for act in registry.values() if act.subject is type(subject) and actor.role in act.roles]
    return [act.word for act in acts if act.available(subject)]
