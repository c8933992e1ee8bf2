"""Correction, mediation, reconsideration, lawsuit; what is annulled is undone by branch or with its origin (M46, I7, R4, R10, R11)."""

from __future__ import annotations

from datetime import date

import pytest

from agreements.models import TerminationCase
from casework import door
from casework.preview import preview
from casework.refusals import Invalid, Missing, Refused
from deadlines.models import Deadline, Reminder
from disputes.models import Dispute
from documents.models import Document
from offices.actors import actor_for
from standing.reading import bans_of
from tests.agreements.life import contradictions, life, record, refused, state, suspend, swept, terminate
from tests.agreements.test_cascade import DAY, Scene
from tests.driving import Driver, on
from tests.factories import MembershipFactory, OfficeFactory

pytestmark = pytest.mark.django_db


def attack(driver: Driver, against: door.Outcome, day: str, what: str = "reconsideration") -> Dispute:
    with on(day):
        driver.do("file_remedy", what=what, against=against.record.pk)
    return driver.institution.disputes.latest("id")


def decide(driver: Driver, dispute: Dispute, day: str, outcome: str = "annulled") -> None:
    with on(day):
        driver.do("decide_remedy", dispute, outcome=outcome)
        assert contradictions(day) == []


@pytest.mark.clause("R10", "R11", "P40.14", "M46", "P42")
def test_a_branch_that_wins_frees_itself_and_nobody_else() -> None:
    scene = Scene()
    outcome = scene.terminate()
    dispute = attack(scene.suspended, outcome, "2026-06-20")
    decide(scene.suspended, dispute, "2026-06-25")
    assert state(scene.suspended, "2026-06-25") == "suspended"
    assert [state(each, "2026-06-25") for each in (scene.origin, scene.pending)] == ["terminated", "terminated"]
    day = date(2026, 6, 25)
    assert "P11.3" not in [ban.clause for ban in bans_of(scene.suspended.institution, day)]
    assert "P11.3" in [ban.clause for ban in bans_of(scene.origin.institution, day)]
    replaced = Document.objects.filter(catalogue=35, voided_at__isnull=False)
    assert [each.recipient for each in replaced] == [scene.suspended.institution.name]
    # The list to the public and the report stand for the others.
    for number in (36, 37):
        listed, correcting = Document.objects.filter(catalogue=number).order_by("pk")
        assert (listed.voided_at, correcting.supersedes, correcting.takes_out) == (None, listed, True)
        assert [row["name"] for row in correcting.data["institutions"]] == [scene.suspended.institution.name]


@pytest.mark.clause("R10", "R11", "P40.14", "R4")
def test_an_origin_that_wins_frees_every_branch() -> None:
    scene = Scene()
    outcome = scene.terminate()
    dispute = attack(scene.origin, outcome, "2026-06-20", "lawsuit")
    with on("2026-06-25"):
        shown = preview("decide_remedy", dispute, actor=scene.origin.city, data={"outcome": "annulled"})
        assert shown.error is None
        assert {each.institution for each in shown.states if each.before == "已解除"} == {
            "", *(each.institution.name for each in scene.hit),
        }  # fmt: skip
    decide(scene.origin, dispute, "2026-06-25")
    assert [state(each, "2026-06-25") for each in (scene.origin, *scene.hit)] == ["active", "suspended", "pending"]
    assert scene.applying.application.state == "evaluating"
    for each in (scene.origin, *scene.hit, scene.applying):
        assert bans_of(each.institution, date(2026, 6, 25)) == []


@pytest.mark.clause("R10", "R11")
def test_a_branch_can_win_after_which_the_origin_wins_too() -> None:
    scene = Scene()
    outcome = scene.terminate()
    first, second = attack(scene.suspended, outcome, "2026-06-20"), attack(scene.origin, outcome, "2026-06-21")
    decide(scene.suspended, first, "2026-06-25")
    decide(scene.origin, second, "2026-06-26")
    assert [state(each, "2026-06-26") for each in (scene.origin, *scene.hit)] == ["active", "suspended", "pending"]


@pytest.mark.clause("R4", "R6", "R11", "M43.1")
def test_an_annulled_suspension_does_not_count() -> None:
    driver = life()
    first = suspend(driver, "2026-03-02", "2026-03-20")
    suspend(driver, "2026-05-06", "2026-05-29")
    assert TerminationCase.objects.get().state == "open"
    decide(driver, attack(driver, first, "2026-05-10"), "2026-05-12")
    assert TerminationCase.objects.get().state == "annulled"
    assert state(driver, "2026-05-12") == "suspended"


@pytest.mark.clause("R11", "M46")
def test_what_is_upheld_stands_and_another_way_stays_open() -> None:
    driver = life()
    outcome = terminate(driver, DAY, "M43(3)")
    dispute = attack(driver, outcome, "2026-07-01")
    with on("2026-07-02"):
        assert refused(lambda: driver.do("file_remedy", what="reconsideration", against=outcome.record.pk)) == ["state"]
    decide(driver, dispute, "2026-08-03", "upheld")
    assert state(driver, "2026-08-03") == "terminated"
    lawsuit = attack(driver, outcome, "2026-08-20", "lawsuit")
    decide(driver, lawsuit, "2026-10-15")
    assert state(driver, "2026-10-15") == "active"
    with on("2026-10-16"):
        assert refused(lambda: driver.do("file_remedy", what="lawsuit", against=outcome.record.pk)) == ["state"]


@pytest.mark.clause("R11", "M29")
def test_a_decision_corrected_meanwhile_cannot_be_annulled_again() -> None:
    driver = life()
    outcome = terminate(driver, DAY, "M43(3)")
    dispute = attack(driver, outcome, "2026-07-01")
    with on("2026-07-02"):
        driver.do("void", record("terminate"), role="city_agency", reason="有误")
        assert refused(lambda: driver.do("decide_remedy", dispute, outcome="annulled")) == ["state"]
        driver.do("decide_remedy", dispute, outcome="upheld")
    assert state(driver, "2026-07-02") == "active"


@pytest.mark.clause("R11", "M3")
def test_only_a_decision_about_oneself_can_be_attacked() -> None:
    driver, other = life(), life()
    outcome = terminate(driver, DAY, "M43(3)")
    with on("2026-07-01"):
        with pytest.raises(Invalid):
            other.do("file_remedy", what="lawsuit", against=outcome.record.pk)
        with pytest.raises(Missing):
            door.perform("file_remedy", driver.institution, actor=other.owner, data={"what": "lawsuit", "against": outcome.record.pk})
        with pytest.raises(Invalid):
            driver.do("file_remedy", what="lawsuit", against=record("take_over_agreement").pk)


@pytest.mark.clause("I7", "M46", "P42", "R11")
@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_the_agency_s_own_breach_is_claimed_within_the_term_and_answered_within_sixty_days(kind: str) -> None:
    driver = life(kind)
    with on("2026-12-31"):
        driver.do("request_mediation", text="未按时拨付", agency_breach=True)
    with on("2027-01-01"):
        assert refused(lambda: driver.do("request_mediation", text="未按时拨付", agency_breach=True)) == ["I7"]
        driver.do("request_mediation", text="协商不成")
    claimed, plain = Dispute.objects.order_by("id")
    # 60 days end on Monday 2027-03-01.
    assert (claimed.due_on, plain.due_on) == (date(2027, 3, 1), None)
    row = Deadline.objects.get(kind="mediation")
    assert (row.state, row.clause, row.responsible) == ("open", "I7", "city_bureau")
    swept("2027-03-01", 23)
    assert Deadline.objects.get(kind="mediation").state == "open"
    swept("2027-03-02")
    assert Deadline.objects.get(kind="mediation").state == "missed"
    assert Reminder.objects.filter(mark=Reminder.ESCALATION, deadline__kind="mediation").count() == 1
    with on("2027-03-02"):
        driver.do("answer_mediation", claimed, conclusion="责令拨付", measures=["限期拨付"])
        assert contradictions("2027-03-02") == []
    assert Document.objects.get(catalogue=42).recipient == driver.institution.name
    assert Deadline.objects.get(kind="mediation").state == "missed", "an answer after the last day heals nothing"


@pytest.mark.clause("I7", "M46")
def test_a_demand_is_answered_once_and_only_by_its_own_act() -> None:
    driver = life()
    with on("2026-06-01"):
        driver.do("demand_correction", text="未按时拨付")
        dispute = Dispute.objects.get()
        with pytest.raises(Refused) as caught:
            driver.do("decide_remedy", dispute, outcome="annulled")
        assert caught.value.clauses == ["state"]
        driver.do("answer_correction", dispute, conclusion="已拨付")
        assert refused(lambda: driver.do("answer_correction", dispute, conclusion="已拨付")) == ["state"]
    dispute.refresh_from_db()
    assert (dispute.state, dispute.outcome) == ("closed", "answered")


@pytest.mark.clause("M29", "I7")
def test_an_answer_given_by_mistake_is_corrected_and_given_again() -> None:
    driver = life()
    with on("2026-06-01"):
        driver.do("request_mediation", text="未按时拨付", agency_breach=True)
        dispute = Dispute.objects.get()
        driver.do("answer_mediation", dispute, conclusion="已协调")
        second = actor_for(MembershipFactory(office=OfficeFactory(role="city_bureau"), from_on=date(2022, 1, 1)))
        door.perform("void", record("answer_mediation"), actor=driver.bureau, reviewer=second, data={"reason": "误发"})
        dispute.refresh_from_db()
        assert (dispute.state, dispute.outcome) == ("open", "")
        assert Deadline.objects.get(kind="mediation").state == "open"
        driver.do("answer_mediation", dispute, conclusion="另行协调")
        assert contradictions("2026-06-01") == []


@pytest.mark.clause("M38.2", "R11")
def test_a_hold_that_is_annulled_holds_nothing_any_more() -> None:
    driver = life()
    with on("2026-06-01"):
        held = driver.do("hold_settlement", reason="多次未改正")
    dispute = attack(driver, held, "2026-06-05")
    assert [each.clause for each in driver.agreement.term().holds] == ["M38.2"]
    decide(driver, dispute, "2026-06-20")
    assert driver.agreement.term().holds == []
    assert Document.objects.filter(catalogue=26, voided_at__isnull=False).count() == 1


@pytest.mark.clause("R11", "M43.1", "M42.6")
def test_what_was_done_upon_an_annulled_suspension_falls_with_it() -> None:
    driver = life()
    decided = suspend(driver, "2026-06-01", "2026-06-30")
    with on("2026-06-02"):
        driver.do("report_decision", what="suspension")
    with on("2026-06-10"):
        driver.do("amend_suspension", to_on="2026-06-25")
    with on("2026-06-20"):
        driver.do("record_rectification", passed=False)
    assert TerminationCase.objects.get().state == "open"
    decide(driver, attack(driver, decided, "2026-06-22"), "2026-06-24")
    assert state(driver, "2026-06-24") == "active"
    assert TerminationCase.objects.get().state == "annulled"
    standing = driver.agreement.facts.filter(voided_at__isnull=True).values_list("kind", flat=True)
    assert not {"suspended", "suspension_amended", "rectification_recorded", "reported"} & set(standing)
    for number in (24, 30):
        assert not Document.objects.filter(catalogue=number, voided_at__isnull=True, supersedes__isnull=True).exists()
