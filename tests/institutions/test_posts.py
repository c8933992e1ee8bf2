"""Who holds the three posts on which day (M12.7)."""

from datetime import date

import pytest

from deadlines import clock
from institutions.models import Post
from institutions.posts import appoint, holders, institutions_of, person_ids
from tests.factories import HospitalFactory, PersonFactory, PharmacyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M12.7")]
CHANGE = date(2026, 3, 2)


def test_holders_change_on_the_day_of_appointment() -> None:
    old, new = PersonFactory(), PersonFactory()
    hospital = HospitalFactory(principal=old)
    appoint(hospital, "principal", new, CHANGE)
    assert holders(hospital, date(2026, 3, 1))["principal"] == old
    assert holders(hospital, CHANGE)["principal"] == new
    with clock.frozen(clock.at(date(2026, 3, 1), 23, 59)):
        assert holders(hospital)["principal"] == old
    with clock.frozen(clock.at(CHANGE)):
        assert holders(hospital)["principal"] == new


def test_an_appointment_of_the_same_day_is_replaced() -> None:
    hospital = HospitalFactory(principal=None)
    first, second = PersonFactory(), PersonFactory()
    appoint(hospital, "principal", first, CHANGE)
    appoint(hospital, "principal", second, CHANGE)
    assert [row.person for row in Post.objects.filter(institution=hospital, post="principal")] == [second]


def test_one_already_recorded_as_coming_later_still_comes() -> None:
    hospital = HospitalFactory(principal=None)
    now, later = PersonFactory(), PersonFactory()
    appoint(hospital, "principal", later, date(2026, 5, 1))
    appoint(hospital, "principal", now, CHANGE)
    assert holders(hospital, date(2026, 4, 30))["principal"] == now
    assert holders(hospital, date(2026, 5, 1))["principal"] == later


def test_a_post_nobody_holds_is_not_there() -> None:
    hospital = HospitalFactory(controller=None)
    assert set(holders(hospital)) == {"legal_representative", "principal"}


def test_a_person_is_found_in_every_institution_district_and_kind() -> None:
    zhao = PersonFactory()
    hospital = HospitalFactory(controller=zhao)
    pharmacy = PharmacyFactory(district="110106", legal_representative=zhao, principal=zhao)
    HospitalFactory()
    assert institutions_of([zhao.pk]) == [hospital, pharmacy]
    appoint(hospital, "controller", PersonFactory(), CHANGE)
    assert institutions_of([zhao.pk], CHANGE) == [pharmacy]
    assert institutions_of([], CHANGE) == []


def test_everybody_in_a_post_of_several_institutions() -> None:
    zhao = PersonFactory()
    hospital = HospitalFactory(controller=zhao, principal=zhao)
    pharmacy = PharmacyFactory(principal=zhao)
    assert len(person_ids([hospital.pk, pharmacy.pk])) == 4


def test_one_query_each(django_assert_num_queries) -> None:
    hospital = HospitalFactory()
    ids = person_ids([hospital.pk])
    for question in (lambda: holders(hospital), lambda: institutions_of(ids), lambda: person_ids([hospital.pk])):
        with django_assert_num_queries(1):
            question()
