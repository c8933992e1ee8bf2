"""What the made-up rows promise to every other test."""

from datetime import date

import pytest

from institutions.conditions import unmet
from institutions.identity import resident_number_of
from institutions.models import Category, Institution, Person
from institutions.posts import holders
from institutions.profiles import profile_of
from tests.factories import ChainFactory, HospitalFactory, OfficeFactory, PersonFactory, PharmacyFactory, actor

pytestmark = pytest.mark.django_db


@pytest.mark.clause("M5", "M6.1", "M6.2", "M6.3")
@pytest.mark.parametrize("day", [date(2022, 1, 1), date(2024, 2, 29), date(2035, 12, 31)])
@pytest.mark.parametrize("category", [value for value in Category.values if value != "internet"])
def test_hospital_meets_every_condition(category: str, day: date) -> None:
    hospital = HospitalFactory(category=category)
    assert unmet(profile_of(hospital, day), day, {}) == []
    assert hospital.complete


@pytest.mark.clause("P5", "P5.1", "P5.2", "P5.3")
def test_pharmacy_meets_every_condition() -> None:
    pharmacy = PharmacyFactory(chain=ChainFactory())
    day = date(2026, 3, 2)
    assert unmet(profile_of(pharmacy, day), day, {}) == []
    assert pharmacy.complete


@pytest.mark.parametrize("beds", [100, 99])
def test_given_words_stay(beds: int) -> None:
    zhao = PersonFactory(name="赵一", id_number="11010119900307109X")
    hospital = HospitalFactory(name="示例医院", district="bda", beds=beds, controller=zhao, doctors=[{"first_registered_on": "2026-01-01"}])
    assert (hospital.name, hospital.district_id, hospital.beds) == ("示例医院", "bda", beds)
    assert holders(hospital)["controller"] == zhao
    assert [row.first_registered_on for row in hospital.practitioners.all()] == [date(2026, 1, 1)]


def test_rows_are_distinct_and_valid() -> None:
    for _ in range(3):
        HospitalFactory()
        PharmacyFactory(district="110106")
    rows = Institution.objects.all()
    for field in ("name", "uscc", "national_code", "office_id"):
        assert len(set(rows.values_list(field, flat=True))) == 6
    for row in rows:
        row.full_clean()
    people = list(Person.objects.all())
    assert len({person.name for person in people}) == len({person.id_number_hash for person in people}) == 18
    assert all(resident_number_of(person.reveal_id_number()) for person in people)


def test_actor_belongs_to_the_office_asked_for() -> None:
    hospital = HospitalFactory(district="110108")
    assert actor("institution", institution=hospital).institution_id == hospital.pk
    clerk, other = actor("district_agency", "110108"), actor("district_agency", "110108")
    assert (clerk.role, clerk.district, clerk.may_review) == ("district_agency", "110108", True)
    assert clerk.office_id == other.office_id
    assert clerk.user_id != other.user_id
    assert OfficeFactory(role="city_agency") == OfficeFactory(role="city_agency")
