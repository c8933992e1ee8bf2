"""The annual agreement next to a fixed one (M41.4)."""

from datetime import date

import pytest

from agreements.models import Agreement
from agreements.reading import agreement_of
from casework.refusals import Refused
from settlement.answer import Query
from settlement.reading import answer
from tests.agreements.life import contradictions
from tests.driving import Driver, on

pytestmark = pytest.mark.django_db


def fixed(driver: Driver) -> Agreement:
    """Three years, as the paper file has it."""
    with on("2026-03-02"):
        terms = {"number": "固1", "kind": "fixed", "first_day": "2026-01-01", "last_day": "2028-12-31"}
        driver.do("take_over_agreement", subject=driver.institution, **terms)
    return driver.agreement


@pytest.mark.clause("M41.4")
def test_an_annual_agreement_lives_and_dies_with_the_fixed_one() -> None:
    driver = Driver()
    main = fixed(driver)
    with on("2026-03-10"):
        driver.do("sign_annual", subject=main)
        annual = Agreement.objects.get(kind="annual")
        assert (annual.first_day, annual.last_day, annual.state) == (date(2026, 3, 10), date(2027, 3, 9), "active")
        assert agreement_of(driver.institution, date(2026, 3, 10)) == main
    with on("2026-06-01"):
        driver.do("intend", subject=main, act="suspend")
        driver.do("hear", subject=main)
        driver.do("suspend", subject=main, ground="M42.6(1)", to_on="2026-06-30")
        annual.refresh_from_db()
        assert annual.state == "suspended"
    assert annual.derived(date(2026, 7, 1)) == "active"


@pytest.mark.clause("M41.4")
def test_only_under_a_fixed_agreement_and_within_it() -> None:
    driver = Driver()
    main = fixed(driver)
    with on("2026-03-10"):
        for days in ({"from_on": "2026-03-09"}, {"to_on": "2029-01-01"}, {"from_on": "2026-05-01", "to_on": "2026-04-01"}):
            with pytest.raises(Refused) as refused:
                driver.do("sign_annual", subject=main, **days)
            assert refused.value.clauses == ["M41.4"]
        driver.do("sign_annual", subject=main)
        with pytest.raises(Refused) as refused:
            driver.do("sign_annual", subject=Agreement.objects.get(kind="annual"))
        assert refused.value.clauses == ["M41.4"]


@pytest.mark.clause("M41.4", "R8", "M42.1")
def test_what_suspends_or_ends_is_done_on_the_fixed_agreement_and_reaches_both() -> None:
    driver = Driver()
    main = fixed(driver)
    with on("2026-03-10"):
        driver.do("sign_annual", subject=main)
        annual = Agreement.objects.get(kind="annual")
        assert contradictions("2026-03-10") == []
        for word, given in (
            ("intend", {"act": "suspend"}),
            ("suspend", {"ground": "M42.6(1)", "urgent_reason": "情况紧急"}),
            ("terminate", {"ground": ["M43(3)"], "urgent_reason": "情况紧急"}),
            ("open_termination_case", {"reason": "地址变更未报"}),
            ("request_suspension", {}),
            ("request_termination", {}),
        ):
            with pytest.raises(Refused) as refused:
                driver.do(word, subject=annual, **given)
            assert "M41.4" in refused.value.clauses, word
            assert main.number in str(refused.value)
        driver.do("terminate", subject=main, ground=["M43(3)"], urgent_reason="情况紧急")
    assert answer(driver.institution, Query(date(2026, 3, 9))).answer == "settle"
    assert answer(driver.institution, Query(date(2026, 3, 10))).answer == "refuse"
    assert annual.derived(date(2026, 3, 10)) == "terminated"
