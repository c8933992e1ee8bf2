"""A document is rendered once, from its frozen data, the same each time; nothing depends on the broker."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import InternalError
from pypdf import PdfReader

from documents import issuing, rendering, tasks
from documents.issuing import issue
from documents.models import Document
from tests.documents.samples import sample, the_agency

Maker = Callable[..., Document]


def an_acceptance() -> Document:
    return issue(2, issuer=the_agency(), institutions=[7], on=date(2026, 3, 2), data=sample(2), recipient="北京安和康复医院")


def test_the_same_data_make_the_same_bytes(issued: Maker) -> None:
    document = issued(4)
    pages = [rendering.to_pdf(rendering.set_type(rendering.render_html(document)), document.template_version) for _ in range(2)]
    assert pages[0] == pages[1]


def test_a_document_is_rendered_once_and_keeps_the_files_digest(issued: Maker) -> None:
    document = issued(2)
    first = rendering.pdf(document)
    document.refresh_from_db()
    stamp = document.rendered_at
    assert rendering.pdf(document) == first
    document.refresh_from_db()
    assert document.rendered_at == stamp
    assert document.pdf_digest == hashlib.sha256(first).hexdigest()
    assert Path(document.pdf.path).is_relative_to(settings.MEDIA_ROOT)
    with pytest.raises(InternalError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(pdf_digest="0" * 64)


def test_the_file_carries_the_markers_of_pdf_a_and_its_description(issued: Maker) -> None:
    document = issued(2)
    content = rendering.pdf(document)
    reader = PdfReader(io.BytesIO(content))
    xmp = reader.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert 'part="3"' in xmp or "<pdfaid:part>3</pdfaid:part>" in xmp
    assert 'conformance="B"' in xmp or "<pdfaid:conformance>B</pdfaid:conformance>" in xmp
    assert "/OutputIntents" in reader.trailer["/Root"]
    assert document.number in reader.metadata["/Title"]
    assert not reader.attachments


def test_the_qr_code_leads_to_the_page_that_checks_this_document(issued: Maker) -> None:
    document = issued(2)
    context = rendering.context_of(document)
    assert context["verify_url"].endswith(f"/verify/{document.code}/")
    assert context["qr"] == rendering.qr(context["verify_url"])
    assert rendering.context_of(issued(45))["qr"] == rendering.qr(sample(45)["public_url"])


@pytest.mark.parametrize("loss", ["gone", "flipped"])
def test_a_lost_or_altered_file_is_said_and_not_made_anew(issued: Maker, loss: str) -> None:
    document = issued(2)
    rendering.pdf(document)
    document.refresh_from_db()
    path = Path(document.pdf.path)
    if loss == "gone":
        path.unlink()
    else:
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    with pytest.raises(rendering.LostPdf, match="备份"):
        rendering.pdf(document)


def test_no_document_loads_anything_from_elsewhere() -> None:
    for address in ("file:///etc/hostname", "http://127.0.0.1:9/x.png"):
        with pytest.raises(Exception, match="外部内容"):
            rendering.to_pdf(f'<p>文</p><img src="{address}">', "v1")


def test_an_offices_own_seal_takes_the_place_of_the_test_mark(issued: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    document = issued(2)
    monkeypatch.setattr("documents.conf.seal_folder", lambda: tmp_path)
    Image.new("RGBA", (60, 60), (200, 0, 0, 120)).save(tmp_path / f"{document.issuer_id}.png")
    html = rendering.render_html(document)
    assert "测试印模" not in html
    assert 'class="seal" src="data:image/png;base64,' in html


@pytest.mark.django_db(transaction=True)
def test_eight_readers_at_once_get_one_rendering(monkeypatch: pytest.MonkeyPatch) -> None:
    document = an_acceptance()
    made, answers, real = [], [], rendering.to_pdf

    def counted(*arguments: Any) -> bytes:
        made.append(1)
        return real(*arguments)

    def read() -> None:
        try:
            answers.append(rendering.pdf(Document.objects.get(pk=document.pk)))
        finally:
            connection.close()

    monkeypatch.setattr(rendering, "to_pdf", counted)
    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(made) == 1
    assert len(answers) == 8
    assert len(set(answers)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_asked_after_the_commit_only(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[list[int]]] = []
    monkeypatch.setattr(tasks.render, "apply_async", lambda arguments, **_: asked.append(arguments))
    with transaction.atomic():
        kept = an_acceptance()
        assert asked == []
    assert asked == [([kept.pk],)]
    with transaction.atomic():
        an_acceptance()
        transaction.set_rollback(True)
    with issuing.without_rendering():
        an_acceptance()
    assert asked == [([kept.pk],)]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_does_not_undo_the_act(monkeypatch: pytest.MonkeyPatch) -> None:
    from config.celery import app

    monkeypatch.setattr(app.conf, "broker_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    app.pool.force_close_all()
    app._pool = None
    try:
        document = an_acceptance()
    finally:
        app._pool = None
    assert Document.objects.get(pk=document.pk).rendered_at is None
    tasks.render([document.pk])
    document.refresh_from_db()
    assert document.rendered_at is not None
