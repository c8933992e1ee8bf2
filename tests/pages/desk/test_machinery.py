"""Timers, kill switches, working days: kept by the administrator, who sees no case."""

import pytest

from deadlines import calendar_changes, clock, registry
from deadlines.loading import working_calendar
from deadlines.models import CalendarDay, Deadline, EffectSwitch
from deadlines.registry import Kind
from deadlines.timers import sweep
from tests.driving import on, people
from tests.pages.desk.conftest import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return people("administrator")[0]


@pytest.fixture
def automatic(monkeypatch) -> str:
    monkeypatch.setitem(registry.kinds, "lapse", Kind("自动终止", "period", on_due=lambda row: None))
    return "lapse"


@pytest.mark.clause("M3")
def test_failing_timers_are_listed_without_the_case(submitted, seat, administrator):
    Deadline.objects.update(attempts=3, last_error="ValueError: <script>某种错误", wake_at="2026-03-02T10:00Z")
    with on(DAY):
        page = seat(administrator).page("/desk/timers/")
    assert "材料核对与一次性告知" in page
    assert "&lt;script&gt;某种错误" in page
    assert submitted.institution.name not in page
    assert submitted.application.number not in page


def test_automatic_effects_are_switched_off_and_on_with_a_reason(submitted, seat, administrator, automatic):
    with on(DAY):
        browser = seat(administrator)
        assert "自动终止" in browser.page("/desk/timers/")
        assert "理由" in browser.post("/desk/timers/", switch="off", kind=automatic, district="110105", reason=" ").content.decode()
        assert browser.post("/desk/timers/", switch="off", kind=automatic, district="110105", reason="核对数据").status_code == 302
        assert (
            "已经停用"
            in browser.client.post(
                "/desk/timers/", {"switch": "off", "kind": automatic, "district": "110105", "reason": "再停"}, follow=True
            ).content.decode()
        )
        row = EffectSwitch.objects.get()
        assert (row.off_by_name, row.reason, row.on_since) == (administrator.user_name, "核对数据", None)
        browser.post("/desk/timers/", switch="on", kind=automatic, district="110105")
        assert EffectSwitch.objects.get().on_since is not None
        again = browser.client.post("/desk/timers/", {"switch": "on", "kind": automatic, "district": "110105"}, follow=True)
        assert "没有停用" in again.content.decode()


@pytest.mark.parametrize(
    "given",
    [{}, {"switch": "x"}, {"switch": "off"}, {"switch": "off", "kind": "x", "district": "x", "reason": "x"}, {"switch": "on", "kind": "'"}],
)
def test_nonsense_switches_nothing(seat, administrator, given):
    with on(DAY):
        assert seat(administrator).post("/desk/timers/", **given).status_code in (200, 404)
    assert not EffectSwitch.objects.exists()


def test_only_the_administrator_switches(submitted, seat, automatic):
    with on(DAY):
        assert "停用一类" not in seat(submitted.bureau).page("/desk/timers/")
        assert seat(submitted.bureau).post("/desk/timers/", switch="off", kind=automatic, district="110105", reason="x").status_code == 404
        assert seat(submitted.city).get("/desk/timers/").status_code == 404


@pytest.mark.clause("R1")
def test_a_day_is_overruled_with_a_reason_and_deadlines_follow(submitted, seat, django_capture_on_commit_callbacks):
    with on(DAY):
        bureau = seat(submitted.bureau)
        assert "理由" in bureau.post("/desk/workdays/", day="2026-03-09", working="no", reason="").content.decode()
        with django_capture_on_commit_callbacks(execute=True):
            assert bureau.post("/desk/workdays/", day="2026-03-09", working="no", reason="市政府通知<b>").status_code == 302
        page = bureau.page("/desk/workdays/", year="2026")
        assert "市政府通知&lt;b&gt;" in page
        assert submitted.bureau.user_name in page
        assert not working_calendar().is_working(CalendarDay.objects.get(source="override").day)
        assert sweep(clock.now()).failed == 0
    assert str(Deadline.objects.get(kind="supplement").due_on) == "2026-03-10"


@pytest.mark.parametrize("year", ["2027", "nonsense", "0", "99999", "2003"])
def test_any_year_can_be_asked_for(submitted, seat, year):
    calendar_changes.seed()
    with on(DAY):
        page = seat(submitted.district).page("/desk/workdays/", year=year)
    assert ("尚未公布" in page) == (year == "2027")


def test_days_are_overruled_by_the_bureau_and_the_administrator_only(submitted, seat, administrator):
    given = {"day": "2026-03-09", "working": "no", "reason": "通知"}
    with on(DAY):
        for actor in (submitted.city, submitted.district, people("auditor")[0]):
            assert seat(actor).post("/desk/workdays/", **given).status_code == 404
        assert seat(administrator).post("/desk/workdays/", **given).status_code == 302
        assert seat(submitted.owner).get("/desk/workdays/").status_code == 404
        for day in ("1999-01-01", "2999-01-01", "2026-02-30", ""):
            assert seat(administrator).post("/desk/workdays/", **given | {"day": day}).status_code == 200
    assert CalendarDay.objects.filter(source="override").count() == 1
