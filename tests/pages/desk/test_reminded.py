"""What an office was reminded of stands among its notifications."""

from datetime import date

import pytest

from deadlines import clock
from deadlines.timers import sweep
from offices.actors import actor_for
from offices.models import Office
from tests.driving import on
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.mark.clause("M3", "M8.2")
def test_each_office_reads_what_it_was_told(submitted, seat, stranger):
    name = submitted.institution.name
    sweep(clock.at(date(2026, 3, 8)))
    sweep(clock.at(date(2026, 3, 10)))
    with on(date(2026, 3, 10)):
        page = seat(submitted.district).page("/account/notifications/")
        assert page.count(name) == page.count("提醒</span>") + page.count("督办</span>")
        assert f'href="/desk/applications/{submitted.application.pk}/"' in page
        assert page.count("材料核对与一次性告知已于2026-03-09到期") == 1
        assert "督办</span>" in seat(submitted.city).page("/account/notifications/")
        for outside in (submitted.bureau, stranger):
            assert name not in seat(outside).page("/account/notifications/").split("<main", 1)[1]
    with on(date(2026, 5, 10)):
        assert name not in seat(submitted.district).page("/account/notifications/")


@pytest.mark.clause("M8.2", "P7.2")
def test_an_unanswered_fifth_day_is_told_to_the_supervisors_of_the_agency(seat, submitted):
    office = Office.objects.get(pk=submitted.district.office_id)
    with on("2026-03-10"):
        sweep(clock.now())
        assert "督办</span>" in seat(submitted.district).page("/account/notifications/"), "an office without supervisors is told as a whole"
        supervisor = actor_for(MembershipFactory(office=office, supervisor=True, from_on="2022-01-01"))
        assert "督办</span>" in seat(supervisor).page("/account/notifications/")
        assert "督办</span>" not in seat(submitted.district).page("/account/notifications/")
