"""Timers of real cases that come days late, after later acts: each fires once and takes nothing back (R7)."""

from datetime import date

import pytest

from deadlines import clock
from deadlines.models import Deadline
from deadlines.timers import failing, sweep
from tests.driving import Driver, on

pytestmark = [pytest.mark.django_db, pytest.mark.clause("R7")]


def state_of(kind: str) -> str:
    return Deadline.objects.get(kind=kind).state


@pytest.mark.clause("M9.5", "M41.3")
def test_a_timer_that_wakes_after_the_signing_leaves_the_application_signed() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
        driver.form_team()
    with on("2026-03-10"):
        driver.record_result("pass")
        driver.open_notice()
    with on("2026-03-20"):
        driver.sign()
    assert sweep(clock.at(date(2026, 3, 23))).fired == 1
    assert not failing()
    assert (driver.application.state, state_of("notice_period")) == ("signed", "met")
    sweep(clock.at(date(2027, 3, 23)))
    assert not failing()
    assert (driver.application.state, driver.agreement.state, state_of("term_end")) == ("signed", "expired", "met")


@pytest.mark.clause("R2", "M9.2")
def test_a_request_after_the_due_day_does_not_heal_the_miss() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
        driver.form_team()
    with on("2026-06-10"):
        driver.do("request_evidence", items=["消防验收意见"], by="2026-06-20")
    row = Deadline.objects.get(kind="evaluation")
    assert (row.state, row.due_on) == ("missed", date(2026, 6, 2))
