"""Materials: which items are required on a day, what is on file, what is missing (M7, P6, M6.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q

from applications.models import Application, ApplicationFact, Material, MaterialSlot
from documents.uploads import check_file


@dataclass(frozen=True)
class Item:
    """One thing to hand in: a slot, or one part of a slot."""

    id: str
    slot: str
    title: str
    hint: str = ""


def slots_on(kind: str, day: date) -> list[MaterialSlot]:
    """The slots of a kind that hold on a day."""
    rows = MaterialSlot.objects.filter(Q(to_on__isnull=True) | Q(to_on__gte=day), kind=kind, from_on__lte=day)
    return list(rows.order_by("id"))


def items_on(kind: str, day: date) -> list[Item]:
    """Every item required on a day; a slot with parts needs each part, and each missing one is named."""
    items = []
    for slot in slots_on(kind, day):
        if slot.parts:
            items += [Item(f"{slot.slot}.{n}", slot.slot, f"{slot.title}：{part}", slot.hint) for n, part in enumerate(slot.parts, 1)]
        else:
            items.append(Item(slot.slot, slot.slot, slot.title, slot.hint))
    return items


def on_file(application: Application) -> dict[str, Material]:
    """The newest file of each item."""
    return {material.item: material for material in application.materials.filter(replaced_at__isnull=True)}


def missing_items(application: Application, day: date) -> list[Item]:
    """Required items without a file."""
    have = on_file(application)
    return [item for item in items_on(application.institution.kind, day) if item.id not in have]


def unfit_items(application: Application) -> dict[str, str]:
    """Items the clerk has checked and found unfit, with the reason; a later check or upload replaces an earlier one."""
    found: dict[str, str] = {}
    have = on_file(application)
    for fact in ApplicationFact.objects.filter(application=application, kind="checked", voided_at__isnull=True).order_by("id"):
        item = fact.data["item"]
        replaced = item in have and have[item].uploaded_at > fact.at
        if fact.data["fit"] or replaced:
            found.pop(item, None)
        else:
            found[item] = fact.data.get("note", "")
    return found


def expand(names: list[str], items: list[Item]) -> list[str]:
    """Item ids for names that are items or whole slots; unknown names come back as they are."""
    ids: list[str] = []
    for name in names:
        parts = [item.id for item in items if item.id == name or item.slot == name]
        ids += parts or [name]
    return list(dict.fromkeys(ids))


def store(application: Application, item: str, upload: UploadedFile[Any], user_id: int | None, at: datetime) -> Material:
    """Keep an upload with digest, size, uploader and time; an earlier file of the item stays, marked as replaced."""
    content_type, digest = check_file(upload)
    application.materials.filter(item=item, replaced_at__isnull=True).update(replaced_at=at)
    return application.materials.create(
        item=item, name=str(upload.name)[-200:], file=upload, content_type=content_type, size=upload.size or 0, digest=digest,
        uploaded_by_id=user_id, uploaded_at=at,
    )  # fmt: skip
