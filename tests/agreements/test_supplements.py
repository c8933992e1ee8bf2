"""The supplementary agreement of an internet hospital follows its physical hospital's: its renewal, its holds, its parts (M5.2)."""

from datetime import date

import pytest

from agreements.models import Agreement
from documents.models import Document
from settlement.answer import Query
from settlement.reading import answer, answer_many
from tests.agreements.life import contradictions, life, refused, swept
from tests.driving import Driver, on
from tests.factories import HospitalFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M5.2")]


def pair(last: str = "2026-12-31") -> tuple[Driver, Driver]:
    """A physical hospital and its internet hospital, signed on 2026-03-30 through ``last``."""
    main = life()
    internet = Driver(HospitalFactory(district="110105", category="internet", parent=main.institution, ownership="private"))
    with on("2026-03-02"):
        internet.apply()
        internet.do("accept")
        internet.form_team()
        internet.record_result()
        internet.do("serve_result")
        internet.open_notice()
    with on("2026-03-30"):
        internet.sign(kind="supplementary", to_on=last, reason="随主协议")
    return main, internet


def answered(driver: Driver, day: str, **more: str) -> tuple[str, str]:
    """By the facts; the kept line must say the same."""
    query = Query(date.fromisoformat(day), **more)
    said = answer(driver.institution, query)
    assert answer_many([(driver.institution.uscc, query)]) == [said]
    return said.answer, said.clause


@pytest.mark.parametrize("last", ["2026-12-31", "2026-11-30"])
def test_it_goes_on_with_the_renewed_main_agreement(last: str) -> None:
    main, internet = pair(last)
    before = main.agreement
    with on("2026-09-15"):
        main.do("request_renewal")
        assert refused(lambda: internet.do("request_renewal")) == ["M5.2"]
        main.do("decide_renewal", agreed=True)
        assert contradictions("2026-09-15") == []
    renewed = Agreement.objects.get(previous=before)
    follower = internet.institution.agreements.latest("first_day")
    assert (follower.main, follower.kind) == (renewed, "supplementary")
    assert (follower.first_day, follower.last_day) == (date(2027, 1, 1), date(2027, 12, 31))
    paper = Document.objects.filter(catalogue=16, recipient=internet.institution.name).latest("id")
    assert (paper.data["agreement"]["kind"], paper.data["agreement"]["main_number"]) == ("supplementary", renewed.number)
    for day in (last, "2026-12-31", "2027-01-01", "2027-12-31"):
        assert answered(internet, day) == ("settle", "M33")
    assert answered(internet, "2028-01-01") == ("refuse", "M41.3")
    with on("2027-01-02"):
        swept("2027-01-02")
        assert not Document.objects.filter(catalogue=22, recipient=internet.institution.name).exists()
        main.do("suspend", renewed, ground="M42.6(1)", to_on="2027-01-31", urgent_reason="情况紧急")
        assert contradictions("2027-01-02") == []
    assert answered(internet, "2027-01-15") == ("refuse", "M42.1")
    assert answered(internet, "2027-02-01") == ("settle", "M33")


@pytest.mark.clause("R8", "I17", "M45")
def test_what_is_held_or_suspended_at_the_physical_hospital_concerns_it() -> None:
    main, internet = pair()
    with on("2026-06-01"):
        main.do("suspend_part", person="孙某", urgent_reason="情况紧急", to_on="2026-06-30")
        assert answered(internet, "2026-06-01", person="孙某") == ("refuse", "M45")
        assert answered(internet, "2026-06-01", person="李某") == ("settle", "M33")
        main.do("hold_settlement")
        assert answered(internet, "2026-06-01")[0] == "hold"
        main.do("release_hold")
        assert answered(internet, "2026-06-01") == ("settle", "M33")
        assert contradictions("2026-06-01") == []
