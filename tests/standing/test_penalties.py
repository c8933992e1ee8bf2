"""Penalties and liabilities carried out: one, or all (M12.3, M12.5, M12.6, R4)."""

from datetime import date

import pytest

from casework.refusals import Invalid
from standing.models import StandingFact
from standing.reading import bans_of
from tests.agreements.life import refused
from tests.driving import Driver, on

pytestmark = pytest.mark.django_db


@pytest.mark.clause("M12.3", "R4")
def test_one_penalty_carried_out_leaves_the_other() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.do("impose_penalty", subject=driver.institution, by="2026-03-10", remark="警告并罚款")
        driver.do("impose_penalty", subject=driver.institution, by="2026-03-20", remark="责令改正")
        first, second = StandingFact.objects.filter(kind="penalty").order_by("pk")
        driver.do("fulfil_penalty", subject=driver.institution, of=first.pk)
        with pytest.raises(Invalid):
            driver.do("fulfil_penalty", subject=driver.institution, of=first.pk)
    assert [each.clause for each in bans_of(driver.institution, date(2026, 3, 20))] == []
    assert [(each.clause, each.starts_on) for each in bans_of(driver.institution, date(2026, 3, 21))] == [("M12.3", date(2026, 3, 21))]
    with on("2026-03-23"):
        driver.do("fulfil_penalty", subject=driver.institution)
        assert refused(lambda: driver.do("fulfil_penalty", subject=driver.institution)) == ["state"]
        assert refused(lambda: driver.do("fulfil_liability", subject=driver.institution)) == ["state"]
    assert bans_of(driver.institution, date(2026, 3, 24)) == []
    assert second.data["remark"] == "责令改正"
