"""Proof of service: the day clocks start on, what each method needs, one proof for several documents."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, time

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.utils import InternalError

from documents import service
from documents.models import Document, ProofOfService
from documents.service import NotServed, issue_proof, record_service
from tests.documents.pages_of import text_of
from tests.documents.samples import the_city_agency
from tests.factories import HospitalFactory, OfficeFactory

Maker = Callable[..., Document]
DAY = date(2026, 4, 6)


@pytest.mark.clause("M9.6")
@pytest.mark.parametrize(
    ("method", "served"),
    [
        ("in_person", date(2026, 4, 6)),
        ("post", date(2026, 4, 6)),
        ("announcement", date(2026, 5, 6)),
    ],
)
def test_the_day_of_service_is_that_of_the_proof_not_of_the_paper(issued: Maker, method: str, served: date) -> None:
    document = issued(12)
    assert service.served_on(document) is None
    record_service([document], method=method, on=DAY, by="张三")
    assert service.served_on(document) == served
    assert document.issued_on == date(2026, 3, 2)


def test_online_service_needs_a_signed_consent_that_holds_that_day(issued: Maker) -> None:
    hospital = HospitalFactory()
    hospital.office = OfficeFactory(role="institution", district=hospital.district, name=hospital.name)
    hospital.save()
    document = issued(12, institutions=[hospital.pk])
    with pytest.raises(NotServed, match="电子送达确认书"):
        record_service([document], method="online", on=DAY, by="系统")
    hospital.office.online_service_consent_on = date(2026, 4, 7)
    hospital.office.save()
    with pytest.raises(NotServed, match="电子送达确认书"):
        record_service([document], method="online", on=DAY, by="系统")
    proof = record_service([document], method="online", on=date(2026, 4, 7), by="系统")
    assert proof.consent == "2026年4月7日签署的电子送达确认书"


def test_leaving_a_paper_needs_a_witness_or_a_picture(issued: Maker) -> None:
    document = issued(12)
    with pytest.raises(NotServed, match="见证人"):
        record_service([document], method="left", on=DAY, by="张三")
    proof = record_service([document], method="left", on=DAY, by="张三", evidence=ContentFile(b"picture", name="door.jpg"))
    assert proof.evidence_digest == hashlib.sha256(b"picture").hexdigest()
    with proof.evidence.open() as kept:
        assert kept.read() == b"picture"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"on": date(2026, 3, 1)}, "早于"),
        ({"on": date(2099, 1, 1)}, "晚于今天"),
        ({"method": "pigeon"}, "没有这种"),
    ],
)
def test_a_day_or_method_that_cannot_be_is_refused(issued: Maker, changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(NotServed, match=sentence):
        record_service([issued(12)], **{"method": "post", "on": DAY, "by": "张三"} | changes)  # type: ignore[arg-type]


def test_a_paper_is_served_once_on_the_same_addressee_unless_the_proof_is_void(issued: Maker) -> None:
    document = issued(12)
    proof = record_service([document], method="post", on=DAY, by="张三")
    with pytest.raises(NotServed, match="已于2026-04-06送达"):
        record_service([document], method="post", on=DAY, by="张三")
    record_service([document], method="post", on=DAY, by="张三", addressee="另一受送达人")
    service.void_service(proof, "地址有误")
    record_service([document], method="in_person", on=date(2026, 4, 8), by="张三")
    assert ProofOfService.objects.filter(voided_at__isnull=True, addressee=document.recipient).get().served_on == date(2026, 4, 8)


def test_a_void_paper_is_not_served(issued: Maker) -> None:
    from documents.issuing import void

    document = issued(12)
    void(document, "有误")
    with pytest.raises(NotServed, match="已作废"):
        record_service([document], method="post", on=DAY, by="张三")


def test_a_proof_stands_in_the_database(issued: Maker) -> None:
    proof = record_service([issued(12)], method="post", on=DAY, by="张三")
    for forbidden in ({"served_on": date(2026, 1, 1)}, {"method": "online"}, {"recipient": "他人"}):
        with pytest.raises(InternalError), transaction.atomic():
            ProofOfService.objects.filter(pk=proof.pk).update(**forbidden)
    with pytest.raises(InternalError), transaction.atomic():
        ProofOfService.objects.filter(pk=proof.pk)._raw_delete("default")


def test_one_proof_covers_several_papers_and_is_printed(issued: Maker) -> None:
    papers = [issued(12), issued(4)]
    proof = record_service(
        papers,
        method="left",
        on=DAY,
        by="张三、李四",
        at=time(10, 20),
        place="北京市朝阳区晨光路18号",
        witness="周旻頔",
        reason="前台拒绝签收",
        relation="门卫",
        remark="已拍照",
    )
    printed = issue_proof(proof, issuer=the_city_agency(), on=DAY, handler="周宁")
    assert (printed.case_label, printed.case_id) == ("proofofservice", proof.pk)
    text = text_of(printed)
    numbers = [paper.number for paper in papers]
    for part in (*numbers, "张三、李四", "10:20", "晨光路18号", "周旻頔", "前台拒绝签收", "门卫", "已拍照", "留置送达"):
        assert part in text
    assert text.count("2026年4月6日") >= 2
