"""A request that is not decided yet can be taken back by the institution and is then as if never made (M41.1, M44.1)."""

from datetime import date

import pytest

from agreements.models import Change, Renewal, Suspension, TerminationRequest
from casework import door
from casework.refusals import Missing, Refused
from deadlines.models import Deadline
from tests.agreements.life import contradictions, life, record, refused, state
from tests.driving import on, people

pytestmark = pytest.mark.django_db

REQUESTS = {
    "suspension": ("request_suspension", Suspension, "decide_suspension", {"granted": True}),
    "termination": ("request_termination", TerminationRequest, "decide_termination", {"granted": True}),
    "renewal": ("request_renewal", Renewal, "decide_renewal", {"agreed": True}),
    "non_renewal": ("request_non_renewal", Renewal, "decide_non_renewal", {"granted": True}),
}


@pytest.mark.clause("M44.1", "M41.1", "P41", "P38.1")
@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
@pytest.mark.parametrize("what", REQUESTS)
def test_what_is_taken_back_is_gone_and_can_be_asked_again(what: str, kind: str) -> None:
    asking, model, answering, answer = REQUESTS[what]
    driver = life(kind)
    with on("2026-07-10"):
        driver.do(asking)
    with on("2026-07-13"):
        driver.do("withdraw_request", reason="情况有变")
        assert model.objects.get().state == "withdrawn"
        assert refused(lambda: driver.do(answering, **answer)) == ["state"]
        assert refused(lambda: driver.do("withdraw_request")) == ["state"]
        assert contradictions("2026-07-13") == []
    assert state(driver, "2026-12-31") == "active"
    with on("2026-07-20"):
        driver.do(asking)
        driver.do(answering, **answer)
    assert sorted(model.objects.values_list("state", flat=True))[-1] == "withdrawn"
    assert model.objects.exclude(state="withdrawn").get().state in ("coming", "granted", "agreed", "declined")
    assert contradictions("2026-07-20") == []


@pytest.mark.clause("M40.1", "P37.1", "M40.2")
def test_a_reported_change_is_taken_back_and_reported_again_on_time() -> None:
    driver = life(phone="010-10000000")
    with on("2026-07-10"):
        for field, value in (("phone", "010-20000000"), ("grade", "二级")):
            driver.do("report_change", field=field, value=value, approved_on="2026-07-10")
        with pytest.raises(Refused, match="变更电话的申报、变更等级的申报"):
            driver.do("withdraw_request")
        driver.do("withdraw_request", request="change.grade", reason="批准文书有误")
        assert not Deadline.objects.filter(kind="change_filing").exclude(state="cancelled").exists()
        assert refused(lambda: driver.do("approve_change", field="grade", role="city_agency")) == ["state"]
        driver.do("approve_change", role="district_agency")
    with on("2026-07-13"):
        driver.do("report_change", field="grade", value="三级", approved_on="2026-07-10")
        driver.do("approve_change", role="city_agency")
    assert list(Change.objects.order_by("pk").values_list("field", "state")) == [
        ("phone", "approved"), ("grade", "withdrawn"), ("grade", "approved")
    ]  # fmt: skip
    assert contradictions("2026-07-13") == []


@pytest.mark.clause("M44.1", "M41.1")
def test_with_several_requests_the_one_must_be_named() -> None:
    driver = life()
    with on("2026-07-10"):
        driver.do("request_suspension")
        driver.do("request_renewal")
        with pytest.raises(Refused) as caught:
            driver.do("withdraw_request")
        assert caught.value.clauses == ["state"]
        assert "中止申请" in str(caught.value)
        assert "续签申请" in str(caught.value)
        assert refused(lambda: driver.do("withdraw_request", request="termination")) == ["state"]
        driver.do("withdraw_request", request="renewal")
    assert Renewal.objects.get().state == "withdrawn"
    assert Suspension.objects.get().state == "requested"


@pytest.mark.clause("M44.1", "R16", "M3")
def test_only_the_institution_itself_takes_back() -> None:
    driver = life()
    stranger, _ = people("institution", institution=life().institution)
    with on("2026-07-10"):
        driver.do("request_termination")
        for role in ("district_agency", "city_agency", "city_bureau"):
            assert refused(lambda role=role: driver.do("withdraw_request", role=role)) == ["permission"]
        with pytest.raises(Missing):
            door.perform("withdraw_request", driver.agreement, actor=stranger)
    assert TerminationRequest.objects.get().state == "requested"


@pytest.mark.clause("M44.1")
@pytest.mark.parametrize("what", REQUESTS)
def test_a_decided_request_cannot_be_taken_back(what: str) -> None:
    asking, model, answering, answer = REQUESTS[what]
    driver = life()
    with on("2026-07-10"):
        driver.do(asking)
        driver.do(answering, **answer)
        assert refused(lambda: driver.do("withdraw_request", driver.institution.agreements.earliest("id"))) == ["state"]
        assert refused(lambda: driver.do("withdraw_request", driver.institution.agreements.earliest("id"), request=what)) == ["state"]
    assert model.objects.get().state != "withdrawn"


@pytest.mark.clause("M44.1", "M29")
def test_a_request_whose_withdrawal_was_voided_waits_again_and_loses_its_row_not_before_it() -> None:
    driver = life()
    with on("2026-07-10"):
        driver.do("request_termination")
        driver.do("withdraw_request")
    with on("2026-07-11"):
        # The institution's own acts are corrected by nobody else: it asks again instead.
        with pytest.raises(Missing):
            driver.do("void", record("withdraw_request"), role="city_agency", reason="误点")
        driver.do("request_termination")
    assert list(TerminationRequest.objects.values_list("state", flat=True)) == ["withdrawn", "requested"]


@pytest.mark.clause("M41.1", "P38.1")
def test_a_renewal_taken_back_leaves_the_duty_open_and_the_term_to_its_end() -> None:
    driver = life()
    with on("2026-08-10"):
        driver.do("request_renewal")
        assert Deadline.objects.get(kind="renewal_application").state == "met"
        driver.do("withdraw_request")
        row = Deadline.objects.get(kind="renewal_application")
        assert (row.state, row.due_on) == ("open", date(2026, 9, 30))
        driver.do("request_non_renewal")
        assert Deadline.objects.get(kind="renewal_application").state == "cancelled"
        driver.do("withdraw_request")
        driver.do("request_renewal")
        driver.do("decide_renewal", agreed=True)
    assert driver.agreement.previous is not None
    assert state(driver, "2027-01-01") == "active"
