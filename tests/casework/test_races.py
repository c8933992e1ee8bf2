"""Two offices at once: locks in one order, constraints as the last word, a version for stale forms (craft rules 7, 9, 15)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from agreements.models import Agreement
from applications.models import Application
from casework import door, proposals
from casework.models import ActRecord, Proposal
from casework.refusals import Conflict, NotDone, Refused, Stale
from institutions.posts import appoint, holders
from standing.reading import bans_of
from tests.driving import Driver, on
from tests.factories import HospitalFactory


def at_once(*tasks: Callable[[], object]) -> list[object]:
    """Run tasks in threads that start together; each result is what it returned or the NotDone it raised; anything else is raised here."""
    barrier = threading.Barrier(len(tasks))
    results: list[object] = [None] * len(tasks)
    broken: list[BaseException] = []

    def run(number: int, task: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results[number] = task()
        except NotDone as error:
            results[number] = error
        except BaseException as error:
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number, task)) for number, task in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "a deadlock"
    if broken:
        raise broken[0]
    return results


def ready_to_sign(driver: Driver) -> None:
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
        driver.form_team()
        driver.record_result()
        driver.open_notice()
    with on("2026-03-16"):
        driver.do("invite_to_sign")
        driver.do("institution_signs", signer="赵一")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.clause("M12.8", "P11.6", "R4")
def test_listing_a_person_here_against_signing_for_the_same_person_there(race_count: int) -> None:
    """Whoever is second sees the other: never a signed agreement while the person was already on the list, never a deadlock."""
    for number in range(race_count):
        institution = HospitalFactory(district="110105")
        other = HospitalFactory(district="110108")
        person = holders(other, date(2026, 3, 2))["principal"]
        appoint(institution, "principal", person, date(2026, 1, 1))
        each = Driver(institution)
        ready_to_sign(each)

        def sign(each: Driver = each) -> object:
            with on("2026-03-16", 10):
                return door.perform("sign", each.application, actor=each.city, reviewer=each.city_reviewer)

        def enlist(each: Driver = each, person: object = person) -> object:
            with on("2026-03-16", 10):
                return door.perform("list_dishonest", person, actor=each.city)

        tasks = (sign, enlist) if number % 2 else (enlist, sign)
        results = dict(zip(tasks, at_once(*tasks), strict=True))
        assert isinstance(results[enlist], door.Outcome)
        signed = Agreement.objects.filter(institution=institution).exists()
        if signed:
            record_of_signing = ActRecord.objects.get(word="sign", institution_id=institution.pk)
            listing = ActRecord.objects.get(word="list_dishonest", case_id=person.pk)
            assert record_of_signing.pk < listing.pk, "signed although the listing came first"
        else:
            assert isinstance(results[sign], Refused)
            assert results[sign].clauses == ["M12.8"]
            assert [ban.clause for ban in bans_of(institution, date(2026, 3, 16))] == ["M12.8"]


@pytest.mark.django_db(transaction=True)
def test_the_same_institution_filed_twice_at_once() -> None:
    driver = Driver()

    def start() -> object:
        with on("2026-03-02"):
            return door.perform("start_application", driver.institution, actor=driver.owner)

    results = at_once(start, start, start)
    assert sum(isinstance(result, door.Outcome) for result in results) == 1
    assert all(isinstance(result, door.Outcome | Refused | Conflict) for result in results)
    assert Application.objects.filter(institution=driver.institution).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.clause("M29", "P28")
def test_two_reviewers_at_once() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
        driver.form_team()
        for item in driver.application.evaluations.latest("round").rubric.items:
            driver.do("record_finding", item=item["code"], met=True, evidence="现场核查")
        proposal = proposals.propose("record_result", driver.application, actor=driver.city, data={"result": "pass"})

    def confirm() -> object:
        with on("2026-03-02", 11):
            return proposals.confirm(proposal.pk, actor=driver.city_reviewer)

    results = at_once(confirm, confirm)
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Outcome"]
    assert Proposal.objects.get().state == "confirmed"
    assert driver.application.state == "passed"


@pytest.mark.django_db
def test_a_stale_form_is_told_who_changed_what() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        version = driver.application.version
        driver.do("accept")
        with pytest.raises(Stale) as stale:
            door.perform("close_application", driver.application, actor=driver.district, data={"reason": "误"}, version=version)
    assert stale.value.title == "受理"
    assert driver.district.user_name in stale.value.changed_by
    assert driver.application.state == "accepted"


@pytest.mark.django_db
@pytest.mark.clause("M29")
def test_own_proposal_cannot_be_confirmed_or_returned() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        person = holders(driver.institution)["principal"]
        driver.do("list_dishonest", person)
        proposal = proposals.propose("refuse", driver.application, actor=driver.district, data={"ground": ["M12.8"]})
        with pytest.raises(Refused) as refused:
            proposals.confirm(proposal.pk, actor=driver.district)
        assert refused.value.clauses == ["M29"]
        with pytest.raises(Refused):
            proposals.send_back(proposal.pk, actor=driver.district, remark="")
        with pytest.raises(Conflict):
            proposals.propose("refuse", driver.application, actor=driver.district_reviewer, data={"ground": ["M12.8"]})
        proposals.send_back(proposal.pk, actor=driver.district_reviewer, remark="请补证据")
        assert driver.application.state == "submitted"


@pytest.mark.django_db
@pytest.mark.clause("M26", "P25")
@pytest.mark.parametrize("statement", ["update casework_actrecord set title = 'x'", "delete from casework_actrecord"])
def test_the_log_is_append_only_in_the_database(statement: str) -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert ActRecord.objects.filter(institution_id=driver.institution.pk).exists()


@pytest.mark.django_db
def test_facts_cannot_be_changed_or_deleted() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
    facts = driver.application.facts
    with pytest.raises(DatabaseError), transaction.atomic():
        facts.update(on=date(2020, 1, 1))
    with pytest.raises(DatabaseError), transaction.atomic():
        facts.all()._raw_delete("default")
    assert facts.filter(kind="filed").get().on == date(2026, 3, 2)
