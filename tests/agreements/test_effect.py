"""A termination takes effect with the service of its decision, not before; a wrong proof is taken back (R5, R10)."""

from __future__ import annotations

from datetime import date

import pytest

from agreements import public
from agreements.models import Agreement
from casework.models import ActRecord
from casework.preview import preview
from deadlines import clock
from documents.models import Document
from settlement.answer import Query
from settlement.reading import answer, answer_many
from standing.reading import bans_of, bans_of_person
from tests.agreements.life import contradictions, life, record, state, terminate
from tests.agreements.test_cascade import Scene
from tests.driving import Driver, on
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def serve(driver: Driver, number: int, recorded: str, served: str, **how: object) -> None:
    """The proof of service of the institution's last paper of a number."""
    papers = Document.objects.filter(catalogue=number, subjects__institution_id=driver.institution.pk, voided_at__isnull=True)
    with on(recorded):
        driver.do("serve_document", papers.latest("id"), role="city_agency", **{"method": "post", "on": served, "receipt": "EX1", **how})
        assert contradictions(recorded) == []


def void_service(driver: Driver, day: str) -> None:
    with on(day):
        driver.do("void", record("serve_document"), role="city_agency", reason="日期有误")
        assert contradictions(day) == []


def settled(driver: Driver, day: str, known: str | None = None) -> str:
    moment = clock.at(date.fromisoformat(known), 23) if known else None
    return answer(driver.institution, Query(date.fromisoformat(day)), moment).answer


def listed(driver: Driver, day: str) -> list[date]:
    """Since when the public list says so."""
    rows = public.terminations(date.fromisoformat(day)).filter(institution=driver.institution)
    return [row.effective_on for row in rows]


def through(driver: Driver, day: str) -> list[date | None]:
    return [ban.until for ban in bans_of(driver.institution, date.fromisoformat(day))]


@pytest.mark.clause("R5", "R8", "M43")
def test_the_first_day_out_is_the_day_the_decision_was_served() -> None:
    driver = life()
    terminate(driver, "2026-06-10", "M43(1)")
    assert (state(driver, "2026-06-10"), settled(driver, "2026-06-10")) == ("terminated", "refuse")
    serve(driver, 34, "2026-06-20", "2026-06-15")
    assert [state(driver, day) for day in ("2026-06-10", "2026-06-14", "2026-06-15")] == ["active", "active", "terminated"]
    assert [settled(driver, day) for day in ("2026-06-14", "2026-06-15")] == ["settle", "refuse"]
    assert settled(driver, "2026-06-14", known="2026-06-19") == "refuse", "as it was known then"
    [kept] = answer_many([(driver.institution.national_code, Query(date(2026, 6, 14)))])
    assert kept is not None
    assert kept.answer == "settle"
    assert Agreement.objects.get().ended_on == date(2026, 6, 14)
    void_service(driver, "2026-06-22")
    assert [state(driver, day) for day in ("2026-06-09", "2026-06-10")] == ["active", "terminated"]
    assert settled(driver, "2026-06-14") == "refuse"


@pytest.mark.clause("R5", "R4", "M12.5", "M12.7")
def test_bans_and_the_public_list_begin_with_the_service() -> None:
    person = PersonFactory()
    driver = life(controller=person)
    terminate(driver, "2026-06-10", "M43(3)", penalty_open=False)
    assert (listed(driver, "2026-06-20"), through(driver, "2026-06-20")[0]) == ([date(2026, 6, 10)], date(2029, 6, 10))
    serve(driver, 34, "2026-06-20", "2026-06-15")
    assert (listed(driver, "2026-06-14"), listed(driver, "2026-06-15")) == ([], [date(2026, 6, 15)])
    assert through(driver, "2026-06-14") == []
    assert through(driver, "2026-06-15")[0] == date(2029, 6, 15)
    assert [ban.until for ban in bans_of_person(person, "hospital", date(2026, 6, 20))] == [date(2031, 6, 15)]
    assert public.standing(driver.institution, date(2026, 6, 20)).since == date(2026, 6, 15)
    void_service(driver, "2026-06-22")
    assert (listed(driver, "2026-06-22"), through(driver, "2026-06-22")[0]) == ([date(2026, 6, 10)], date(2029, 6, 10))
    assert [ban.until for ban in bans_of_person(person, "hospital", date(2026, 6, 22))] == [date(2031, 6, 10)]


@pytest.mark.clause("R5", "R4")
def test_by_announcement_it_lives_on_for_thirty_days() -> None:
    driver = life()
    terminate(driver, "2026-06-10", "M43(1)")
    serve(driver, 34, "2026-06-12", "2026-06-12", method="announcement")
    with on("2026-06-12"):
        assert Agreement.objects.get().state == "active"
    assert [state(driver, day) for day in ("2026-07-11", "2026-07-12")] == ["active", "terminated"]
    assert listed(driver, "2026-06-20") == []


@pytest.mark.clause("R5")
def test_a_later_day_that_was_stated_is_moved_only_by_a_service_after_it() -> None:
    driver = life()
    terminate(driver, "2026-06-10", "M43(1)", effective_on="2026-07-01")
    serve(driver, 34, "2026-06-20", "2026-06-15")
    assert [state(driver, day) for day in ("2026-06-30", "2026-07-01")] == ["active", "terminated"]
    void_service(driver, "2026-06-21")
    serve(driver, 34, "2026-07-10", "2026-07-03")
    assert [state(driver, day) for day in ("2026-07-02", "2026-07-03")] == ["active", "terminated"]


@pytest.mark.clause("R5", "M43.12", "M44.1")
def test_an_exit_at_request_too_takes_effect_with_its_answer() -> None:
    leaving = life()
    with on("2026-01-05"):
        leaving.do("request_termination", effective_on="2026-04-05")
    with on("2026-04-01"):
        leaving.do("decide_termination", granted=True)
    serve(leaving, 29, "2026-04-10", "2026-04-08")
    assert [state(leaving, day) for day in ("2026-04-07", "2026-04-08")] == ["active", "terminated"]


@pytest.mark.clause("R5", "M41.3", "R14")
def test_a_term_that_ends_before_the_service_ends_by_itself() -> None:
    driver = life()
    terminate(driver, "2026-12-28", "M43(1)")
    serve(driver, 34, "2027-01-10", "2027-01-05")
    agreement = Agreement.objects.get()
    assert (agreement.ended_on, agreement.end_state) == (date(2026, 12, 31), "expired")
    assert [ban.starts_on for ban in bans_of(driver.institution, date(2027, 1, 10))] == [date(2027, 1, 5)]


@pytest.mark.clause("R10", "P40.14", "R5")
def test_the_branches_go_the_day_the_decision_that_reaches_them_was_served() -> None:
    scene = Scene()
    scene.terminate()
    branch = scene.suspended
    serve(branch, 35, "2026-06-18", "2026-06-17")
    assert state(branch, "2026-06-10") == "terminated", "its own paper moves its remedies, not the day"
    with on("2026-06-20"):
        paper = Document.objects.get(catalogue=34)
        data = {"method": "post", "on": "2026-06-15", "receipt": "EX2"}
        shown = preview("serve_document", paper, actor=scene.origin.city, data=data)
        assert {each.institution.name for each in (scene.origin, *scene.hit)} == {note.split("的协议")[0] for note in shown.notes}
        assert all("自送达之日2026-06-15起生效(原为2026-06-10)" in note for note in shown.notes)
    serve(scene.origin, 34, "2026-06-20", "2026-06-15")
    assert [state(each, "2026-06-14") for each in (scene.origin, *scene.hit)] == ["active", "suspended", "pending"]
    assert {state(each, "2026-06-15") for each in (scene.origin, *scene.hit)} == {"terminated"}
    assert listed(branch, "2026-06-20") == [date(2026, 6, 15)]
    void_service(scene.origin, "2026-06-21")
    assert state(branch, "2026-06-10") == "terminated"
    serve(scene.origin, 34, "2026-06-22", "2026-06-15")
    # Undone, the decision takes with it what its service moved.
    with on("2026-06-23"):
        scene.origin.do("void", ActRecord.objects.get(word="terminate"), role="city_agency", reason="有误")
        assert contradictions("2026-06-23") == []
    assert [state(each, "2026-06-23") for each in (scene.origin, *scene.hit)] == ["active", "suspended", "pending"]


@pytest.mark.clause("R5", "M38.6")
def test_papers_that_name_no_day_say_the_day_of_service() -> None:
    driver = life()
    terminate(driver, "2026-06-10", "M43(1)")
    for number in (36, 37):
        [row] = Document.objects.get(catalogue=number).data["institutions"]
        assert row["effective_on"] == ""
    other = life()
    terminate(other, "2026-06-10", "M43(1)", effective_on="2026-07-01")
    [row] = Document.objects.filter(catalogue=36).latest("id").data["institutions"]
    assert row["effective_on"] == "2026-07-01"


@pytest.mark.clause("R5", "M35")
def test_a_receipt_confirmed_online_moves_it_where_the_consent_came_later() -> None:
    driver = life()
    terminate(driver, "2026-06-10", "M43(1)")
    office = driver.institution.office
    assert office is not None
    office.online_service_consent_on = date(2026, 6, 15)
    office.save()
    with on("2026-06-20"):
        paper = Document.objects.get(catalogue=34)
        driver.do("confirm_receipt", document=paper.pk)
        assert contradictions("2026-06-20") == []
    assert [state(driver, day) for day in ("2026-06-14", "2026-06-15")] == ["active", "terminated"]
