from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from offices import directory
from offices.models import District, Office, Role
from offices.seeding import seed_offices

pytestmark = pytest.mark.django_db


@pytest.mark.clause("M3", "R16")
def test_each_district_has_a_bureau_and_an_agency_and_the_city_its_own():
    seed_offices()
    assert District.objects.count() == 17
    assert list(District.objects.values_list("code", flat=True))[::16] == ["110101", "bda"]
    assert Counter(Office.objects.values_list("role", flat=True)) == {
        "district_bureau": 17,
        "district_agency": 17,
        "city_bureau": 1,
        "city_agency": 1,
        "third_party": 2,
        "auditor": 1,
        "administrator": 1,
    }
    numbers = [name for name in Office.objects.values_list("short_name", flat=True) if name]
    assert len(numbers) == len(set(numbers)) == 38


def test_seeding_again_changes_nothing_that_people_changed():
    seed_offices()
    Office.objects.filter(role=Role.CITY_AGENCY).update(name="改过的名称")
    call_command("seed_offices", stdout=StringIO())
    assert Office.objects.count() == 40
    assert directory.city_agency().name == "改过的名称"


@pytest.mark.clause("R16")
def test_the_directory_finds_the_office_of_a_district_or_says_what_is_missing():
    seed_offices()
    assert directory.district_agency("110106").name == "北京市丰台区医疗保险事务管理中心"
    assert directory.district_bureau("bda").district_id == "bda"
    assert directory.city_bureau().role == Role.CITY_BUREAU
    Office.objects.filter(role=Role.DISTRICT_AGENCY, district_id="110106").update(active=False)
    with pytest.raises(directory.NoOffice, match="区经办机构"):
        directory.district_agency("110106")


@pytest.mark.clause("M3")
@pytest.mark.parametrize(
    ("role", "district"),
    [(Role.CITY_AGENCY, None), (Role.DISTRICT_AGENCY, "110105"), (Role.DISTRICT_BUREAU, None), (Role.INSTITUTION, None)],
)
def test_the_database_refuses_a_second_one_and_one_without_its_district(role, district):
    seed_offices()
    with pytest.raises(IntegrityError), transaction.atomic():
        Office.objects.create(role=role, district_id=district, name="多余的单位")
