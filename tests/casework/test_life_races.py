"""Two offices at once in the life of an agreement: whoever is second sees the first (M43, M42.4, R4, R10, craft rules 7, 9, 15)."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date

import pytest

from agreements.models import Agreement, AgreementFact
from casework import door, proposals
from casework.models import ActRecord, Proposal
from casework.refusals import Conflict, Refused
from deadlines import clock, timers
from documents.models import Document
from institutions.models import PostName
from institutions.posts import holders
from standing.models import StandingFact
from standing.reading import bans_of
from tests.agreements.life import URGENT, contradictions, life, suspended_at_request
from tests.casework.test_races import at_once, ready_to_sign
from tests.driving import Driver, on
from tests.factories import ChainFactory, HospitalFactory, PersonFactory, PharmacyFactory, made

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

RUNS = 100 if os.environ.get("TEST_KIND") == "long" else 6
DAY = "2026-03-16"


def terminating(driver: Driver, ground: str = "M43(3)", **more: object) -> Callable[[], object]:
    def run() -> object:
        with on(DAY, 10):
            data = {"ground": [ground], **URGENT, **more}
            return door.perform("terminate", driver.agreement, actor=driver.city, reviewer=driver.city_reviewer, data=data)

    return run


def signing(driver: Driver) -> Callable[[], object]:
    def run() -> object:
        with on(DAY, 10):
            return door.perform("sign", driver.application, actor=driver.city, reviewer=driver.city_reviewer)

    return run


@pytest.mark.clause("M43", "M12.7", "P11.5", "R4")
@pytest.mark.parametrize("termination_first", [True, False])
def test_termination_for_a_serious_violation_here_against_signing_for_the_same_person_there(termination_first: bool) -> None:
    """Never a signed agreement beside a ban that was there before it; never a deadlock."""
    for number in range(max(1, RUNS // 2)):
        person = PersonFactory()
        here = life(principal=person)
        there = Driver(HospitalFactory(district="110108", controller=person))
        ready_to_sign(there)
        sign, terminate = signing(there), terminating(here)
        tasks = (terminate, sign) if termination_first else (sign, terminate)
        results = dict(zip(tasks, at_once(*tasks), strict=True))
        assert isinstance(results[terminate], door.Outcome), (number, results[terminate])
        barred = StandingFact.objects.get(kind="barred_person", person=person)
        signed = Agreement.objects.filter(institution=there.institution).exists()
        if signed:
            record = ActRecord.objects.get(word="sign", institution_id=there.institution.pk)
            assert record.pk < barred.act_id, "signed although the ban came first"
        else:
            assert isinstance(results[sign], Refused)
            assert results[sign].clauses == ["M12.7"]
        assert [ban.clause for ban in bans_of(there.institution, date.fromisoformat(DAY))] == ["M12.7"]


@pytest.mark.clause("M42.4", "M44.1", "M29")
def test_two_reviewers_decide_the_same_request_to_suspend() -> None:
    driver = life()
    with on("2026-03-02"):
        driver.do("request_suspension")
        proposal = proposals.propose("decide_suspension", driver.agreement, actor=driver.city, data={"granted": True})

    def confirm() -> object:
        with on(DAY, 11):
            return proposals.confirm(proposal.pk, actor=driver.city_reviewer)

    def decide() -> object:
        with on(DAY, 11):
            data = {"granted": False, "reason": "不符合条件"}
            return door.perform("decide_suspension", driver.agreement, actor=driver.city, reviewer=driver.city_reviewer, data=data)

    results = at_once(confirm, confirm, decide)
    assert sum(isinstance(result, door.Outcome) for result in results) == 1, results
    assert all(isinstance(result, door.Outcome | door.NotDone) for result in results)
    assert AgreementFact.objects.filter(kind="suspension_decided").count() == 1
    assert Proposal.objects.get().state in ("confirmed", "open")
    with on(DAY, 12):
        assert contradictions(DAY) == []


@pytest.mark.clause("M43", "P40")
@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_the_same_agreement_terminated_twice_at_once(kind: str) -> None:
    driver = life(kind)
    run = terminating(driver, "M43(3)" if kind == "hospital" else "P40(4)")
    results = at_once(run, run, run)
    assert sorted(type(result).__name__ for result in results) == ["Outcome", "Refused", "Refused"]
    assert [result.clauses for result in results if isinstance(result, Refused)] == [["state"], ["state"]]
    assert StandingFact.objects.filter(kind="termination").count() == 1


@pytest.mark.clause("P40.14", "R10")
def test_two_branches_of_a_chain_each_reach_the_other_at_once() -> None:
    """One termination reaches both branches; the other finds its agreement gone. No branch is terminated twice, nobody waits for ever."""
    for _ in range(max(1, RUNS // 2)):
        fault = PersonFactory()
        chain = ChainFactory(controller=fault)
        one = life("pharmacy", chain=chain, principal=fault)
        other = life("pharmacy", district="110108", chain=chain, controller=fault)
        runs = [terminating(each, "P40(4)", head_office_at_fault=fault.pk) for each in (one, other)]
        results = at_once(*runs)
        assert sorted(type(result).__name__ for result in results) == ["Outcome", "Refused"], results
        for each in (one, other):
            assert each.agreement.state == "terminated"
            assert each.agreement.facts.filter(kind="terminated").count() == 1
    with on(DAY, 12):
        assert contradictions(DAY) == []


@pytest.mark.clause("P40.14", "R10", "P11.5")
@pytest.mark.parametrize("cascade_first", [True, False])
def test_a_cascade_against_the_signing_of_a_branch(cascade_first: bool) -> None:
    """A branch that signs first is terminated too; one that comes second is refused. Never an agreement that the cascade overlooked."""
    for _ in range(max(1, RUNS // 2)):
        fault = PersonFactory()
        chain = ChainFactory(controller=fault)
        origin = life("pharmacy", chain=chain, principal=fault)
        branch = Driver(PharmacyFactory(district="110108", chain=chain, principal=fault))
        ready_to_sign(branch)
        sign, cascade = signing(branch), terminating(origin, "P40(4)", head_office_at_fault=fault.pk)
        tasks = (cascade, sign) if cascade_first else (sign, cascade)
        results = dict(zip(tasks, at_once(*tasks), strict=True))
        assert isinstance(results[cascade], door.Outcome), results[cascade]
        if isinstance(results[sign], door.Outcome):
            assert (branch.application.state, branch.agreement.state) == ("signed", "terminated")
        else:
            assert branch.application.state == "refused"
            assert not branch.institution.agreements.exists()


@pytest.mark.clause("M42.6", "M44.1")
def test_taking_a_request_back_against_deciding_it() -> None:
    for number in range(max(1, RUNS // 2)):
        driver = life()
        with on("2026-03-02"):
            driver.do("request_termination")

        def withdraw(driver: Driver = driver) -> object:
            with on(DAY, 10):
                return door.perform("withdraw_request", driver.agreement, actor=driver.owner)

        def decide(driver: Driver = driver) -> object:
            with on(DAY, 10):
                data = {"granted": True}
                return door.perform("decide_termination", driver.agreement, actor=driver.city, reviewer=driver.city_reviewer, data=data)

        results = at_once(*((withdraw, decide) if number % 2 else (decide, withdraw)))
        assert sorted(type(result).__name__ for result in results) == ["Outcome", "Refused"], results
        facts = driver.agreement.facts.filter(kind__in=["request_withdrawn", "termination_decided"])
        assert facts.count() == 1


@pytest.mark.clause("M41.2", "M43")
def test_a_renewal_against_a_termination() -> None:
    """Terminated first, nothing can be renewed; renewed first, the new agreement never begins (R6)."""
    for number in range(max(1, RUNS // 2)):
        driver = life(last="2026-06-30")
        old = driver.agreement
        with on("2026-03-02"):
            driver.do("request_renewal")

        def renew(driver: Driver = driver, old: Agreement = old) -> object:
            with on(DAY, 10):
                return door.perform("decide_renewal", old, actor=driver.city, reviewer=driver.city_reviewer, data={"agreed": True})

        def terminate(driver: Driver = driver, old: Agreement = old) -> object:
            with on(DAY, 10):
                data = {"ground": ["M43(13)"], **URGENT}
                return door.perform("terminate", old, actor=driver.city, reviewer=driver.city_reviewer, data=data)

        tasks = (renew, terminate) if number % 2 else (terminate, renew)
        results = dict(zip(tasks, at_once(*tasks), strict=True))
        assert isinstance(results[terminate], door.Outcome), results[terminate]
        assert isinstance(results[renew], door.Outcome | Refused | Conflict)
        renewed = driver.institution.agreements.exclude(pk=old.pk)
        assert renewed.count() == int(isinstance(results[renew], door.Outcome))
        assert {each.derived(date(2026, 7, 1)) for each in (old, *renewed)} == {"terminated"}
    with on(DAY, 12):
        assert contradictions(DAY) == []


@pytest.mark.clause("M12.7", "M40.1", "R4")
def test_people_in_post_are_locked_with_a_change_of_post() -> None:
    """The principal changes at the very moment of the decision: the ban falls on whoever held the post when it was made."""
    known = made.fill("person")
    former, newcomer = PersonFactory(), PersonFactory(**known)
    driver = life(principal=former)
    with on("2026-03-02"):
        driver.do("report_change", field="principal", value=known["name"], id_number=known["id_number"], approved_on="2026-03-01")

    def change() -> object:
        with on(DAY, 10):
            data = {"field": "principal"}
            return door.perform("approve_change", driver.agreement, actor=driver.city, data=data)

    results = at_once(change, terminating(driver))
    assert isinstance(results[1], door.Outcome), results[1]
    barred = set(StandingFact.objects.filter(kind="barred_person").values_list("person_id", flat=True))
    assert len(barred) == len(set(PostName.values))
    changed = ActRecord.objects.filter(word="approve_change").first()
    terminated = ActRecord.objects.get(word="terminate")
    first = changed is not None and changed.pk < terminated.pk
    assert (newcomer.pk in barred, former.pk in barred) == (first, not first)
    assert holders(driver.institution, date.fromisoformat(DAY))["principal"] == (newcomer if changed else former)


@pytest.mark.clause("M41.3", "M42.5", "R7", "R14")
def test_two_workers_sweep_the_same_days_and_every_paper_is_issued_once() -> None:
    lapsing, ending = life(), life()
    suspended_at_request(lapsing, "2026-05-10")
    for day in ("2026-08-31", "2026-11-06", "2027-01-01"):
        when = clock.at(date.fromisoformat(day), 1)
        at_once(*[lambda when=when: timers.sweep(when)] * 3)
        # What one worker found claimed by another stays for the next tick.
        timers.sweep(when)
    for driver, numbers in ((lapsing, [21, 32]), (ending, [21, 22])):
        rows = Document.objects.filter(subjects__institution_id=driver.institution.pk, catalogue__in=[21, 22, 32])
        assert sorted(rows.values_list("catalogue", flat=True)) == numbers
        assert driver.agreement.state == "expired"
    with on("2027-01-01", 2):
        assert contradictions("2027-01-01") == []
