"""What people and programs send wrong, one test for each kind: told in Chinese, nothing lost, nothing half done, never a fault.

Each kind goes to the forms of a desk, a portal and the public, and to the API. Single forms have their own tests beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications.models import Application
from casework import proposals
from casework.acts import registry
from casework.models import ActRecord, Proposal
from documents.models import Document
from evaluations.models import Objection
from institutions.models import Institution
from tests.api.conftest import Program
from tests.driving import PDF, Driver, on
from tests.factories import HospitalFactory
from tests.pages.desk.conftest import DAY, Seat

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
LONG = "长" * 100_000
SCRIPT = "北京<script>alert(1)</script>“安”&<b>康</b>医院"


@pytest.fixture
def driver() -> Driver:
    return Driver()


@pytest.fixture
def submitted(driver: Driver) -> Driver:
    """Filed with one material missing."""
    with on(DAY):
        driver.apply(missing=("M7(5)",))
    return driver


@pytest.fixture
def noticed() -> Driver:
    """On the public notice since the day."""
    driver = Driver()
    with on(DAY):
        driver.apply()
        driver.do("accept")
        driver.form_team()
        driver.record_result("pass")
        driver.open_notice()
    return driver


@contextmanager
def nothing_done() -> Iterator[None]:
    """No act, no paper, no proposal, no upload comes of it."""

    def there() -> list[int]:
        return [model.objects.count() for model in (ActRecord, Document, Proposal, Objection, Application)]

    before = there()
    yield
    assert there() == before


def told(answer: Any, *statuses: int) -> str:
    """A page or a problem in Chinese, with one of the statuses."""
    text = answer.content.decode()
    assert answer.status_code in (statuses or (200, 400, 409, 422)), (answer.status_code, text[:500])
    words = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)
    assert re.search(r"[一-龥]{2}", words)
    return words


def acts_of(driver: Driver) -> Iterator[tuple[Seat, str, Any]]:
    """Every act that the district, the city or the bureau can open a form of, with what it is done to."""
    cases: dict[Any, Any] = {Application: driver.application, Institution: driver.institution}
    for actor in (driver.district, driver.city, driver.bureau):
        browser = Seat(actor)
        for word, act in registry.items():
            subject = cases.get(act.subject)
            if act.form is not None and subject is not None and actor.role in act.roles and act.available(subject):
                yield browser, word, subject


def test_empty(submitted: Driver) -> None:
    """A form sent without anything says what is missing; where nothing is missing it is the act itself."""
    asked = 0
    with on(DAY):
        for browser, word, subject in acts_of(submitted):
            if any(field.required for field in registry[word].form.base_fields.values()):
                with nothing_done():
                    assert "dd-errors" in told(browser.act(word, subject), 200), word
                asked += 1
        with nothing_done():
            problem = Program(submitted.district).post(f"applications/{submitted.application.pk}/acts/check_material", {}, status=400)
        assert "item" in problem["errors"]
    assert asked >= 5


def test_huge(submitted: Driver) -> None:
    """A text beyond every bound is told at its field and shown again."""
    with on(DAY), nothing_done():
        for browser, word, subject in acts_of(submitted):
            sent = dict.fromkeys(registry[word].form.base_fields, LONG)
            told(browser.act(word, subject, **sent), 200)
        answer = Seat(submitted.district).act("check_material", submitted.application, item="M7(1)", note="长" * 301)
        assert "长" * 301 in told(answer, 200)
        address = f"applications/{submitted.application.pk}/acts/check_material"
        assert "note" in Program(submitted.district).post(address, {"item": "M7(1)", "note": LONG}, status=400)["errors"]


@pytest.mark.parametrize("value", ["nonsense", "-1", "\x00", "2026-02-30", "99999999999999999999", "'; drop table", "[]", "½", "１２３x"])
def test_wrong_kind(submitted: Driver, value: str) -> None:
    """A word where a number, a day or a choice belongs."""
    tried = 0
    with on(DAY):
        for browser, word, subject in acts_of(submitted):
            fields = registry[word].form.base_fields.values()
            if any(field.required and type(field).__name__ != "CharField" for field in fields):
                with nothing_done():
                    told(browser.act(word, subject, **dict.fromkeys(registry[word].form.base_fields, value)), 200)
                tried += 1
    assert tried >= 3


def test_script_in_names() -> None:
    """A name with a script is the text of a name, on every page that shows it and in the API."""
    driver = Driver(HospitalFactory(district="110105", name=SCRIPT))
    with on(DAY):
        driver.apply()
        driver.do("accept")
        driver.form_team()
        driver.record_result("pass")
        driver.open_notice()
        case = f"applications/{driver.application.pk}/"
        shown = {
            driver.district: ["/desk/applications/", f"/desk/{case}", f"/desk/institutions/{driver.institution.pk}/", "/desk/calendar/"],
            driver.city: ["/desk/", "/desk/institutions/", f"/desk/{case}", f"/desk/{case}findings/"],
            driver.owner: ["/portal/", f"/portal/{case}", "/portal/record/", "/portal/documents/", "/public/notices/"],
        }
        for actor, addresses in shown.items():
            for address in addresses:
                page = Seat(actor).page(address)
                assert "<script>alert" not in page, address
                assert "<b>康" not in page, address
        assert "&lt;b&gt;康&lt;/b&gt;" in Seat(driver.owner).page("/public/notices/")
        program = Program(driver.city)
        assert program.get(f"institutions/{driver.institution.pk}")["name"] == SCRIPT
        assert program.last["X-Content-Type-Options"] == "nosniff"


def test_stale_form(submitted: Driver) -> None:
    """Every act on the case from a page opened before another's act: 409, and who did what."""
    opened = submitted.application.version
    with on(DAY):
        submitted.do("check_material", item="M7(1)", fit=True)
        browser, tried = Seat(submitted.district_reviewer), 0
        for word, act in registry.items():
            if act.subject is Application and "district_agency" in act.roles and act.available(submitted.application):
                with nothing_done():
                    text = told(browser.act(word, submitted.application, version=opened), 409)
                assert "核对材料" in text
                assert submitted.district.user_name in text
                tried += 1
        assert tried >= 3
        with nothing_done():
            address = f"applications/{submitted.application.pk}/acts/request_supplement"
            problem = Program(submitted.district_reviewer).post(address, {"version": opened}, status=409)
    assert submitted.district.user_name in problem["changed_by"]


def test_double_click(submitted: Driver, noticed: Driver) -> None:
    """The same form twice: done once, at the desk, in the portal, by the public, through the API."""
    case, desk = submitted.application, Seat(submitted.district)
    with on(DAY):
        version = case.version
        assert [desk.act("request_supplement", case, version=version).status_code for _ in range(2)] == [302, 409]
        assert ActRecord.objects.filter(word="request_supplement").count() == 1
        assert Document.objects.filter(catalogue=3).count() == 1
        other = Driver()
        portal = Seat(other.owner)
        assert len({portal.post("/portal/apply/")["Location"] for _ in range(2)}) == 1
        assert other.institution.applications.count() == 1
        for _ in range(2):
            portal.post(f"/public/notices/{noticed.application.pk}/object/", text="营业时间与登记的不符", objector="赵某")
        assert Objection.objects.count() == 1
        version = submitted.application.version
        body = {"reason": "不再补正", "version": version}
        program, address = Program(submitted.owner), f"applications/{case.pk}/acts/withdraw"
        program.post(address, body)
        program.post(address, body, status=409)
        assert ActRecord.objects.filter(word="withdraw").count() == 1


@pytest.mark.clause("M29")
def test_two_reviewers_at_once(submitted: Driver) -> None:
    """The second of two reviewers is told who was first; at the same instant: tests/casework/test_races.py."""
    case = submitted.application
    with on(DAY):
        data = {"ground": ["M12.1"], "evidence": "现场核查"}
        proposal = proposals.propose("refuse", case, actor=submitted.district, data=data)
        first, second = Seat(submitted.district_reviewer), Seat(submitted.district_reviewer)
        address = f"/desk/proposals/{proposal.pk}/"
        assert all("签署" in browser.page(address) for browser in (first, second))
        assert first.post(address, answer="confirm").status_code == 302
        with nothing_done():
            assert submitted.district_reviewer.user_name in told(second.post(address, answer="confirm"), 409)
            assert second.post(address, answer="return", remark="证据不足").status_code == 409
            Program(submitted.district_reviewer).post(f"proposals/{proposal.pk}/confirm", status=409)
    assert Proposal.objects.get().state == "confirmed"
    assert Document.objects.filter(catalogue=4).count() == 1


LIES = [
    ("申请表.pdf", b"MZ\x90\x00 a program"),
    ("申请表.pdf", b""),
    ("申请表.png", PDF),
    ("申请表.exe", PDF),
    ("申请表", PDF),
    ("网页.jpg", b"<html><script>alert(1)</script></html>"),
    ("压缩.pdf", b"PK\x03\x04 an archive"),
]


@pytest.mark.parametrize(("name", "content"), LIES)
def test_uploads_that_lie_about_their_type(driver: Driver, name: str, content: bytes) -> None:
    """Told in words; the file that was there before stays the one that counts."""
    with on(DAY):
        driver.do("start_application")
        driver.upload("M7(1)")
        case = driver.application
        before = list(case.materials.values("pk", "replaced_at"))
        address = f"/portal/applications/{case.pk}/draft/materials/M7(1)/"
        with nothing_done():
            told(Seat(driver.owner).post(address, item="M7(1)", file=SimpleUploadedFile(name, content, "application/pdf")), 200)
            file = SimpleUploadedFile(name, content, "application/pdf")
            problem = Program(driver.owner).post(f"applications/{case.pk}/acts/upload_material", {"item": "M7(1)"}, status=400, file=file)
    assert "file" in problem["errors"]
    assert list(case.materials.values("pk", "replaced_at")) == before


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9999-12-31", "2026-02-30", "2026-13-01", "10000-01-01", "26-3-2", "明天"])
def test_dates_out_of_range(noticed: Driver, day: str) -> None:
    """A day before all records, after all calendars, or on no calendar at all."""
    paper = Document.objects.filter(case_label="application", case_id=noticed.application.pk, catalogue=10).first()
    paper = paper or Document.objects.filter(issuer=noticed.city.office_id).latest("id")
    with on(DAY), nothing_done():
        told(Seat(noticed.city).act("serve_document", paper, method="in_person", on=day), 200)
        problem = Program(noticed.city).post(f"documents/{paper.pk}/acts/serve_document", {"method": "in_person", "on": day}, status=400)
        assert "on" in problem["errors"]
        told(Seat(noticed.district).act("complete_institution", noticed.institution, opened_on=day), 200)
        told(Seat(noticed.bureau).act("set_slot", kind="hospital", slot="M7(6)", title="意见", parts="表", from_on=day), 200)


@pytest.mark.clause("M7")
def test_the_same_institution_filed_twice(submitted: Driver) -> None:
    """A second application beside one in hand: refused by page and API; at the same instant: tests/casework/test_races.py."""
    with on(DAY), nothing_done():
        answer = Seat(submitted.owner).client.post("/portal/apply/", follow=True)
        assert "已有办理中的申请" in told(answer, 200)
        address = f"institutions/{submitted.institution.pk}/acts/start_application"
        problem = Program(submitted.owner).post(address, status=422)
    assert "申请" in problem["detail"]
    assert submitted.institution.applications.count() == 1
