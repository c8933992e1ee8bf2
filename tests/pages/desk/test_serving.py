"""Service in the browser: the result goes out by post, the receipt comes back, a wrong entry is corrected."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from casework import proposals
from casework.models import ActRecord, Proposal
from casework.serving import unserved_beside
from documents.models import Document, ProofOfService
from tests.driving import PDF, on, people

pytestmark = pytest.mark.django_db


@pytest.mark.clause("M9.6", "M9.7", "M29")
def test_a_result_by_post_its_receipt_and_the_correction(seat, evaluating):
    with on("2026-03-10"):
        evaluating.record_result("fail")
        form = seat(evaluating.city).page(f"/desk/act/application/{evaluating.application.pk}/serve_result/")
        assert "收到回执后再登记签收之日" in form
        assert seat(evaluating.city).act("serve_result", evaluating.application, method="post", receipt="EX001").status_code == 302
        page = seat(evaluating.city).page(f"/desk/applications/{evaluating.application.pk}/")
    paper = Document.objects.get(catalogue=12)
    assert (evaluating.application.state, ProofOfService.objects.exists()) == ("failed", False)
    assert f"/desk/act/document/{paper.pk}/serve_document/" in page
    with on("2026-03-20"):
        given = {"method": "post", "on": "2026-03-17", "receipt": "EX001", "recipient": "王二", "relation": "门卫", "reason": "代收"}
        assert seat(evaluating.city).act("serve_document", paper, **given).status_code == 302
        assert evaluating.application.state == "rectifying"
        record = ActRecord.objects.get(word="serve_document")
        page = seat(evaluating.city).page(f"/desk/applications/{evaluating.application.pk}/")
        assert f"/desk/act/actrecord/{record.pk}/void/" in page
        assert paper.number in page
        assert "2026-06-17" in page, "the gate counts from the receipt"
        shown = seat(evaluating.city).act("void", record, reason="地址有误")
        assert "送达回证" in shown.content.decode(), "the proof that would be withdrawn"
        assert seat(evaluating.city).act("void", record, reason="地址有误", step="confirm").status_code == 302
        proposals.confirm(Proposal.objects.get(word="void").pk, actor=evaluating.city_reviewer)
    assert evaluating.application.state == "failed"


@pytest.mark.clause("M9.6")
def test_a_day_that_cannot_be_is_told_in_words(seat, evaluating):
    with on("2026-03-10"):
        evaluating.record_result("fail")
        answer = seat(evaluating.city).act("serve_result", evaluating.application, method="post", on="2026-03-09")
    assert "送达之日只能是今天" in answer.content.decode()
    assert not Document.objects.filter(catalogue=12).exists()


@pytest.mark.clause("M26")
def test_one_proof_covers_several_papers_and_keeps_the_photo(seat, evaluating):
    with on("2026-03-05"):
        paper, other = Document.objects.filter(issuer=evaluating.district.office_id, catalogue__in=(1, 2)).order_by("catalogue")
        address = f"/desk/act/document/{paper.pk}/serve_document/"
        form = seat(evaluating.district).page(address)
        assert other.number in form
        assert 'type="file"' in form
        given = {"method": "left", "on": "2026-03-05", "also": [other.pk]}
        lie = SimpleUploadedFile("照片.jpg", b"<html></html>")
        assert "只接受PDF" in seat(evaluating.district).act("serve_document", paper, evidence=lie, **given).content.decode()
        photo = SimpleUploadedFile("照片.pdf", PDF)
        assert seat(evaluating.district).act("serve_document", paper, evidence=photo, **given).status_code == 302
        proof = ProofOfService.objects.get()
        assert list(proof.documents.order_by("catalogue")) == [paper, other]
        page = seat(evaluating.district).page(f"/desk/applications/{evaluating.application.pk}/")
        assert f"《{paper.title}》{paper.number}、《{other.title}》{other.number}" in page
        assert f"/desk/service/{proof.pk}/" in page
        answer = seat(evaluating.district).get(f"/desk/service/{proof.pk}/")
        assert (b"".join(answer.streaming_content), answer["Content-Type"]) == (PDF, "application/pdf")
        stranger, _ = people("district_agency", "110108")
        assert seat(stranger).get(f"/desk/service/{proof.pk}/").status_code == 404
        rows = Document.objects.filter(pk__in=(paper.pk, other.pk))
        assert not any(unserved_beside(each).exists() for each in rows), "what is served is not offered again"
