"""The full check before a voluntary exit: what it finds must be dealt with first (I12, R9)."""

from datetime import date

import pytest

from documents.models import Document
from tests.agreements.life import contradictions, life, record, refused, state
from tests.driving import on

pytestmark = [pytest.mark.django_db, pytest.mark.clause("I12", "R9")]


def test_what_is_found_keeps_the_exit_waiting_until_it_is_dealt_with() -> None:
    driver = life()
    with on("2026-03-02"):
        driver.do("request_termination", effective_on="2026-06-02")
        driver.do("order_full_check")
        driver.do("decide_termination", granted=True)
    with on("2026-06-10"):
        driver.do("close_full_check", items="重复收费\n超标准收费")
        assert refused(lambda: driver.do("order_full_check")) == ["state"]
        found = Document.objects.filter(catalogue=33).latest("id")
        assert found.data["found"] is True
        assert [each["required"] for each in found.data["items"]] == ["须先处理完毕", "须先处理完毕"]
        assert contradictions("2026-06-10") == []
    assert state(driver, "2026-06-20") == "active"
    with on("2026-06-20"):
        driver.do("close_full_check")
        closed = Document.objects.filter(catalogue=33).latest("id")
        assert closed.data["found"] is False
        assert "重复收费、超标准收费" in closed.data["conclusion"]
    assert [state(driver, day) for day in ("2026-06-20", "2026-06-21")] == ["active", "terminated"]
    with on("2026-06-20", 11):
        driver.do("void", record("close_full_check"), role="city_agency", reason="并未处理完")
        assert contradictions("2026-06-20") == []
    assert state(driver, "2026-06-21") == "active"


def test_a_check_that_found_nothing_is_closed_at_once_and_an_earlier_ones_findings_are_its_own() -> None:
    driver = life()
    with on("2026-03-02"):
        driver.do("order_full_check")
        driver.do("close_full_check", items="重复收费")
        driver.do("close_full_check")
    with on("2026-04-02"):
        driver.do("order_full_check")
        driver.do("close_full_check")
    assert "conclusion" not in Document.objects.filter(catalogue=33).latest("id").data
    assert driver.agreement.term().checks == [(date(2026, 3, 2), date(2026, 3, 2)), (date(2026, 4, 2), date(2026, 4, 2))]
