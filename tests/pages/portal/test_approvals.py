"""The authority's approval comes as a file with the report of a major change (M40.1, P37.1)."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from casework.attaching import keep
from casework.models import ActRecord, Attachment
from casework.refusals import Invalid
from documents.models import Document
from tests.agreements.life import life
from tests.api.conftest import Program
from tests.driving import PDF, Driver, on, people

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M40.1", "P37.1")]
DAY = "2026-06-01"
ADDRESS = {"field": "address", "value": "示例路2号", "approved_on": "2026-05-20"}


def sent(driver: Driver, actor=None, name: str = "批复.pdf") -> Attachment:
    return keep(SimpleUploadedFile(name, PDF), driver.institution.pk, actor or driver.owner)


def address(found: Attachment) -> str:
    return f"/portal/attachments/{found.pk}/"


def status(browser, found: Attachment) -> int:
    with on(DAY):
        answer = browser.get(address(found))
    if answer.status_code == 200:
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert b"".join(answer.streaming_content) == PDF
    return int(answer.status_code)


@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_the_approval_becomes_part_of_the_record_and_is_named_on_the_paper(kind: str) -> None:
    driver = life(kind)
    with on(DAY):
        found = sent(driver)
        driver.do("report_change", **ADDRESS, approval_files=[found.pk], role="institution")
    found.refresh_from_db()
    record = ActRecord.objects.get(word="report_change")
    assert (found.act, found.shared, record.data["approval_files"]) == (record, True, ["批复.pdf"])
    assert Document.objects.get(catalogue=19).data["approval_files"] == ["批复.pdf"]


def test_what_an_act_took_can_neither_be_changed_nor_deleted() -> None:
    driver = life()
    with on(DAY):
        found = sent(driver)
        driver.do("report_change", **ADDRESS, approval_files=[found.pk], role="institution")
    for spoil in (lambda: Attachment.objects.filter(pk=found.pk).update(name="别的.pdf"), lambda: Attachment.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            spoil()


def test_only_files_of_ones_own_about_this_institution_can_be_named() -> None:
    driver, other = life(), life()
    with on(DAY):
        for wrong in (sent(other), sent(driver, driver.city), "nonsense", 999_999):
            with pytest.raises(Invalid) as stopped:
                driver.do("report_change", **ADDRESS, approval_files=[getattr(wrong, "pk", wrong)], role="institution")
            assert list(stopped.value.errors) == ["approval_files"]
    assert not ActRecord.objects.filter(word="report_change").exists()


@pytest.mark.clause("M3")
def test_it_is_its_senders_alone_until_reported_then_of_its_area_and_its_institution(signed_in) -> None:
    driver = life()
    elsewhere, stranger = people("district_agency", "110108")[0], life()
    readers = [driver.owner, driver.district, driver.city, elsewhere, stranger.owner, driver.bureau]
    with on(DAY):
        found = sent(driver)
        browsers = [signed_in(each) for each in readers]
    assert [status(each, found) for each in browsers] == [200, 404, 404, 404, 404, 404]
    with on(DAY):
        driver.do("report_change", **ADDRESS, approval_files=[found.pk], role="institution")
    assert [status(each, found) for each in browsers] == [200, 200, 200, 404, 404, 200]


def test_the_institution_must_send_it_and_loses_nothing_between_two_pages(signed_in) -> None:
    driver = life()
    page = f"/portal/agreements/{driver.agreement.pk}/report_change/"
    with on(DAY):
        browser, given = signed_in(driver.owner), {"version": driver.agreement.version, **ADDRESS}
        assert "重大信息变更须上传主管部门的批准文书" in browser.post(page, given).content.decode()
        look = browser.post(page, {**given, "value": "", "approval_files-upload": SimpleUploadedFile("批复.pdf", PDF)}).content.decode()
        found = Attachment.objects.get()
        assert f'name="approval_files" value="{found.pk}"' in look
        wrong = SimpleUploadedFile("批复.pdf", b"no such kind")
        assert "只接受PDF、PNG和JPEG" in browser.post(page, {**given, "approval_files-upload": wrong}).content.decode()
        look = browser.post(page, {**given, "approval_files": str(found.pk)}).content.decode()
        assert "请核对" in look
        assert "批复.pdf" in look
        done = browser.post(page, {**given, "step": "confirm", "approval_files": str(found.pk)}, follow=True).content.decode()
    assert "已提交“申报信息变更”" in done
    assert address(found) in done
    with on(DAY):
        desk = signed_in(driver.city).get(f"/desk/agreements/{driver.agreement.pk}/").content.decode()
    assert desk.count(address(found)) == 3  # beside the change, among the files and in the log


def test_the_district_records_what_came_on_paper_without_a_file_or_with_it(signed_in) -> None:
    driver = life()
    page = f"/desk/act/agreement/{driver.agreement.pk}/report_change/"
    with on(DAY):
        browser = signed_in(driver.district)
        given = {"version": driver.agreement.version, **ADDRESS}
        browser.post(page, {**given, "approval_files-upload": SimpleUploadedFile("批复.pdf", PDF)})
        driver.agreement.refresh_from_db()
        browser.post(page, {"version": driver.agreement.version, "field": "name", "value": "新名医院", "approved_on": "2026-05-20"})
    assert [each.act.word for each in Attachment.objects.all()] == ["report_change"]
    assert driver.agreement.facts.filter(kind="change_reported").count() == 2


def test_a_program_sends_the_file_first_and_names_it() -> None:
    driver = life()
    with on(DAY):
        program = Program(driver.owner)
        path = f"institutions/{driver.institution.pk}/attachments"
        found = program.post(path, status=201, file=SimpleUploadedFile("批复.pdf", PDF))
        assert program.post(path, status=400, file=SimpleUploadedFile("批复.exe", b"MZ"))["errors"]["file"]
        program.post(f"agreements/{driver.agreement.pk}/acts/report_change", {**ADDRESS, "approval_files": [found["id"]]})
        assert [each["act_id"] for each in program.get(path)["results"]] == [ActRecord.objects.get(word="report_change").pk]
