"""What only a person can judge is a recorded checklist at acceptance, beside what the institution states (M6.4–M6.6, M12)."""

import pytest
from django.http import QueryDict

from applications.models import ConditionRule
from casework.models import ActRecord
from casework.refusals import Invalid, Refused
from institutions.models import Institution
from tests.driving import Driver, on
from tests.factories import PharmacyFactory

pytestmark = pytest.mark.django_db
HOSPITAL = ["M6.4", "M6.5", "M6.6", "M12.1", "M12.2", "M12.9"]
PHARMACY = ["P5.4", "P5.5", "P5.6", "P5.7", "P11.7"]


def filed(institution: Institution | None = None) -> Driver:
    driver = Driver(institution)
    with on("2026-03-02"):
        driver.apply()
    return driver


@pytest.mark.clause("M6.4", "M6.5", "M6.6", "M12.1", "M12.2", "M12.9")
def test_what_is_judged_stays_with_the_acceptance_and_what_is_not_named_counts_as_fulfilled():
    driver = filed()
    with on("2026-03-03"):
        driver.do("accept", judged={"M6.5": True})
    assert driver.application.facts.get(kind="accepted").data["judged"] == dict.fromkeys(HOSPITAL, True)
    assert ActRecord.objects.get(word="accept").data["judged"] == dict.fromkeys(HOSPITAL, True)


@pytest.mark.clause("M6.4", "M6.5", "M6.6", "M12.1", "M12.2", "M12.9")
@pytest.mark.parametrize("clause", HOSPITAL)
def test_an_item_that_is_not_fulfilled_refuses_the_acceptance_with_its_clause(clause):
    driver = filed()
    with on("2026-03-03"):
        with pytest.raises(Refused) as refused:
            driver.do("accept", judged={clause: False})
        assert refused.value.clauses == [clause]
        assert driver.application.state == "submitted"


@pytest.mark.clause("P5.4", "P5.5", "P5.6", "P5.7", "P11.7")
@pytest.mark.parametrize(("named", "clause"), [*zip(PHARMACY, PHARMACY, strict=True), ("M6.5", "P5.6"), ("M12.9", "P11.7")])
def test_a_pharmacy_is_judged_by_the_twins(named, clause):
    driver = filed(PharmacyFactory(district="110105"))
    with on("2026-03-03"):
        with pytest.raises(Refused) as refused:
            driver.do("accept", judged={named: False})
        assert refused.value.clauses == [clause]
        driver.do("accept")
    assert list(driver.application.facts.get(kind="accepted").data["judged"]) == PHARMACY


@pytest.mark.clause("M6.6")
def test_further_conditions_of_the_filing_day_are_items_of_their_own():
    ConditionRule.objects.create(kind="hospital", code="bj-1", title="有独立的医保结算窗口", from_on="2026-01-01")
    driver = filed()
    with on("2026-03-03"):
        ConditionRule.objects.create(kind="hospital", code="bj-2", title="有导医台", from_on="2026-03-03")
        with pytest.raises(Refused) as refused:
            driver.do("accept", judged={"bj-1": False})
        assert refused.value.clauses == ["M6.6"]
        assert "独立的医保结算窗口" in str(refused.value)
        with pytest.raises(Invalid, match="没有“bj-2”这一项"):
            driver.do("accept", judged={"bj-2": True})


@pytest.mark.clause("M12.1")
@pytest.mark.parametrize("given", [{"M9.9": True}, {"M12.1": "no"}, ["M12.1"], {"M12.1": None}])
def test_what_is_no_judgement_is_told(given):
    driver = filed()
    with on("2026-03-03"), pytest.raises(Invalid):
        driver.do("accept", judged=given)


@pytest.mark.clause("M12.1", "M12.2")
def test_a_page_that_asks_gets_every_answer():
    driver = filed()
    from applications.acts.check import AcceptForm

    asked = "&".join(f"judged-asked={code}" for code in HOSPITAL)
    answered = "&".join(f"judged-{code}=yes" for code in HOSPITAL if code != "M12.2")
    form = AcceptForm(QueryDict(f"{asked}&{answered}"), subject=driver.application)
    assert form.errors == {"judged": ["请判断:基本医疗服务执行国家和本市的医药价格政策。"]}
    form = AcceptForm(QueryDict(f"{asked}&{answered}&judged-M12.2=no"), subject=driver.application)
    assert form.is_valid()
    assert form.raw()["judged"] == dict.fromkeys(HOSPITAL, True) | {"M12.2": False}


@pytest.mark.clause("M8.1", "M8.2", "R3")
def test_what_was_found_unfit_is_first_told_and_may_be_accepted_after_the_supplement():
    driver = filed()
    with on("2026-03-03"):
        driver.do("check_material", item="M7(1)", fit=False, note="未盖章")
        with pytest.raises(Refused, match="未盖章") as refused:
            driver.do("accept")
        assert refused.value.clauses == ["M8.1"]
        driver.do("request_supplement")
    with on("2026-03-04"):
        driver.upload("M7(1)")
        driver.do("supply")
        driver.do("check_material", item="M7(1)", fit=False, note="仍未盖章")
        driver.do("accept")
    assert driver.application.state == "accepted"
