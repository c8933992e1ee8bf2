"""Checks of papers: numbers without gaps, content and files as their digests say, proofs of service that can be."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from consistency.finding import Finding, about, check
from documents.issuing import intact
from documents.models import Document, ServedDocument
from documents.numbering import gaps

AT_ONCE = 500


def by_number(rows: Any) -> Iterable[list[Any]]:
    """Rows in batches by their id: flat memory, one query each."""
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        yield found
        last = found[-1].pk


@check("numbers", "文号连续", whole=True)
def numbers(day: Any) -> Iterable[Finding]:
    for each in gaps():
        yield Finding("numbers", f"发文机关第{each.issuer_id}号、文书{each.catalogue}、{each.year}年的文号不连续或重复。")


@check("paper_content", "文书内容与摘要", whole=True)
def paper_content(day: Any) -> Iterable[Finding]:
    for rows in by_number(Document.objects.all()):
        for row in rows:
            if not intact(row):
                yield about("paper_content", row, f"文书{row.number}的内容与制发时的摘要不符。")


@check("paper_files", "文书文件", whole=True)
def paper_files(day: Any) -> Iterable[Finding]:
    for rows in by_number(Document.objects.exclude(rendered_at=None)):
        for row in rows:
            digest = _digest(row.pdf)
            if digest is None:
                yield about("paper_files", row, f"文书{row.number}的文件不见了。")
            elif digest != row.pdf_digest:
                yield about("paper_files", row, f"文书{row.number}的文件与生成时的摘要不符。")


def _digest(file: Any) -> str | None:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


@check("proofs", "送达记录", whole=True)
def proofs(day: Any) -> Iterable[Finding]:
    for rows in by_number(ServedDocument.objects.select_related("proof", "document")):
        for row in rows:
            proof, document = row.proof, row.document
            if proof.voided_at is None and proof.delivered_on < document.issued_on:
                yield about("proofs", document, f"文书{document.number}于{document.issued_on}制发，送达却记在{proof.delivered_on}。")
