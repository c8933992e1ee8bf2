"""What is raised and how it ends comes with its files, open to both sides and to nobody else (M46, P42, I7, R11)."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework.attaching import keep
from casework.models import ActRecord, Attachment
from disputes.models import Dispute
from offices.actors import Actor
from offices.models import User
from tests.agreements.life import life, record, suspend
from tests.api.conftest import Program
from tests.conftest import MODEL_BACKEND
from tests.driving import PDF, Driver, on, people

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M46", "P42")]
DAY = "2026-06-01"


def browser(who: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=who.user_id), backend=MODEL_BACKEND)
    return client


def scan(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF)


def raised(driver: Driver, word: str, name: str, **more: object) -> Attachment:
    """Raised on the portal: first the look, then the deed."""
    window, page = browser(driver.owner), f"/portal/disputes/{word}/"
    driver.institution.refresh_from_db()
    given = {"version": driver.institution.version, "text": "未按时拨付", **more}
    look = window.post(page, {**given, "attachments-upload": scan(name)}).content.decode()
    found = Attachment.objects.get(name=name)
    assert f'name="attachments" value="{found.pk}"' in look
    done = window.post(page, {**given, "attachments": found.pk, "step": "confirm"}, follow=True).content.decode()
    assert f"/portal/attachments/{found.pk}/" in done
    return found


@pytest.mark.clause("I7")
@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
@pytest.mark.parametrize(
    ("ask", "answer", "who"), [("demand_correction", "answer_correction", "city"), ("request_mediation", "answer_mediation", "bureau")]
)
def test_what_is_demanded_and_its_answer_are_read_by_both_sides(kind: str, ask: str, answer: str, who: str) -> None:
    driver = life(kind)
    with on(DAY):
        found = raised(driver, ask, "拨付明细.pdf")
        dispute = Dispute.objects.get()
        office = getattr(driver, who)
        page = f"/desk/act/dispute/{dispute.pk}/{answer}/"
        given = {"version": dispute.version, "conclusion": "已补拨", "attachments-upload": scan("拨付凭证.pdf")}
        assert browser(office).post(page, given).status_code == 302
        reply = Attachment.objects.get(name="拨付凭证.pdf")
        assert (found.act_id, reply.act) == (None, ActRecord.objects.get(word=answer))
        found.refresh_from_db()
        assert found.act == ActRecord.objects.get(word=ask)
        for reader in (driver.city, driver.district, driver.bureau):
            shown = browser(reader).get(f"/desk/disputes/{dispute.pk}/").content.decode()
            assert all(f"/portal/attachments/{each.pk}/" in shown for each in (found, reply))
        own = browser(driver.owner).get("/portal/disputes/").content.decode()
        assert all(f"/portal/attachments/{each.pk}/" in own for each in (found, reply))
        names = [each["name"] for each in Program(driver.owner).get(f"disputes/{dispute.pk}")["attachments"]]
        assert names == ["拨付明细.pdf", "拨付凭证.pdf"]


@pytest.mark.clause("R11", "M3")
def test_a_lawsuit_and_its_judgment_are_served_by_permission() -> None:
    driver = life()
    suspend(driver, "2026-05-20", "2026-07-20")
    elsewhere, stranger = people("district_agency", "110108")[0], life()
    with on(DAY):
        suit = keep(scan("起诉状.pdf"), driver.institution.pk, driver.owner)
        driver.do(
            "file_remedy", driver.institution, role="institution", what="lawsuit", against=record("suspend").pk, attachments=[suit.pk]
        )  # fmt: skip
        dispute = Dispute.objects.get()
        judgment = keep(scan("判决书.pdf"), driver.institution.pk, driver.city)
        driver.do("decide_remedy", dispute, outcome="upheld", attachments=[judgment.pk])
        for each in (suit, judgment):
            readers = (driver.owner, driver.district, driver.city, driver.bureau, elsewhere, stranger.owner)
            found = [browser(reader).get(f"/portal/attachments/{each.pk}/").status_code for reader in readers]
            assert found == [200, 200, 200, 200, 404, 404]
