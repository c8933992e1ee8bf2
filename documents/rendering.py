"""The PDF of a document: made once, from its frozen data alone, then kept with a digest of its own."""

from __future__ import annotations

import atexit
import base64
import hashlib
import itertools
import logging
import re
import threading
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from django.core.files.base import ContentFile
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from deadlines import clock
from documents import conf, fonts, layout
from documents.catalogue import CATALOGUE, kind_of
from documents.codes import readable_code
from documents.models import Document

logger = logging.getLogger(__name__)

# Pango's font map is one per process and not made for several threads.
_one_at_a_time = threading.Lock()


class LostPdf(Exception):
    """The stored PDF is gone or is not the one that was stored; the message is for people."""


def pdf(document: Document) -> bytes:
    """The document's PDF; made and stored at the first call, read and checked at every other."""
    if document.rendered_at is None:
        with transaction.atomic():
            # Whoever comes second waits here and finds it made.
            document = Document.objects.select_for_update(no_key=True).get(pk=document.pk)
            if document.rendered_at is None:
                return _make(document)
    return _stored(document)


def _make(document: Document) -> bytes:
    html = render_html(document)
    content = to_pdf(set_type(html), document.template_version)
    name = f"documents/{document.year}/{document.issuer_id}-{document.catalogue}-{document.serial}-{document.code}.pdf"
    document.pdf.save(name, ContentFile(content), save=False)
    document.pdf_digest = hashlib.sha256(content).hexdigest()
    document.rendered_at = clock.now()
    document.fonts = {"stand_ins": fonts.stand_ins(), "missing": fonts.missing(_text(html))}
    document.save(update_fields=["pdf", "pdf_digest", "rendered_at", "fonts"])
    if document.fonts["missing"]:
        logger.error("文书 %s 有本机字体都没有的字：%s", document.number, "".join(document.fonts["missing"]))
    return content


def _stored(document: Document) -> bytes:
    try:
        with document.pdf.open("rb") as file:
            content = bytes(file.read())
    except OSError as problem:
        raise LostPdf(f"文书 {document.number} 的文件不在存储中，请联系平台管理员从备份恢复。") from problem
    if hashlib.sha256(content).hexdigest() != document.pdf_digest:
        raise LostPdf(f"文书 {document.number} 的文件与登记的摘要不符，请联系平台管理员从备份恢复。")
    return content


def render_html(document: Document) -> str:
    """The page before layout, from the frozen data only."""
    own = CATALOGUE[document.catalogue].template
    template = "annulment" if document.data.get("annulled") else "taking_out" if document.data.get("taken_out") else own
    return render_to_string(f"documents/{document.template_version}/{template}.html", context_of(document))


def context_of(document: Document) -> dict[str, Any]:
    """The frozen data under its own names, and what is derived from it."""
    data, paper = _open(document.data), document.data["paper"]
    kind = CATALOGUE[document.catalogue]
    institution = data.get("institution") or {}
    issuer = paper["issuer"]["name"]
    day = document.issued_on
    date_text = f"{day.year}年{day.month}月{day.day}日"
    url = conf.verify_url(paper["verify_base"], document.code)
    return {
        **dict.fromkeys(OPTIONAL, ""),
        **data,
        "number": document.number,
        "title": paper["title"],
        "issuer": paper["issuer"],
        "paper": paper,
        "kind": kind_of(data),
        "basis_clauses": [*kind.basis, *data.get("basis", [])],
        "headings": itertools.count(1),
        "adverse": kind.is_adverse(data),
        "recipient": paper["recipient"] or (institution.get("name", "") if kind.form not in ("red", "letter") else ""),
        "issued_on": day.isoformat(),
        "issued_at": document.issued_at.isoformat(),
        "date_text": date_text,
        "inset": layout.closing_inset(issuer, date_text),
        "red_head": layout.red_head(issuer),
        "letter_head": layout.letter_head(issuer),
        "contact": Open({**{key: paper["issuer"][source] for key, source in _CONTACT.items()}, **(data.get("contact") or {})}),
        "digest": document.digest,
        "code": readable_code(document.code),
        "verify_url": url,
        "verify_page": url.rsplit("/", 2)[0] + "/",
        "qr": qr(data.get("public_url") or url),
        "seal": _own_seal(paper["issuer"]["id"]),
    }


# Fields of the common data that a kind may leave out (documents.catalogue).
OPTIONAL = (
    "agreement",
    "agreement_breach",
    "annulled",
    "answer_by",
    "apply_by",
    "approval",
    "approval_files",
    "approved_on",
    "approver",
    "assessment",
    "attachments",
    "attempt",
    "authority",
    "bans",
    "case",
    "changes",
    "checked_on",
    "clearing",
    "conclusion",
    "copies",
    "correction",
    "dates",
    "day_180",
    "demanded_on",
    "days_used",
    "decided_on",
    "effective_on",
    "exception_reason",
    "facts",
    "first_day",
    "foot",
    "found",
    "from_on",
    "full_check",
    "granted",
    "grounds",
    "hear_by",
    "hear_days",
    "hearing",
    "institution",
    "institutions",
    "intended",
    "items",
    "last_day",
    "late",
    "letter",
    "measures",
    "nature",
    "nature_reason",
    "notice",
    "objections_to",
    "origin",
    "passed",
    "person",
    "person_code",
    "points",
    "reason",
    "record",
    "rectify_by",
    "released_on",
    "request",
    "requested_on",
    "resumes_on",
    "rubric",
    "scope",
    "sections",
    "service",
    "signatures",
    "suspended",
    "taken_out",
    "term",
    "this_paper",
    "upheld",
    "urgent_reason",
)


class Open(dict[str, Any]):
    """A mapping in which a field that was left out is empty."""

    def __missing__(self, key: str) -> str:
        return ""


def _open(value: Any) -> Any:
    if isinstance(value, dict):
        return Open({key: _open(each) for key, each in value.items()})
    return [_open(each) for each in value] if isinstance(value, list) else value


_CONTACT = {"person": "contact", "phone": "phone", "address": "address"}


def qr(text: str) -> str:
    """A QR code as a data address (SVG)."""
    import segno

    return str(segno.make(text, error="m", micro=False).svg_data_uri(border=0))


def _own_seal(office_id: int) -> str:
    """The office's own seal as a data address, where it has installed one; else nothing, and a test mark is printed."""
    file = conf.seal_folder() / f"{office_id}.png"
    return f"data:image/png;base64,{base64.b64encode(file.read_bytes()).decode()}" if file.is_file() else ""


_TAG_OR_TEXT = re.compile(r"(<style\b.*?</style>|<title\b.*?</title>|<[^>]*>)", re.DOTALL)
_LATIN_OR_LETTER = re.compile(r"[!-~]+|.", re.DOTALL)


def set_type(html: str) -> str:
    """Put what comes from another font than its line's into spans without height of their own: the 22-line grid is kept.

    These are rare characters (from a fallback font) and figures and Latin letters (from 宋体: those of Fandol's 仿宋 are far
    heavier than its characters). A character that no font has is printed as its code point: it would vanish otherwise.
    """
    return "".join(part if part.startswith("<") else _LATIN_OR_LETTER.sub(_span, part) for part in _TAG_OR_TEXT.split(html))


def _span(found: re.Match[str]) -> str:
    text = found[0]
    if text.isascii():
        # Entities are Latin too; white space stays outside, where lines are broken.
        return text if text.isspace() else f'<span class="latin">{text}</span>'
    if not fonts.is_rare(text):
        return text
    return f'<span class="rare">{f"[U+{ord(text):X}]" if fonts.is_missing(text) else text}</span>'


def _text(html: str) -> str:
    return unescape("".join(part for part in _TAG_OR_TEXT.split(html) if not part.startswith("<")))


@cache
def _style(version: str) -> tuple[Any, Any]:
    """Font configuration and parsed style sheet, once per process: twice as fast, and memory stays flat."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    configuration = FontConfiguration()
    # Let go of the fonts while the interpreter still stands; WeasyPrint's own clean-up comes too late and complains.
    atexit.register(_style.cache_clear)
    context = {
        "font": {role: mark_safe(fonts.families(role)) for role in fonts.lookup()},  # noqa: S308
        "face_rules": mark_safe(fonts.face_rules()),  # noqa: S308
        "title_weight": "normal" if fonts.lookup()["title"].named else "bold",
    }
    sheet = render_to_string(f"documents/{version}/style.css", context)
    for sentence in fonts.stand_ins():
        logger.warning("公文字体　%s", sentence)
    return configuration, CSS(string=sheet, font_config=configuration, url_fetcher=_fetcher())


def to_pdf(html: str, version: str) -> bytes:
    """Lay out one document as PDF/A-3b (its markers; no validator was to be had)."""
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    with _one_at_a_time:
        configuration, sheet = _style(version)
        try:
            made = HTML(string=html, url_fetcher=_fetcher()).write_pdf(
                stylesheets=[sheet],
                font_config=configuration,
                pdf_variant="pdf/a-3b",
                custom_metadata=False,
            )
        except FatalURLFetchingError as refused:
            # It is no Exception there, and would go past every handler.
            raise ValueError(str(refused)) from refused
    return bytes(made)


@cache
def _fetcher() -> Any:
    """Loads what a document brings along, and fonts from the site's folder. No network, no other file."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class OwnOnly(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            parts = urlparse(url)
            own = parts.scheme == "file" and Path(unquote(parts.path)).resolve().is_relative_to(conf.font_folder().resolve())
            if parts.scheme != "data" and not own:
                raise FatalURLFetchingError("文书不得引用外部内容")
            return super().fetch(url, headers)

    return OwnOnly(allowed_protocols=("data", "file"))
