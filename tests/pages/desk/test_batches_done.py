"""One act for many rows: tried first, then done, with a result for each row."""

import pytest

from documents.models import Document
from evaluations.models import Notice
from tests.driving import Driver, on
from tests.factories import HospitalFactory
from tests.pages.desk.conftest import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def passed() -> list[Driver]:
    """Two passed applications, the first of them filed with the bureau."""
    drivers = [Driver(HospitalFactory(district="110105")) for _ in range(2)]
    for driver in drivers:
        with on(DAY):
            driver.apply()
            driver.do("accept")
            driver.form_team()
        with on("2026-03-10"):
            driver.record_result("pass")
    with on("2026-03-10"):
        drivers[0].do("file_result")
    return drivers


def rows(drivers: list[Driver]) -> list[str]:
    return [f"application-{driver.application.pk}" for driver in drivers]


@pytest.mark.clause("M9.4", "M9.5")
def test_tried_then_done_with_a_result_for_each(passed, seat):
    with on("2026-03-11"):
        city = seat(passed[0].city)
        page = city.post("/desk/batch/", word="open_notice", rows=rows(passed), back="/desk/?matter=passed").content.decode()
        assert "先试办 2 件" in page
        tried = city.post("/desk/batch/", word="open_notice", rows=rows(passed), step="try", days="3", reason="国庆假期前办结")
        assert [each["done"] for each in tried.context["results"]] == [True, False]
        assert "尚未报同级医疗保障行政部门备案" in tried.content.decode()
        assert 'name="days" value="3"' in tried.content.decode()
        assert Notice.objects.count() == 0
        done = city.post("/desk/batch/", word="open_notice", rows=rows(passed), step="do", days="3", reason="国庆假期前办结")
        assert "已办理 1 件，1 件没有办成" in done.content.decode()
        assert Document.objects.filter(catalogue=13).get().number in done.content.decode()
    assert [driver.application.state for driver in passed] == ["public_notice", "passed"]
    assert Notice.objects.get().days == 3
    assert Document.objects.get(catalogue=13).data["shortened"] == {"days": 3, "reason": "国庆假期前办结"}


@pytest.mark.clause("M9.5")
def test_many_rows_share_one_notice(passed, seat):
    with on("2026-03-11"):
        passed[1].do("file_result")
        seat(passed[0].city).post("/desk/batch/", word="open_notice", rows=rows(passed), step="do")
    assert Notice.objects.get().entries.count() == 2
    assert Document.objects.filter(catalogue=13).count() == 1


def test_a_row_that_changed_since_it_was_tried_is_left_out(passed, seat):
    case = passed[1].application
    with on("2026-03-11"):
        passed[1].do("file_result")
        answer = seat(passed[0].city).post(
            "/desk/batch/", word="open_notice", rows=rows(passed), step="do", **{f"version-application-{case.pk}": case.version}
        )
    results = answer.context["results"]
    assert [each["done"] for each in results] == [True, False]
    assert "评估结果备案" in results[1]["sentence"]
