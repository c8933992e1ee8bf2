"""What an act would do to somebody's freedom to apply is shown before it is done, and before it is undone (R4, R11)."""

import pytest

from casework.models import ActRecord
from casework.preview import preview
from deadlines import clock
from standing.models import StandingFact
from standing.reading import bans_of
from tests.agreements.life import life
from tests.driving import on

pytestmark = pytest.mark.django_db


@pytest.mark.clause("M12.4", "P11.2", "R4")
@pytest.mark.parametrize(("kind", "clause"), [("hospital", "M12.4"), ("pharmacy", "P11.2")])
def test_a_bar_is_foreseen_and_so_is_its_end(kind: str, clause: str) -> None:
    driver = life(kind)
    with on("2026-06-01"):
        (bar,) = preview("discover_fraud", driver.institution, actor=driver.city, data={}).others
        assert bar.title.startswith(clause)
        assert (bar.before, bar.after) == ("", "至2029-06-01")
        assert not StandingFact.objects.filter(kind="application_fraud").exists()
        driver.do("discover_fraud", driver.institution, role="city_agency")
        assert [ban.clause for ban in bans_of(driver.institution, clock.today())] == [clause]
        done = ActRecord.objects.filter(word="discover_fraud").latest("id")
        (gone,) = preview("void", done, actor=driver.city, data={"reason": "查无实据"}).others
        assert (gone.title, gone.before, gone.after) == (bar.title, "至2029-06-01", "")
