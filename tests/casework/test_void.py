"""A clerk's honest mistake: corrected by an act with reason and second signature, consequences shown first (issue 2, road 6)."""

from datetime import date

import pytest

from casework import door
from casework.models import ActRecord
from casework.preview import preview
from casework.refusals import Invalid, Missing, Refused
from documents.models import Document, ProofOfService
from institutions.posts import holders
from standing.reading import bans_of
from tests.driving import Driver, on

pytestmark = pytest.mark.django_db


def record(word: str) -> ActRecord:
    return ActRecord.objects.filter(word=word).latest("id")


@pytest.mark.clause("M29", "R7")
def test_a_wrong_acceptance_is_voided_and_its_paper_replaced() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
    with on("2026-03-04"):
        shown = preview("void", record("accept"), actor=driver.district, data={"reason": "误点"})
        paper = Document.objects.get(catalogue=2)
        assert (shown.error, shown.papers, shown.withdrawn) == (None, [], [(paper.title, paper.number, paper.recipient)])
        assert driver.application.state == "accepted", "a preview changes nothing"
        driver.do("void", record("accept"), role="district_agency", reason="误点")
    application = driver.application
    assert application.state == "submitted"
    assert application.accepted_on is None
    old, new = Document.objects.filter(catalogue=2).order_by("id")
    assert (old.voided_at is not None, new.supersedes) == (True, old)
    assert not application.deadlines().filter(kind="evaluation").exclude(state="cancelled").exists()


@pytest.mark.clause("M29")
def test_what_later_acts_rest_on_cannot_be_voided_before_them() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
        driver.form_team()
        with pytest.raises(Refused) as refused:
            driver.do("void", record("accept"), role="district_agency", reason="误点")
        assert "组成评估小组" in str(refused.value)
        driver.do("void", record("form_team"), role="city_agency", reason="误点")
        driver.do("void", record("accept"), role="district_agency", reason="误点")
    assert driver.application.state == "submitted"
    assert driver.application.evaluations.get().state == "ended"


@pytest.mark.clause("M9.7", "M29")
def test_a_result_served_at_the_wrong_address_moves_the_gate() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
        driver.form_team()
        driver.record_result("fail")
    with on("2026-03-10"):
        driver.do("serve_result", method="post", on="2026-03-10")
        assert driver.application.road().gate("M9.7").day == date(2026, 6, 10)
    with on("2026-03-20"):
        driver.do("void", record("serve_result"), role="city_agency", reason="地址有误")
        assert driver.application.state == "failed"
        assert ProofOfService.objects.get().voided_at is not None
        driver.do("serve_result", method="in_person")
    assert driver.application.road().gate("M9.7").day == date(2026, 6, 20)


@pytest.mark.clause("M12.8", "M29")
def test_a_person_listed_by_mistake() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.do("list_dishonest", holders(driver.institution)["principal"])
        assert bans_of(driver.institution, date(2026, 3, 2))
        driver.do("void", record("list_dishonest"), role="city_agency", reason="同名")
        assert not bans_of(driver.institution, date(2026, 3, 2))


@pytest.mark.clause("M29", "R16")
def test_only_the_office_that_did_it_with_reason_and_a_second_person() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
        with pytest.raises(Missing):
            driver.do("void", record("accept"), role="city_agency", reason="误点")
        with pytest.raises(Invalid):
            driver.do("void", record("accept"), role="district_agency")
        with pytest.raises(Refused) as refused:
            door.perform("void", record("accept"), actor=driver.district, reviewer=driver.district, data={"reason": "误点"})
        assert refused.value.clauses == ["M29"]
        driver.do("void", record("accept"), role="district_agency", reason="误点")
        with pytest.raises(Refused):
            driver.do("void", record("accept"), role="district_agency", reason="误点")


@pytest.mark.clause("M10.1", "M29")
def test_a_voided_signing_leaves_no_agreement_in_force() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
        driver.form_team()
        driver.record_result()
        driver.open_notice()
    with on("2026-03-16"):
        driver.sign()
        driver.do("void", record("sign"), role="city_agency", reason="错签")
        assert driver.agreement.state == "annulled"
        assert driver.application.state == "negotiating"
        driver.do("sign")
    assert driver.agreement.state == "active"
