"""No ban under the Measures rests on a day before they were in force (M53, P50); cases and papers keep their version."""

import pytest

from casework.refusals import Refused
from documents.models import Document
from standing.models import StandingFact
from tests.driving import Driver, on
from tests.factories import PharmacyFactory

pytestmark = pytest.mark.django_db


@pytest.mark.clause("M53")
@pytest.mark.parametrize("word", ["discover_fraud", "record_second_fail"])
def test_a_fact_of_the_paper_file_from_before_the_measures_is_no_ground(word):
    driver = Driver()
    with on("2022-03-02"):
        with pytest.raises(Refused) as refused:
            driver.do(word, on="2021-12-31")
        assert refused.value.clauses == ["M53"]
        assert not StandingFact.objects.exists()
        driver.do(word, on="2022-01-01")
    assert StandingFact.objects.count() == 1


@pytest.mark.clause("P50")
def test_nor_is_what_is_found_before_that_day_today():
    driver = Driver(PharmacyFactory(district="110105"))
    with on("2021-05-01"), pytest.raises(Refused) as refused:
        driver.do("discover_fraud")
    assert refused.value.clauses == ["P50"]


@pytest.mark.clause("M53")
def test_nor_a_termination_taken_over_while_the_agreement_itself_may_be_older():
    driver = Driver()
    given = {"number": "旧协一", "first_day": "2021-06-01", "last_day": "2022-05-31", "nature": "violation", "ground": "M43(4)"}
    with on("2022-03-02"):
        with pytest.raises(Refused) as refused:
            driver.do("take_over_agreement", **given, terminated_on="2021-12-31")
        assert refused.value.clauses == ["M53"]
        driver.do("take_over_agreement", **given, terminated_on="2022-01-01")
        assert StandingFact.objects.get().kind == "termination"
        # One that grounds no bar may be older.
        harmless = {"number": "旧协二", "first_day": "2020-06-01", "last_day": "2021-05-31", "nature": "none", "ground": "M43(12)"}
        driver.do("take_over_agreement", **harmless, terminated_on="2021-01-01")


@pytest.mark.clause("M53")
def test_papers_keep_the_version_that_the_application_is_under():
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
    kept = [paper.data["case"]["rules"] for paper in Document.objects.filter(catalogue__in=(1, 2))]
    assert kept == [{"title": "《北京市医疗机构医疗保障定点管理暂行办法》", "from_on": "2022-01-01"}] * 2
