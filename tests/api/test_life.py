"""A program reads everything about one agreement from its facts: what, from when, until when, why (M41–M45)."""

from __future__ import annotations

import pytest

from agreements.models import Agreement
from tests.agreements.life import life, suspend, suspended_at_request
from tests.api.conftest import Program
from tests.driving import on

pytestmark = pytest.mark.django_db


@pytest.mark.clause("M42.5", "M42.6", "M40.1", "M41.1", "M43", "I17")
def test_each_kind_of_thing_has_its_days_and_its_grounds() -> None:
    driver = life("pharmacy", phone="010-10000000")
    suspended_at_request(driver, "2026-05-10", days=30)
    suspend(driver, "2026-05-20", "2026-06-30")
    with on("2026-05-21"):
        driver.do("report_change", field="phone", value="010-20000000")
        driver.do("hold_settlement", reason="不配合检查")
    with on("2026-05-22"):
        answer = Program(driver.city).get(f"agreements/{driver.agreement.pk}")
    assert (answer["state"], answer["previous_id"], answer["renewed_by_id"]) == ("suspended", None, None)
    told = answer["life"]
    asked, imposed = told["suspensions"]
    assert (asked["imposed"], asked["first_day"], asked["last_day"]) == (False, "2026-05-10", "2026-05-19")
    assert (asked["stated_last_day"], asked["day_180"], asked["state"]) == ("2026-06-08", "2026-11-05", "over")
    assert (imposed["ground"][:6], imposed["decided_on"], imposed["last_day"]) == ("P39.5(", "2026-05-20", "2026-06-30")
    (change,) = told["changes"]
    assert (change["title"], change["before"], change["after"], change["major"]) == ("电话", "010-10000000", "010-20000000", False)
    (hold,) = told["holds"]
    assert (hold["clause"], hold["since"], hold["released_on"]) == ("P35.2", "2026-05-21", None)
    assert {name for name, rows in told.items() if rows} >= {"suspensions", "changes", "holds"}


@pytest.mark.clause("M41.1", "M43", "R5")
def test_the_chain_of_terms_and_the_end_are_told() -> None:
    driver = life()
    with on("2026-09-01"):
        driver.do("request_renewal")
        driver.do("decide_renewal", agreed=True)
    old, renewed = Agreement.objects.order_by("first_day")
    with on("2027-02-01"):
        first = Program(driver.city).get(f"agreements/{old.pk}")
        second = Program(driver.city).get(f"agreements/{renewed.pk}")
    assert (first["renewed_by_id"], second["previous_id"], second["state"]) == (renewed.pk, old.pk, "active")
    (renewal,) = first["life"]["renewals"]
    assert (renewal["state"], renewal["late"], renewal["requested_on"]) == ("agreed", False, "2026-09-01")
