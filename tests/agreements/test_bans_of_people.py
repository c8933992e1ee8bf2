"""Bans in the life of an agreement: people who come and go, what is still owed, and from when one may apply (M12, M40, R4, R5)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from agreements.models import TerminationCase
from casework.refusals import Refused
from institutions.models import Institution, Person
from institutions.posts import holders
from standing.models import StandingFact
from standing.reading import bans_of
from tests.agreements.life import contradictions, life, record, refused, state, terminate
from tests.driving import Driver, on
from tests.factories import HospitalFactory, PersonFactory, PharmacyFactory, made

pytestmark = pytest.mark.django_db

DAY = "2026-06-10"


def barred(institution: Institution, day: str) -> list[tuple[str, str | None]]:
    return [(ban.clause, ban.until and ban.until.isoformat()) for ban in bans_of(institution, date.fromisoformat(day))]


def someone() -> tuple[Person, dict[str, Any]]:
    """A person, and what a report of change must say of one."""
    known = made.fill("person")
    return PersonFactory(**known), {"value": known["name"], "id_number": known["id_number"], "approved_on": "2026-06-01"}


def change(driver: Driver, post: str, given: dict[str, Any], day: str = DAY) -> None:
    with on(day):
        driver.do("report_change", field=post, **given)
        driver.do("approve_change", field=post)


@pytest.mark.clause("M40.1", "M43", "P37", "P40", "M12.8", "R4")
@pytest.mark.parametrize(("kind", "ground"), [("hospital", "M43(10)"), ("pharmacy", "P40(13)")])
@pytest.mark.parametrize("post", ["legal_representative", "principal", "controller"])
def test_a_change_that_brings_in_a_barred_person_is_made_and_opens_a_case(kind: str, ground: str, post: str) -> None:
    person, given = someone()
    driver = life(kind)
    with on("2026-05-06"):
        driver.do("list_dishonest", person)
    change(driver, post, given)
    assert holders(driver.institution, date.fromisoformat(DAY))[post] == person
    case = TerminationCase.objects.get()
    assert (case.state, case.ground) == ("open", ground)
    assert record("approve_change").data["opens"] == ground
    # The agreement goes on until it is decided, and the nature of that ground must be stated.
    assert state(driver, DAY) == "active"
    with on("2026-06-11"):
        assert refused(lambda: driver.do("terminate", ground=[ground], urgent_reason="急")) == [ground]
        driver.do("terminate", ground=[ground], nature="none", urgent_reason="急")
        assert contradictions("2026-06-11") == []
    assert TerminationCase.objects.get().state == "closed"
    assert [clause for clause, _ in barred(driver.institution, "2026-06-11")] == ["M12.8" if kind == "hospital" else "P11.6"]


@pytest.mark.clause("M40.1", "R4")
def test_a_change_to_somebody_free_opens_nothing_nor_does_one_to_somebody_barred_in_the_other_kind() -> None:
    person, given = someone()
    terminate(life("pharmacy", principal=person), "2026-05-06", "P40(4)")
    driver = life()
    change(driver, "principal", given)
    assert not TerminationCase.objects.exists()
    assert barred(driver.institution, DAY) == []
    change(driver, "controller", someone()[1])
    assert not TerminationCase.objects.exists()


@pytest.mark.clause("M40.1", "M43", "R4")
def test_the_same_barred_person_in_a_second_post_opens_no_second_case() -> None:
    person, given = someone()
    driver = life()
    with on("2026-05-06"):
        driver.do("list_dishonest", person)
    change(driver, "principal", given)
    change(driver, "controller", given, "2026-06-11")
    assert [each.state for each in TerminationCase.objects.all()] == ["open"]


@pytest.mark.clause("M40.1", "M43", "R4")
def test_a_barred_newcomer_opens_a_case_though_another_in_post_is_barred_already() -> None:
    person, given = someone()
    driver = life(principal=PersonFactory(), controller=PersonFactory())
    with on("2026-05-06"):
        driver.do("list_dishonest", holders(driver.institution)["principal"])
        driver.do("list_dishonest", person)
    assert not TerminationCase.objects.exists()
    change(driver, "controller", given)
    assert [each.state for each in TerminationCase.objects.all()] == ["open"]


@pytest.mark.clause("M12.7", "P11.5", "R4")
def test_leaving_the_post_after_the_decision_frees_nobody_and_coming_after_it_bars_nobody() -> None:
    newcomer, given = someone()
    driver = life()
    former = holders(driver.institution)["principal"]
    terminate(driver, DAY, "M43(3)", effective_on="2026-06-20")
    change(driver, "principal", given, "2026-06-12")
    mark = {fact.person_id for fact in StandingFact.objects.filter(kind="barred_person")}
    assert former.pk in mark
    assert newcomer.pk not in mark
    elsewhere = HospitalFactory(district="110108", controller=former)
    free = HospitalFactory(district="110108", controller=newcomer)
    assert barred(elsewhere, "2026-06-20") == [("M12.7", "2031-06-20")]
    assert barred(elsewhere, "2031-06-20") == [("M12.7", "2031-06-20")]
    assert barred(elsewhere, "2031-06-21") == barred(free, "2026-06-20") == []
    assert barred(PharmacyFactory(district="110108", controller=former), "2026-06-20") == []


@pytest.mark.clause("M12.5", "P11.3", "R4", "R15")
@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_a_violation_with_an_open_penalty_bars_until_it_is_carried_out(kind: str) -> None:
    ground, clause = ("M43(4)", "M12.5") if kind == "hospital" else ("P40(6)", "P11.3")
    driver = life(kind)
    terminate(driver, DAY, ground, penalty_open=True)
    assert barred(driver.institution, DAY) == [(clause, None)]
    assert bans_of(driver.institution, date.fromisoformat(DAY))[0].remains
    # Three years are over, the penalty is not carried out.
    with on("2029-06-11"):
        driver.do("start_application")
        with pytest.raises(Refused) as caught:
            driver.do("submit_application")
        told = next(each for each in caught.value.refusals if each.clause == clause)
        assert told.earliest_on is None
        driver.do("fulfil_penalty")
    assert barred(driver.institution, "2029-06-11") == []


@pytest.mark.clause("M12.6", "P11.4", "R4")
@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_a_breach_whose_liability_is_met_early_keeps_its_year(kind: str) -> None:
    ground, clause = ("M43(13)", "M12.6") if kind == "hospital" else ("P40(16)", "P11.4")
    driver = life(kind)
    terminate(driver, DAY, ground, liability_open=True)
    assert barred(driver.institution, "2027-06-11") == [(clause, None)]
    with on("2026-09-01"):
        driver.do("fulfil_liability")
    assert barred(driver.institution, "2027-06-10") == [(clause, "2027-06-10")]
    assert barred(driver.institution, "2027-06-11") == []
    with on("2027-06-11"):
        driver.do("start_application")


@pytest.mark.clause("M12.3", "M12.5", "M12.6", "R4")
@pytest.mark.parametrize("word", ["fulfil_penalty", "fulfil_liability"])
def test_nothing_owed_cannot_be_fulfilled(word: str) -> None:
    driver = life()
    with on(DAY):
        assert refused(lambda: driver.do(word)) == ["state"]
    terminate(driver, DAY, "M43(13)" if word == "fulfil_penalty" else "M43(4)", penalty_open=word != "fulfil_penalty",
              liability_open=word == "fulfil_penalty")  # fmt: skip
    with on("2026-06-11"):
        assert refused(lambda: driver.do(word)) == ["state"], "what is owed is something else"
        driver.do("fulfil_liability" if word == "fulfil_penalty" else "fulfil_penalty")


@pytest.mark.clause("M12.3", "P11.1", "R4")
def test_a_penalty_is_carried_out_once_and_what_was_voided_is_owed_again() -> None:
    driver = life()
    with on(DAY):
        driver.do("impose_penalty", by="2026-07-10")
    with on("2026-07-01"):
        driver.do("fulfil_penalty")
        assert refused(lambda: driver.do("fulfil_penalty")) == ["state"]
    assert barred(driver.institution, "2026-07-11") == []
    with on("2026-07-12"):
        driver.do("void", record("fulfil_penalty"), role="city_agency", reason="票据有误")
        assert barred(driver.institution, "2026-07-12") == [("M12.3", None)]
        driver.do("fulfil_penalty")
        driver.do("void", record("impose_penalty"), role="city_agency", reason="登记对象有误")
    assert barred(driver.institution, "2026-07-12") == []


@pytest.mark.clause("M12.4", "M12.5", "M12.7", "R4", "R5")
def test_several_grounds_in_one_decision_open_all_their_bans() -> None:
    one, other = PersonFactory(), PersonFactory()
    driver = life(legal_representative=one, principal=other, controller=one)
    with on(DAY):
        driver.do("terminate", ground=["M43(2)", "M43(3)", "M43(5)"], urgent_reason="急")
    assert barred(driver.institution, DAY) == [
        ("M12.4", "2029-06-10"), ("M12.5", "2029-06-10"), ("M12.6", "2027-06-10"), ("M12.7", "2031-06-10"),
    ]  # fmt: skip
