"""Materials: which items are required on a day, what is on file, what is missing (M7, P6, M6.4)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q

from applications.models import Application, ApplicationFact, Material, MaterialSlot

MAX_SIZE = 20 * 1024 * 1024
KINDS = {
    b"%PDF-": ("application/pdf", (".pdf",)),
    b"\x89PNG\r\n\x1a\n": ("image/png", (".png",)),
    b"\xff\xd8\xff": ("image/jpeg", (".jpg", ".jpeg")),
}


class Unfit(ValueError):
    """The file cannot be taken; the message says why, in Chinese."""


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


def check_file(upload: UploadedFile[Any]) -> tuple[str, str]:
    """Content type and digest of an upload. Kind is told from its content, never from its name. Raises Unfit."""
    if not upload.size:
        raise Unfit("文件是空的,请重新选择。")
    if upload.size > MAX_SIZE:
        raise Unfit(f"文件超过{MAX_SIZE // 1024 // 1024}兆,请压缩或拆分后再传。")
    head = upload.read(16)
    upload.seek(0)
    for magic, (content_type, endings) in KINDS.items():
        if head.startswith(magic):
            if not str(upload.name).lower().endswith(endings):
                raise Unfit(f"文件内容是{content_type.split('/')[1].upper()},与文件名的后缀不符,请改正后再传。")
            break
    else:
        raise Unfit("只接受PDF、PNG和JPEG文件(按内容识别,不看后缀)。")
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return content_type, digest.hexdigest()


def store(application: Application, item: str, upload: UploadedFile[Any], user_id: int | None, at: datetime) -> Material:
    """Keep an upload with digest, size, uploader and time; an earlier file of the item stays, marked as replaced."""
    content_type, digest = check_file(upload)
    application.materials.filter(item=item, replaced_at__isnull=True).update(replaced_at=at)
    return application.materials.create(
        item=item, name=str(upload.name)[-200:], file=upload, content_type=content_type, size=upload.size or 0, digest=digest,
        uploaded_by_id=user_id, uploaded_at=at,
    )  # fmt: skip
