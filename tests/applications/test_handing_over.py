import pytest

from casework.models import ActRecord
from offices import handover
from offices.models import Role, User
from tests.driving import Driver
from tests.factories import DistrictFactory, MembershipFactory, OfficeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def driver() -> Driver:
    driver = Driver()
    driver.apply()
    driver.do("assign", role="district_agency", owner=driver.district.user_id)
    return driver


@pytest.mark.clause("M26")
def test_a_leaving_clerks_applications_go_to_a_colleague_through_the_one_door(driver):
    clerk = User.objects.get(pk=driver.district.user_id)
    colleague = User.objects.get(pk=driver.district_reviewer.user_id)
    place = clerk.memberships.get()
    assert handover.open_matters(place.office, clerk) == {"承办的申请": 1}
    assert handover.leave(place, by=clerk, reason="调动", successor=colleague) == 1
    assert driver.application.owner == colleague
    assert ActRecord.objects.latest("id").word == "assign"
    assert handover.open_matters(place.office, clerk) == {}


def test_ordered_from_outside_the_office_the_colleague_takes_over(driver):
    administrator = MembershipFactory(office__role=Role.ADMINISTRATOR).user
    clerk = User.objects.get(pk=driver.district.user_id)
    colleague = User.objects.get(pk=driver.district_reviewer.user_id)
    handover.hand_over(clerk.memberships.get().office, clerk, colleague, by=administrator, reason="病假")
    assert driver.application.owner == colleague
    assert ActRecord.objects.latest("id").user_id == colleague.pk


@pytest.mark.clause("M3")
def test_matters_of_one_office_stay_when_the_clerk_leaves_another(driver):
    clerk = User.objects.get(pk=driver.district.user_id)
    elsewhere = MembershipFactory(user=clerk, office=OfficeFactory(role=Role.DISTRICT_AGENCY, district=DistrictFactory(code="110106")))
    assert handover.leave(elsewhere, by=None, reason="只在一处") == 0
    assert driver.application.owner == clerk
