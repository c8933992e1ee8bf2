"""Every ground of a decision comes with its own facts and evidence, from the intention to the paper (M42.6, M43, P40)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework import proposals
from casework.attaching import keep
from casework.models import ActRecord, Attachment, Proposal
from casework.refusals import Invalid
from documents.models import Document
from offices.actors import Actor
from offices.models import User
from tests.agreements.life import URGENT, life
from tests.api.conftest import Program
from tests.conftest import MODEL_BACKEND
from tests.driving import PDF, Driver, on

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M43", "P40")]
DAY = "2026-06-01"
GROUNDS = {"hospital": ("M43(3)", "M43(5)"), "pharmacy": ("P40(4)", "P40(7)")}


def browser(who: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=who.user_id), backend=MODEL_BACKEND)
    return client


def page(driver: Driver, word: str) -> str:
    return f"/desk/act/agreement/{driver.agreement.pk}/{word}/"


def scan(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF)


def typed(first: str, second: str) -> dict[str, Any]:
    return {
        "ground": [first, second],
        f"findings-{first}-facts": "抽查的处方没有就诊记录",
        f"findings-{first}-files-upload": [scan("处方.pdf"), scan("病历.pdf")],
        f"findings-{second}-facts": "拒绝提供进销存数据",
    }


@pytest.mark.clause("M38.6")
@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_what_was_told_with_the_intention_stands_in_the_decision_ground_by_ground(kind: str) -> None:
    driver, (first, second) = life(kind), GROUNDS[kind]
    with on(DAY):
        given = {"version": driver.agreement.version, "act": "terminate", **typed(first, second)}
        browser(driver.city).post(page(driver, "intend"), given)
    facts = driver.agreement.facts.get(kind="intended").data["findings"]
    assert [each["ground"] for each in facts] == [first, second]
    assert [Attachment.objects.get(pk=each).name for each in facts[0]["files"]] == ["处方.pdf", "病历.pdf"]
    told = Document.objects.get(catalogue=25).data["grounds"]
    assert [(each["facts"], each.get("evidence", "")) for each in told] == [
        ("抽查的处方没有就诊记录", "处方.pdf、病历.pdf"), ("拒绝提供进销存数据", ""),
    ]  # fmt: skip
    with on("2026-06-02"):
        driver.do("hear", role="institution", statement="没有意见")
        form = browser(driver.city).get(page(driver, "terminate")).content.decode()
        assert "抽查的处方没有就诊记录" in form
        kept = {f"findings-{first}-files": facts[0]["files"]}
        given = {"version": driver.agreement.version, **typed(first, second), **kept, f"findings-{first}-files-upload": [scan("笔录.pdf")]}
        look = browser(driver.city).post(page(driver, "terminate"), given).content.decode()
        assert "处方.pdf、病历.pdf、笔录.pdf" in look
        added = Attachment.objects.get(name="笔录.pdf")
        del given[f"findings-{first}-files-upload"]
        kept = {f"findings-{first}-files": [*facts[0]["files"], added.pk]}
        browser(driver.city).post(page(driver, "terminate"), {**given, **kept, "step": "confirm"})
        proposals.confirm(Proposal.objects.get().pk, actor=driver.city_reviewer)
    decided = Document.objects.get(catalogue=34).data["grounds"]
    assert [each.get("evidence", "") for each in decided] == ["处方.pdf、病历.pdf、笔录.pdf", ""]
    words = {each.name: each.act.word for each in Attachment.objects.select_related("act")}
    assert words == {"处方.pdf": "intend", "病历.pdf": "intend", "笔录.pdf": "terminate"}
    with on("2026-06-02"):
        shown = browser(driver.city).get(f"/desk/agreements/{driver.agreement.pk}/").content.decode()
        assert shown.count("抽查的处方没有就诊记录") >= 2
        assert all(f"/portal/attachments/{each.pk}/" in shown for each in Attachment.objects.all())


@pytest.mark.clause("M3")
def test_evidence_is_for_the_offices_of_the_area_and_the_institution_reads_its_list_on_the_paper() -> None:
    driver = life()
    with on(DAY):
        found = keep(scan("举报人笔录.pdf"), driver.institution.pk, driver.city)
        driver.do("intend", act="terminate", ground=["M43(3)"], findings=[{"ground": "M43(3)", "facts": "虚构服务", "files": [found.pk]}])
        address = f"/portal/attachments/{found.pk}/"
        readers = (driver.city, driver.district, driver.bureau, driver.owner, life().owner)
        assert [browser(each).get(address).status_code for each in readers] == [200, 200, 200, 404, 404]
        own = browser(driver.owner).get(f"/portal/agreements/{driver.agreement.pk}/").content.decode()
    assert "虚构服务" in own
    assert address not in own
    assert Document.objects.get(catalogue=25).data["grounds"][0]["evidence"] == "举报人笔录.pdf"


@pytest.mark.clause("M42.6", "P39.5")
@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_a_suspension_names_its_evidence_too(kind: str) -> None:
    driver, ground = life(kind), "M42.6(1)" if kind == "hospital" else "P39.5(1)"
    with on(DAY):
        found = keep(scan("检查记录.pdf"), driver.institution.pk, driver.city)
        row = {"ground": ground, "facts": "数据缺漏", "files": [str(found.pk)]}
        driver.do("suspend", ground=ground, findings=[row], **URGENT)
        assert Document.objects.get(catalogue=30).data["grounds"][0]["evidence"] == "检查记录.pdf"
        shown = browser(driver.city).get(f"/desk/agreements/{driver.agreement.pk}/").content.decode()
    assert f"/portal/attachments/{found.pk}/" in shown
    record = ActRecord.objects.get(word="suspend")
    assert "检查记录.pdf" in record.data["findings"][0]


def test_facts_of_a_ground_that_was_not_chosen_are_told_and_so_are_grounds_without_facts() -> None:
    driver = life()
    with on(DAY):
        with pytest.raises(Invalid) as stopped:
            driver.do("terminate", ground=["M43(3)"], findings=[{"ground": "M43(5)", "facts": "拒绝检查"}], **URGENT)
        assert list(stopped.value.errors) == ["findings"]
        given = {"version": driver.agreement.version, "ground": ["M43(3)", "M43(5)"], "findings-M43(3)-facts": "虚构服务"}
        answer = browser(driver.city).post(page(driver, "terminate"), {**given, "urgent_reason": "紧急"}).content.decode()
    assert "在每一选定的情形下分别写明" in answer
    assert "虚构服务" in answer
    assert not Proposal.objects.exists()


def test_a_program_names_the_evidence_of_each_ground() -> None:
    driver = life()
    with on(DAY):
        program = Program(driver.city)
        found = program.post(f"institutions/{driver.institution.pk}/attachments", status=201, file=scan("处方.pdf"))
        address = f"agreements/{driver.agreement.pk}/acts/terminate"
        wrong = {"ground": ["M43(3)"], "findings": [{"ground": "M43(3)", "files": ["x"]}], **URGENT}
        assert "findings" in program.post(address, wrong, status=400)["errors"]
        row = {"ground": "M43(3)", "facts": "虚构服务", "files": [found["id"]]}
        proposal = program.post(address, {"ground": ["M43(3)"], "findings": [row], **URGENT}, status=202)
        proposals.confirm(proposal["id"], actor=driver.city_reviewer)
    assert Document.objects.get(catalogue=34).data["grounds"][0]["evidence"] == "处方.pdf"
