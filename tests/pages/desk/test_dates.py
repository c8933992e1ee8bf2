"""Deadlines by month, and the calendar that others subscribe to."""

import pytest
from django.core import signing
from django.test import Client

from deadlines.models import Deadline
from offices.models import Membership, User
from pages.desk.dates import SALT, _escaped, _folded
from tests.driving import on, people
from tests.pages.desk.conftest import DAY

pytestmark = pytest.mark.django_db


def feed_of(page: str) -> str:
    return page.split('id="feed-link"')[1].split('value="')[1].split('"')[0].replace("http://testserver", "")


@pytest.mark.clause("M26")
def test_a_month_shows_each_deadline_on_its_day(accepted, seat, stranger):
    with on(DAY):
        city = seat(accepted.city)
        june = city.get("/desk/calendar/?month=2026-06")
        shown = {cell["day"].isoformat(): cell["total"] for week in june.context["weeks"] for cell in week if cell["total"]}
        assert shown == {"2026-06-02": 1}
        assert accepted.institution.name in june.content.decode()
        assert "评估期限" in city.page("/desk/calendar/", day="2026-06-02")
        assert accepted.institution.name not in seat(stranger).page("/desk/calendar/", month="2026-06", whose="all")
        assert accepted.institution.name not in seat(accepted.district).page("/desk/calendar/", month="2026-06")
        assert accepted.institution.name in seat(accepted.district).page("/desk/calendar/", month="2026-06", whose="all")
        assert accepted.institution.name in seat(accepted.bureau).page("/desk/calendar/", month="2026-06")


@pytest.mark.parametrize("month", ["2026-13", "nonsense", "0000-00", "9999-12", "2026-02-30", "\x00"])
def test_nonsense_months_show_this_one(accepted, seat, month):
    with on(DAY):
        answer = seat(accepted.city).get("/desk/calendar/", month=month, day="x", whose="x", sort="'")
    assert str(answer.context["first"]) == "2026-03-01"


def test_a_crowded_day_says_how_many_more(accepted, seat):
    row = Deadline.objects.get(kind="evaluation")
    for number in range(6):
        Deadline.objects.create(
            kind="evaluation",
            case_label="application",
            case_id=row.case_id,
            key=f"x{number}",
            institution_id=row.institution_id,
            district=row.district,
            nature="duty",
            state="open",
            due_on=row.due_on,
            clause="M9.2",
            responsible="city_agency",
        )
    with on(DAY):
        assert "还有 3 件" in seat(accepted.city).page("/desk/calendar/", month="2026-06")


@pytest.mark.parametrize("number", [1, 50])
def test_a_month_costs_the_same_for_one_and_for_fifty(accepted, seat, number, django_assert_num_queries):
    row = Deadline.objects.get(kind="evaluation")
    for index in range(number - 1):
        Deadline.objects.create(
            kind="evaluation",
            case_label="application",
            case_id=row.case_id,
            key=f"x{index}",
            institution_id=row.institution_id,
            district=row.district,
            nature="duty",
            state="open",
            due_on=row.due_on,
            clause="M9.2",
            responsible="city_agency",
        )
    with on(DAY):
        browser = seat(accepted.city)
        browser.get("/desk/calendar/?month=2026-06")
        with django_assert_num_queries(8):
            browser.get("/desk/calendar/?month=2026-06")


@pytest.mark.clause("M26")
def test_the_feed_needs_no_sign_in_but_the_link(accepted, seat):
    with on(DAY):
        link = feed_of(seat(accepted.city).page("/desk/calendar/"))
        answer = Client().get(link)
        text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert "DTSTART;VALUE=DATE:20260602\r\n" in text
    assert f"/desk/applications/{accepted.application.pk}/" in text.replace("\r\n ", "")
    assert accepted.institution.name in text.replace("\r\n ", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_a_feed_ends_with_the_password_the_account_and_the_place(accepted, seat):
    user = User.objects.get(pk=accepted.city.user_id)
    with on(DAY):
        link = feed_of(seat(accepted.city).page("/desk/calendar/"))
        User.objects.filter(pk=user.pk).update(is_active=False)
        assert Client().get(link).status_code == 404
        User.objects.filter(pk=user.pk).update(is_active=True)
        assert Client().get(link).status_code == 200
        user.set_password("another-long-one-8")
        user.save()
        assert Client().get(link).status_code == 404
        link = feed_of(seat(accepted.city).page("/desk/calendar/"))
        Membership.objects.filter(user=user).update(to_on="2026-03-01")
        assert Client().get(link).status_code == 404


@pytest.mark.parametrize(
    "token",
    # Signed anew on every collection: without names of their own two workers would not collect the same tests.
    [
        pytest.param("nonsense", id="nonsense"),
        pytest.param(signing.dumps({"u": 1}, salt="other"), id="other salt"),
        pytest.param(signing.dumps({"u": 1}, salt=SALT), id="too little"),
        pytest.param(signing.dumps([], salt=SALT), id="a list"),
    ],
)
def test_a_made_up_link_leads_nowhere(token):
    assert Client().get(f"/desk/feed/{token}.ics").status_code == 404


@pytest.mark.clause("M3")
def test_a_districts_feed_has_its_own_cases_only(accepted, submitted, seat, stranger):
    with on(DAY):
        text = Client().get(feed_of(seat(stranger).page("/desk/calendar/"))).content.decode()
        administrator = seat(people("administrator")[0])
        assert administrator.get("/desk/calendar/").status_code == 404
    assert "VEVENT" not in text


def test_lines_are_folded_between_characters():
    line = "SUMMARY:" + "评估期限" * 30
    folded = _folded(line)
    assert folded.replace("\r\n ", "") == line
    assert all(len(part.encode()) <= 75 for part in folded.split("\r\n"))
    assert _escaped("a,b;c\\d\ne") == "a\\,b\\;c\\\\d\\ne"
