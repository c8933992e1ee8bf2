"""One act for many rows: tried first, then done, with a result for each row."""

import pytest

from agreements.models import Agreement
from applications.models import Application
from tests.driving import Driver, on, people
from tests.pages.desk.conftest import DAY

pytestmark = pytest.mark.django_db


def rows(drivers: list[Driver]) -> list[str]:
    return [f"application-{driver.application.pk}" for driver in drivers]


@pytest.mark.clause("M10.2")
def test_agreements_are_filed_together(signed, seat):
    pk = signed.agreement.pk
    with on("2026-03-18"):
        city = seat(signed.city)
        answer = city.post("/desk/batch/", word="file_agreement", rows=[f"agreement-{pk}", "application-1", "nonsense"], step="try")
        assert answer.context["others"] == 2
        city.post("/desk/batch/", word="file_agreement", rows=[f"agreement-{pk}"], step="do")
    assert Agreement.objects.get().term().filed_on is not None


@pytest.mark.clause("M3")
def test_rows_of_others_are_not_touched(submitted, seat, stranger):
    with on(DAY):
        browser = seat(stranger)
        answer = browser.post("/desk/batch/", word="assign", rows=rows([submitted]), step="do", owner=stranger.user_id)
        assert "没有可以办理的事项" in answer.content.decode()
        assert browser.post("/desk/batch/", word="open_notice", rows=rows([submitted])).status_code == 404
        assert browser.post("/desk/batch/", word="accept", rows=rows([submitted])).status_code == 404
        assert browser.post("/desk/batch/", word="nonsense").status_code == 404
        assert browser.get("/desk/batch/").status_code == 405
        assert seat(people("auditor")[0]).post("/desk/batch/", word="assign").status_code == 404
    assert Application.objects.get().owner is None


@pytest.mark.parametrize("given", [[], ["application-"], ["application-99999999999999999999"], ["-1"], ["application-1' or 1"], ["\x00"]])
def test_nonsense_rows_do_nothing(submitted, seat, given):
    with on(DAY):
        answer = seat(submitted.city).post("/desk/batch/", word="assign", rows=given, step="do")
    assert answer.status_code == 200


def test_the_way_back_stays_on_the_desk(submitted, seat):
    with on(DAY):
        for back, kept in (("/desk/?q=a", "/desk/?q=a"), ("https://elsewhere.example/", "/desk/"), ("/desk//elsewhere", "/desk/")):
            answer = seat(submitted.city).post("/desk/batch/", word="assign", rows=rows([submitted]), back=back)
            assert answer.context["back"] == kept


def test_too_many_at_once_are_refused(submitted, seat):
    with on(DAY):
        many = [f"application-{number}" for number in range(1, 300)] + rows([submitted])
        answer = seat(submitted.city).post("/desk/batch/", word="assign", rows=many, step="do")
    assert "每批不超过200件" in answer.content.decode()
