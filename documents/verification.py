"""The public answer to "is this paper genuine?": by the code printed on it in full, by its number alone with the name masked.

Numbers run on from one to the next and can be guessed; codes cannot. So a number alone tells whether it exists and stands, not
about whom it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.catalogue import CATALOGUE
from documents.codes import LENGTH, normalised, readable_code
from documents.issuing import intact
from documents.models import Document
from documents.sharing import corrections, heirs


@dataclass(frozen=True)
class Answer:
    """What the page shows. ``standing``: valid, void, replaced or broken (the stored data do not fit their digest)."""

    standing: str
    number: str
    title: str
    issuer: str
    issued_on: date
    digest: str
    institution: str
    code: str
    replaced_by: str
    corrected_by: str
    reason: str
    public_pdf: bool


# Six-sided brackets are on few keyboards.
_BRACKETS = str.maketrans("[［(（]］)）", "〔〔〔〔〕〕〕〕", " \u3000")


def find(typed: str) -> Answer | None:
    """The document with this code or number; None where there is none."""
    wanted = typed.strip()
    if not wanted or len(wanted) > 60 or not wanted.isprintable():
        return None
    code = normalised(wanted)
    if len(code) == LENGTH and (document := Document.objects.filter(code=code).first()):
        return _answer(document, in_full=True)
    document = Document.objects.filter(number=wanted.translate(_BRACKETS)).first()
    return _answer(document, in_full=False) if document else None


def _answer(document: Document, in_full: bool) -> Answer:
    heir = next(reversed(heirs(document)), None)
    public = "public" in CATALOGUE[document.catalogue].readers
    standing = "broken" if not intact(document) else "void" if document.voided_at else "replaced" if heir else "valid"
    return Answer(
        standing=standing,
        number=document.number,
        title=document.title,
        issuer=document.data["paper"]["issuer"]["name"],
        issued_on=document.issued_on,
        digest=document.digest,
        institution=document.institution_name if in_full else masked(document.institution_name),
        code=readable_code(document.code) if in_full else "",
        replaced_by=heir.number if heir else "",
        corrected_by="、".join(each.number for each in corrections(document)),
        reason=document.void_reason if in_full else "",
        public_pdf=in_full and public and document.voided_at is None,
    )


def masked(name: str) -> str:
    """A name with its middle hidden, as much as a guessed number may tell."""
    return name if not name else f"{name[:2]}{'○' * max(1, len(name) - 4)}{name[-2:] if len(name) > 4 else ''}"
