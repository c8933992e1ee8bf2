"""Institutions with agreements, as the public meets them."""

from datetime import date, timedelta

import pytest

from agreements.models import Agreement
from deadlines.periods import term_last_day
from institutions.models import Institution
from tests.driving import Driver, on

DAY = date(2026, 3, 2)


def agreement(institution: Institution, first: date = DAY, last: date | None = None, **more) -> Agreement:
    """An agreement as the import of a running district leaves it."""
    last = last or term_last_day(first, 1)
    serial = Agreement.objects.count() + 1
    days = {"first_day": first, "last_day": last, "ended_on": more.pop("ended_on", last)}
    return Agreement.objects.create(institution=institution, number=f"定协2026-{serial:05d}", **days, **more)


@pytest.fixture
def on_notice(db) -> Driver:
    """Shown to the public from 2026-03-02 through 2026-03-09."""
    driver = Driver()
    with on(DAY - timedelta(days=20)):
        driver.apply()
        driver.do("accept")
        driver.form_team()
        driver.record_result()
        driver.do("serve_result")
    with on(DAY):
        driver.open_notice()
    return driver
