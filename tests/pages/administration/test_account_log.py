import pytest

from offices import people
from offices.models import Role
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.mark.clause("M3")
def test_the_auditor_and_the_administrator_read_what_was_done_to_accounts(enter):
    clerk = MembershipFactory()
    people.lock(clerk.user, clerk.office, by=None, reason="手机遗失")
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        browser = enter(MembershipFactory(office__role=role))
        assert "手机遗失" in browser.get("/administration/accounts/").content.decode()
        assert "没有符合条件" in browser.get("/administration/accounts/", {"q": "无此人"}).content.decode()
    for role in (Role.CITY_BUREAU, Role.DISTRICT_AGENCY, Role.INSTITUTION):
        assert enter(MembershipFactory(office__role=role)).get("/administration/accounts/").status_code == 403


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_costs_the_same_for_one_and_for_fifty(enter, number, django_assert_max_num_queries):
    clerk = MembershipFactory()
    for _ in range(number):
        people.reset_password(clerk.user, clerk.office, by=None)
    browser = enter(MembershipFactory(office__role=Role.AUDITOR))
    with django_assert_max_num_queries(6):
        assert browser.get("/administration/accounts/").content.decode().count("签发重设密码链接") == number
