"""What goes on from one term into the next stands with both, and once on the institution's page (R6)."""

from __future__ import annotations

from datetime import date

import pytest

from agreements.models import Agreement
from agreements.reading import with_chain
from pages.life.underway import Item, of_agreement
from tests.agreements.life import life, suspend
from tests.driving import Driver, on

pytestmark = pytest.mark.django_db


def renewed_while_suspended() -> Driver:
    """A pharmacy suspended through 2027-01-20, renewed for 2027; the check failed on 2027-01-11."""
    driver = life("pharmacy")
    with on("2026-11-02"):
        driver.do("request_renewal")
    suspend(driver, "2026-11-10", "2027-01-20", facts="数据未上传")
    with on("2026-11-11"):
        driver.do("decide_renewal", agreed=True)
    with on("2027-01-11"):
        driver.do("record_rectification", passed=False)
    return driver


def items(agreement: Agreement, day: str, kind: str, **more: bool) -> list[Item]:
    (row,) = with_chain([Agreement.objects.get(pk=agreement.pk)])
    return [each for each in of_agreement(row, row.term(), date.fromisoformat(day), **more) if each.kind == kind]


@pytest.mark.clause("R6", "P39.2", "P40.1")
def test_a_suspension_and_its_case_stand_with_both_terms() -> None:
    driver = renewed_while_suspended()
    old, new = driver.institution.agreements.order_by("id")
    for agreement in (old, new):
        (suspension,), (case,) = (items(agreement, "2027-01-12", kind) for kind in ("suspension", "case"))
        assert (suspension.state, suspension.state_title) == ("running", "中止中")
        assert (case.state, case.clause) == ("open", "P40(1)")
    assert items(new, "2027-01-12", "suspension", carried=False) == items(new, "2027-01-12", "case", carried=False) == []


@pytest.mark.clause("M44.1")
def test_what_was_taken_back_says_so_and_is_over() -> None:
    driver = life()
    with on("2026-03-02"):
        for word in ("request_suspension", "request_termination"):
            driver.do(word)
            driver.do("withdraw_request")
    for kind in ("suspension", "request"):
        (item,) = items(driver.agreement, "2026-03-03", kind)
        assert (item.state, item.state_title, item.open, item.taken_back_as) == ("withdrawn", "已撤回", False, "")
        assert ("撤回", date(2026, 3, 2)) in item.rows
