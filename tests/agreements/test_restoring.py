"""A suspended department or person is settled again (M45, I5)."""

from datetime import date

import pytest

from documents.models import Document
from settlement.answer import Query
from settlement.reading import answer
from tests.agreements.life import URGENT, contradictions, life, record, refused
from tests.driving import Driver, on

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M45", "I5", "R8")]


def settled(driver: Driver, day: str, **of: str) -> str:
    return answer(driver.institution, Query(date.fromisoformat(day), **of)).answer


@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_a_person_suspended_until_further_notice_comes_back_tomorrow(kind: str) -> None:
    driver = life(kind)
    with on("2026-05-01"):
        assert refused(lambda: driver.do("restore_part", reason="没有中止过")) == ["state"]
        driver.do("suspend_part", person="孙某", **URGENT)
    with on("2026-06-10"):
        driver.do("restore_part", reason="培训考核合格")
        paper = Document.objects.filter(catalogue=28).latest("id")
        assert (paper.title, paper.data["restored_on"], paper.data.get("remedy_days")) == ("恢复责任人员医保服务通知书", "2026-06-11", None)
        assert refused(lambda: driver.do("restore_part", reason="再一次")) == ["state"]
        assert contradictions("2026-06-10") == []
    assert [settled(driver, day, person="孙某") for day in ("2026-05-01", "2026-06-10", "2026-06-11")] == ["refuse", "refuse", "settle"]
    with on("2026-06-10", 10):
        driver.do("void", record("restore_part"), role="city_agency", reason="误点")
    assert settled(driver, "2026-06-11", person="孙某") == "refuse"


def test_of_several_the_one_must_be_named_and_one_ended_for_good_stays_out() -> None:
    driver = life()
    with on("2026-05-01"):
        driver.do("suspend_part", department="口腔科", to_on="2026-07-31", **URGENT)
        driver.do("suspend_part", person="孙某", **URGENT)
        driver.do("suspend_part", person="李某", ended=True, **URGENT)
        assert refused(lambda: driver.do("restore_part", reason="哪一项")) == ["state"]
        department, person, _ = driver.agreement.facts.filter(kind="part_suspended")
        driver.do("restore_part", part=department.pk, reason="整改合格")
    assert [settled(driver, day, department="口腔科") for day in ("2026-05-01", "2026-05-02")] == ["refuse", "settle"]
    assert settled(driver, "2026-05-02", person="孙某") == "refuse"
    assert settled(driver, "2026-12-01", person="李某") == "refuse"
    with on("2026-08-03"):
        driver.do("restore_part", part=person.pk, reason="整改合格")
        assert refused(lambda: driver.do("restore_part", reason="没有了")) == ["state"]
