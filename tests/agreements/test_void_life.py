"""What is voided or annulled in the life of an agreement is as if never done: state, days, bans, counts; papers answered by papers
(M29, R4, R6, R7, R11)."""

from __future__ import annotations

from datetime import date

import pytest

from agreements.models import Agreement, Change, Renewal, Suspension, TerminationCase
from casework.preview import preview
from casework.refusals import Refused
from documents.models import Document
from institutions.posts import holders
from settlement.models import SettlementLine
from standing.reading import bans_of
from tests.agreements.life import contradictions, life, record, refused, state, suspend, suspended_at_request, swept, terminate
from tests.driving import Driver, on
from tests.factories import PersonFactory, made

pytestmark = pytest.mark.django_db


def void(driver: Driver, word: str, day: str, role: str = "city_agency") -> None:
    """Correct the last act of that word; afterwards nothing contradicts its facts and every paper of the act is answered."""
    act = record(word)
    swept(day)
    with on(day):
        before = list(Document.objects.filter(act_id=act.pk))
        driver.do("void", act, role=role, reason="有误")
        assert contradictions(day) == []
    for document in before:
        document.refresh_from_db()
        assert document.voided_at is not None
        answer = Document.objects.get(supersedes=document)
        assert (answer.catalogue, answer.recipient, answer.data["annulled"]) == (document.catalogue, document.recipient, "有误")
    assert before or not _has_papers(word)


def _has_papers(word: str) -> bool:
    from casework.acts import registry

    return bool(registry[word].papers)


def line(driver: Driver) -> list[list[object]]:
    """The spans that the settlement answer is read from."""
    return SettlementLine.objects.get(institution=driver.institution).data["spans"]


@pytest.mark.clause("M42.1", "M29", "R6")
@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_a_suspension(kind: str) -> None:
    driver = life(kind)
    spans = line(driver)
    suspend(driver, "2026-06-01", "2026-06-30")
    assert line(driver) != spans
    void(driver, "suspend", "2026-06-05")
    assert [state(driver, day) for day in ("2026-06-01", "2026-06-05", "2026-06-06")] == ["active"] * 3
    assert Suspension.objects.get().state == "annulled"
    assert line(driver) == spans
    # What was annulled does not count: the next one is the first of the term.
    suspend(driver, "2026-08-03", "2026-08-31")
    assert driver.agreement.term().cases == []
    suspend(driver, "2026-10-08", "2026-10-31")
    assert [each.ground for each in driver.agreement.term().cases] == ["M43(1)"]


@pytest.mark.clause("M43", "M12.5", "M12.7", "M29", "R4")
@pytest.mark.parametrize(("kind", "ground"), [("hospital", "M43(3)"), ("pharmacy", "P40(4)")])
def test_a_termination_with_its_bans(kind: str, ground: str) -> None:
    driver = life(kind)
    other = life(kind, district="110108", principal=holders(driver.institution)["controller"])
    terminate(driver, "2026-06-10", ground)
    day = date(2026, 6, 11)
    assert bans_of(driver.institution, day)
    assert bans_of(other.institution, day)
    void(driver, "terminate", "2026-06-11")
    assert state(driver, "2026-06-11") == "active"
    assert bans_of(driver.institution, day) == bans_of(other.institution, day) == []
    with on("2026-06-12"):
        driver.do("request_suspension")


@pytest.mark.clause("M43.1", "M29", "R6")
def test_a_termination_voided_opens_its_case_again() -> None:
    driver = life()
    suspend(driver, "2026-06-01", "2026-06-30")
    with on("2026-06-20"):
        driver.do("record_rectification", passed=False)
    terminate(driver, "2026-06-25", "M43(1)")
    assert TerminationCase.objects.get().state == "closed"
    void(driver, "terminate", "2026-06-26")
    assert TerminationCase.objects.get().state == "open"
    assert state(driver, "2026-07-01") == "suspended"


@pytest.mark.clause("M41.2", "M29", "R6")
def test_a_renewal_takes_the_new_agreement_with_it() -> None:
    driver = life()
    old = driver.agreement
    with on("2026-09-01"):
        driver.do("request_renewal")
        driver.do("decide_renewal", agreed=True)
    new = driver.agreement
    void(driver, "decide_renewal", "2026-09-02")
    new.refresh_from_db()
    assert (new.state, new.annulled) == ("annulled", True)
    assert Renewal.objects.get().state == "requested"
    assert state(driver, "2027-01-01", old) == "expired"
    assert not Agreement.objects.in_force_on(date(2027, 1, 2)).exists()
    with on("2026-09-03"):
        driver.do("decide_renewal", old, agreed=True)
    assert driver.agreement not in (old, new)
    assert state(driver, "2027-01-01") == "active"


@pytest.mark.clause("M41.2", "M29")
def test_a_renewal_cannot_be_voided_once_the_new_agreement_has_a_life_of_its_own() -> None:
    driver = life()
    with on("2026-09-01"):
        driver.do("request_renewal")
        driver.do("decide_renewal", agreed=True)
    suspend(driver, "2027-02-01", "2027-02-26")
    with on("2027-03-01"), pytest.raises(Refused) as caught:
        driver.do("void", record("decide_renewal"), role="city_agency", reason="有误")
    assert "中止协议" in str(caught.value)
    void(driver, "suspend", "2027-03-01")
    void(driver, "decide_renewal", "2027-03-01")
    assert state(driver, "2027-03-01", driver.institution.agreements.earliest("id")) == "expired"


@pytest.mark.clause("M40.1", "M29")
def test_a_change_puts_the_old_name_back() -> None:
    driver = life()
    before = driver.institution.name
    with on("2026-06-10"):
        driver.do("report_change", field="name", value="新名医院", approved_on="2026-06-01")
        driver.do("approve_change", field="name")
    driver.institution.refresh_from_db()
    assert driver.institution.name == "新名医院"
    void(driver, "approve_change", "2026-06-11")
    driver.institution.refresh_from_db()
    assert driver.institution.name == before
    assert Change.objects.get().state == "reported"


@pytest.mark.clause("M40.1", "M43", "M29")
def test_a_change_of_person_puts_the_former_one_back_and_closes_its_case() -> None:
    known = made.fill("person")
    person = PersonFactory(**known)
    driver = life()
    former = holders(driver.institution)["principal"]
    with on("2026-06-01"):
        driver.do("list_dishonest", person)
    with on("2026-06-10"):
        driver.do("report_change", field="principal", value=known["name"], id_number=known["id_number"], approved_on="2026-06-01")
        driver.do("approve_change", field="principal")
    assert TerminationCase.objects.get().state == "open"
    void(driver, "approve_change", "2026-06-11")
    assert holders(driver.institution, date(2026, 6, 11))["principal"] == former
    assert bans_of(driver.institution, date(2026, 6, 11)) == []
    assert TerminationCase.objects.get().state == "annulled"


@pytest.mark.clause("M43.1", "M29", "R6")
def test_a_rectification_check() -> None:
    driver = life()
    suspend(driver, "2026-06-01", "2026-06-30")
    with on("2026-06-20"):
        driver.do("record_rectification", passed=False)
    void(driver, "record_rectification", "2026-06-21", role="district_agency")
    assert driver.agreement.term().cases == []
    assert state(driver, "2026-07-01") == "active"
    with on("2026-06-22"):
        driver.do("record_rectification", passed=True)


@pytest.mark.clause("M42.2", "M42.5", "M29", "R6")
def test_a_confirmed_resumption() -> None:
    driver = life()
    suspended_at_request(driver, "2026-05-10")
    with on("2026-06-05"):
        driver.do("request_resumption")
        driver.do("resume")
    assert state(driver, "2026-06-06") == "active"
    void(driver, "resume", "2026-06-08")
    assert state(driver, "2026-06-08") == "suspended"
    # Resumption is still asked for, so that day 180 ends nothing.
    assert driver.agreement.ended_on == date(2026, 12, 31)
    with on("2026-06-09"):
        driver.do("resume")
    assert state(driver, "2026-06-10") == "active"


def _done(driver: Driver, word: str) -> None:
    """The act and a later one that rests on it."""
    if word == "decide_suspension":
        suspended_at_request(driver, "2026-05-10")
        with on("2026-06-05"):
            driver.do("request_resumption")
    elif word == "suspend":
        suspend(driver, "2026-06-01", "2026-06-30")
        with on("2026-06-05"):
            driver.do("record_rectification", passed=True)
    else:
        later = {"order_full_check": "close_full_check", "hold_settlement": "release_hold", "intend": "hear"}[word]
        with on("2026-06-05"):
            driver.do(word, **({"act": "suspend", "ground": ["M42.6(1)"]} if word == "intend" else {}))
            driver.do(later)


@pytest.mark.clause("M29", "R7")
@pytest.mark.parametrize(
    ("word", "later"),
    [("decide_suspension", "申请恢复履行"), ("suspend", "整改验收"), ("order_full_check", "全面核查结论"),
     ("hold_settlement", "恢复结算拨付"), ("intend", "陈述申辩")],
)  # fmt: skip
def test_nothing_is_voided_under_what_rests_on_it(word: str, later: str) -> None:
    driver = life()
    _done(driver, word)
    with on("2026-06-10"):
        before = driver.agreement.state
        with pytest.raises(Refused) as caught:
            driver.do("void", record(word), role="city_agency", reason="有误")
        assert later in str(caught.value)
        assert driver.agreement.state == before
        assert contradictions("2026-06-10") == []


@pytest.mark.clause("M29", "R10")
def test_the_consequences_of_a_correction_are_shown_first() -> None:
    driver = life()
    terminate(driver, "2026-06-10", "M43(3)")
    with on("2026-06-11"):
        shown = preview("void", record("terminate"), actor=driver.city, data={"reason": "有误"})
    assert shown.error is None
    assert ("已解除", "履行中") in [(each.before, each.after) for each in shown.states]
    assert shown.papers == []
    assert len(shown.withdrawn) == 3  # the decision, the list published, the report
    assert all(number for _, number, _ in shown.withdrawn)
    assert state(driver, "2026-06-11") == "terminated"


@pytest.mark.clause("M44.1", "M29")
@pytest.mark.parametrize("granted", [True, False])
def test_an_answer_to_a_request_to_leave(granted: bool) -> None:
    driver = life()
    with on("2026-06-01"):
        driver.do("request_termination")
        driver.do("decide_termination", granted=granted, reason="情况")
    void(driver, "decide_termination", "2026-06-02")
    assert driver.agreement.ended_on == date(2026, 12, 31)
    assert bans_of(driver.institution, date(2026, 9, 2)) == []
    with on("2026-06-03"):
        assert refused(lambda: driver.do("request_termination")) == ["state"]
        driver.do("decide_termination", granted=True)
    assert state(driver, "2026-09-01") == "terminated"


@pytest.mark.clause("M38.6", "M29")
def test_what_was_told_cannot_be_voided_under_the_decision_that_followed() -> None:
    driver = life()
    with on("2026-06-01"):
        driver.do("intend", act="suspend", ground=["M42.6(1)"])
        driver.do("hear", statement="无")
        driver.do("suspend", ground="M42.6(1)", to_on="2026-06-30")
        with pytest.raises(Refused):
            driver.do("void", record("intend"), role="city_agency", reason="有误")
    void(driver, "suspend", "2026-06-02")
    assert not driver.agreement.term().intentions[0].used


@pytest.mark.clause("M42.5", "R14", "M29")
def test_a_later_day_for_the_lapse() -> None:
    driver = life(last="2027-12-31")
    suspended_at_request(driver, "2026-05-10")
    with on("2026-10-01"):
        driver.do("prevent_lapse", to_on="2026-12-20", reason="已安排复业")
    assert driver.agreement.ended_on == date(2026, 12, 20)
    void(driver, "prevent_lapse", "2026-10-02")
    assert driver.agreement.ended_on == date(2026, 11, 5)
