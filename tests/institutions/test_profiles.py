"""The profile of an institution as the database knows it."""

from datetime import date

import pytest

from institutions.completeness import missing, missing_sentence, refresh
from institutions.models import Licence
from institutions.profiles import profile_of
from tests.factories import HospitalFactory, PharmacyFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.mark.parametrize("rows", [1, 50])
def test_a_profile_takes_four_queries_however_many_rows(rows: int, django_assert_num_queries) -> None:
    hospital = HospitalFactory(doctors=[{}] * rows, insurance_managers=[{}] * rows)
    with django_assert_num_queries(4):
        profile = profile_of(hospital, DAY)
    assert (len(profile.practitioners), len(profile.managers), len(profile.licences), len(profile.principals)) == (rows, rows, 1, 1)


def test_what_ended_before_the_day_is_left_out() -> None:
    ended = {"ended_on": date(2026, 3, 1)}
    hospital = HospitalFactory(
        doctors=[ended, {"ended_on": DAY}],
        insurance_managers=[ended],
        licences=[{"valid_to": date(2026, 3, 1)}, {"valid_to": DAY}],
    )
    profile = profile_of(hospital, DAY)
    assert (len(profile.practitioners), len(profile.managers), len(profile.licences)) == (1, 0, 1)


def test_pharmacy_profile() -> None:
    profile = profile_of(PharmacyFactory(opened_on=DAY), DAY)
    assert (profile.kind, profile.category, profile.opened_on, len(profile.managers)) == ("pharmacy", "", DAY, 2)
    assert [row.kind for row in profile.licences] == ["drug_licence", "business_licence"]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"uscc": None}, ["uscc"]),
        ({"address": ""}, ["address"]),
        ({"licences": []}, ["licence"]),
        ({"uscc": None, "licences": []}, ["uscc", "licence"]),
    ],
)
def test_a_record_without_code_licence_or_address_is_incomplete(change: dict, fields: list[str]) -> None:
    hospital = HospitalFactory(**change)
    assert not hospital.complete
    assert missing(hospital) == fields
    assert missing_sentence(hospital).startswith("资料不齐：缺")


def test_a_business_licence_alone_is_not_enough_and_a_drug_licence_completes() -> None:
    pharmacy = PharmacyFactory(licences=[{"kind": "business_licence"}])
    assert missing(pharmacy) == ["licence"]
    Licence.objects.create(institution=pharmacy, kind="drug_licence", number="京1", valid_from=DAY)
    refresh(pharmacy)
    pharmacy.refresh_from_db()
    assert pharmacy.complete
    assert missing_sentence(pharmacy) == ""
