"""What a decision on renewal rests on, and a nature other than that of its ground (M41.2, I27.3, R5)."""

from __future__ import annotations

from datetime import date

import pytest

from agreements.models import Agreement
from documents.models import Document
from standing.reading import bans_of
from tests.agreements.life import URGENT, life, refused, state
from tests.driving import Driver, on

pytestmark = pytest.mark.django_db
RECORD = "有效期内被中止1次\n2026年度考核得分92分"


def asked(kind: str = "hospital") -> Driver:
    driver = life(kind)
    with on("2026-09-01"):
        driver.do("request_renewal")
    return driver


@pytest.mark.clause("M41.2", "P38.2")
@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_what_was_negotiated_on_is_kept_with_the_decision_to_renew(kind: str) -> None:
    driver = asked(kind)
    with on("2026-11-02"):
        driver.do("decide_renewal", agreed=True, record=RECORD)
    old, new = Agreement.objects.order_by("id")
    assert old.facts.get(kind="renewal_decided").data["record"] == RECORD
    assert (new.previous, str(new.first_day), str(new.last_day)) == (old, "2027-01-01", "2027-12-31")
    assert state(driver, "2027-01-01", new) == "active"


@pytest.mark.clause("M41.2", "P38.2")
@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_the_renewed_agreement_carries_both_signatures(kind: str) -> None:
    driver = asked(kind)
    with on("2026-11-02"):
        later = refused(lambda: driver.do("decide_renewal", agreed=True, signer="沈知秋", signed_on="2026-11-03"))
        driver.do("decide_renewal", agreed=True, signer="沈知秋", signed_on="2026-10-30")
    assert later == ["M41.2" if kind == "hospital" else "P38.2"]
    institution = {"party": "institution", "name": "沈知秋", "on": "2026-10-30"}
    agency = {"party": "agency", "name": driver.city_reviewer.user_name, "on": "2026-11-02"}
    assert Document.objects.get(catalogue=16).data["signatures"] == [agency, institution]
    assert Agreement.objects.earliest("id").facts.get(kind="renewal_decided").data["signer"] == "沈知秋"


@pytest.mark.clause("M10.4", "P9.4")
def test_a_term_other_than_a_year_needs_its_reason() -> None:
    driver = asked("hospital")
    with on("2026-11-02"):
        assert refused(lambda: driver.do("decide_renewal", agreed=True, to_on="2030-06-30")) == ["M10.4"]
        driver.do("decide_renewal", agreed=True, to_on="2030-06-30", kind="fixed", term_reason="考核优秀")
    assert Document.objects.get(catalogue=16).data["agreement"]["term_reason"] == "考核优秀"


@pytest.mark.clause("M41.2", "M41.3", "P38.2")
@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_a_refusal_tells_the_institution_on_what_record(kind: str) -> None:
    driver = asked(kind)
    with on("2026-11-02"):
        driver.do("decide_renewal", agreed=False, record=RECORD, reason="就改进措施未协商一致")
    paper = Document.objects.get(catalogue=47)
    assert paper.data["record"] == RECORD.splitlines()
    assert paper.data["reason"] == "就改进措施未协商一致"
    assert driver.agreement.facts.get(kind="renewal_decided").data["record"] == RECORD
    assert [state(driver, day) for day in ("2026-12-31", "2027-01-01")] == ["active", "expired"]


@pytest.mark.clause("I27.3", "M43", "R5")
@pytest.mark.parametrize(
    ("kind", "ground", "three_years", "five_years"), [("hospital", "M43(4)", "M12.5", "M12.7"), ("pharmacy", "P40(6)", "P11.3", "P11.5")]
)
def test_settling_for_others_is_fraud_only_where_the_decision_says_why(kind: str, ground: str, three_years: str, five_years: str) -> None:
    usual, fraud = life(kind), life(kind)
    with on("2026-06-01"):
        usual.do("terminate", ground=[ground], **URGENT)
        assert refused(lambda: fraud.do("terminate", ground=[ground], nature="serious_violation", **URGENT)) == [ground]
        fraud.do("terminate", ground=[ground], nature="serious_violation", reason="为被中止的机构结算,按骗保处理", **URGENT)
    day = date(2026, 6, 1)
    assert {each.clause for each in bans_of(usual.institution, day)} == {three_years}
    found = {each.clause: each.until for each in bans_of(fraud.institution, day)}
    assert found == {three_years: date(2029, 6, 1), five_years: date(2031, 6, 1)}
    assert Document.objects.filter(catalogue=34).latest("id").data["nature_reason"] == "为被中止的机构结算,按骗保处理"
