import re

import pytest
from django.test import Client

from offices import handover
from offices.models import Invitation, Membership, Role, User
from tests.factories import DistrictFactory, MembershipFactory, OfficeFactory

pytestmark = pytest.mark.django_db
NEW = {"password": "a-long-enough-one-7", "again": "a-long-enough-one-7"}


@pytest.fixture
def boss() -> Membership:
    return MembershipFactory(supervisor=True)


@pytest.fixture
def clerk(boss) -> Membership:
    return MembershipFactory(office=boss.office)


def test_from_invitation_to_signing_in(enter, boss):
    page = enter(boss).post(f"/account/people/invite/{boss.office_id}/", {"full_name": "周敏", "may_review": "on"}).content.decode()
    link = re.search(r'value="http://testserver(/account/invitation/[^"]+)"', page)[1]
    newcomer = Client()
    assert newcomer.get(link).status_code == 200
    assert newcomer.post(link, NEW | {"username": "zhoumin"})["Location"] == "/login/"
    assert newcomer.post("/login/", {"username": "zhoumin", "password": NEW["password"]}).status_code == 302
    assert newcomer.get("/account/").wsgi_request.actor.may_review is True
    assert Client().get(link).status_code == 410


def test_a_used_or_unknown_link_is_dead(client):
    assert client.get("/account/invitation/unknown/").status_code == 410


def test_somebody_with_an_account_is_asked_before_joining(enter, boss):
    page = enter(boss).post(f"/account/people/invite/{boss.office_id}/", {"full_name": "周敏"}).content.decode()
    link = re.search(r'value="http://testserver(/account/invitation/[^"]+)"', page)[1]
    other = MembershipFactory(office__role=Role.CITY_AGENCY)
    browser = Client()
    browser.force_login(other.user, backend="django.contrib.auth.backends.ModelBackend")
    assert boss.office.name in browser.get(link).content.decode()
    assert other.user.memberships.count() == 1
    browser.post(link)
    assert browser.get("/account/").wsgi_request.actor.office_id == boss.office_id


def test_an_invitation_can_be_taken_back(enter, boss):
    browser = enter(boss)
    browser.post(f"/account/people/invite/{boss.office_id}/", {"full_name": "周敏"})
    invitation = Invitation.objects.get()
    assert "周敏" in browser.get("/account/people/").content.decode()
    browser.post(f"/account/people/invitations/{invitation.pk}/withdraw/")
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None


def test_locking_and_unlocking_ask_for_a_reason(enter, boss, clerk):
    browser = enter(boss)
    assert browser.post(f"/account/people/{clerk.pk}/lock/", {"reason": ""}).status_code == 200
    assert User.objects.get(pk=clerk.user_id).is_active
    browser.post(f"/account/people/{clerk.pk}/lock/", {"reason": "手机遗失"})
    assert not User.objects.get(pk=clerk.user_id).is_active
    assert "手机遗失" in browser.get(f"/account/people/{clerk.pk}/").content.decode()
    browser.post(f"/account/people/{clerk.pk}/unlock/", {"reason": "已找回"})
    assert User.objects.get(pk=clerk.user_id).is_active
    assert browser.get(f"/account/people/{clerk.pk}/dismiss/").status_code == 404


@pytest.mark.clause("M3")
def test_a_supervisor_gets_no_hold_of_an_account_that_opens_another_office(enter, boss, clerk):
    MembershipFactory(user=clerk.user, office__role=Role.CITY_AGENCY)
    browser = enter(boss)
    answers = [
        browser.post(f"/account/people/{clerk.pk}/reset/", follow=True),
        browser.post(f"/account/people/{clerk.pk}/lock/", {"reason": "试试"}, follow=True),
        browser.post(f"/account/people/{clerk.pk}/forget/", {"reason": "试试"}, follow=True),
    ]
    for answer in answers:
        page = answer.content.decode()
        assert "由平台管理员处理" in page
        assert "/account/reset/" not in page
    assert User.objects.get(pk=clerk.user_id).is_active


def test_a_lost_password_is_replaced_by_a_link(enter, boss, clerk):
    page = enter(boss).post(f"/account/people/{clerk.pk}/reset/").content.decode()
    link = re.search(r'value="http://testserver(/account/reset/[^"]+)"', page)[1]
    assert Client().post(link, NEW)["Location"] == "/login/"
    assert User.objects.get(pk=clerk.user_id).check_password(NEW["password"])


def test_powers_are_changed_with_a_reason(enter, boss, clerk):
    browser = enter(boss)
    browser.post(f"/account/people/{clerk.pk}/powers/", {"supervisor": "on", "reason": "任命"})
    clerk.refresh_from_db()
    assert (clerk.may_review, clerk.supervisor) == (False, True)
    refused = browser.post(f"/account/people/{boss.pk}/powers/", {"reason": "交班"})
    assert refused.status_code == 302


def test_leaving_with_open_matters_asks_for_a_successor(enter, boss, clerk, monkeypatch):
    moves: list[tuple[int, int]] = []
    monkeypatch.setattr(handover, "holders", {})
    handover.register("申请", count=lambda office, user: 3, move=lambda office, a, b, by: moves.append((a.pk, b.pk)) or 3)
    browser = enter(boss)
    refused = browser.post(f"/account/people/{clerk.pk}/leave/", {"reason": "调动"})
    assert "申请 3 件" in refused.content.decode()
    assert moves == []
    browser.post(f"/account/people/{clerk.pk}/leave/", {"reason": "调动", "successor": boss.pk})
    assert moves == [(clerk.user_id, boss.user_id)]
    assert Membership.objects.get(pk=clerk.pk).to_on is not None


@pytest.mark.clause("M3")
def test_another_offices_people_do_not_exist_and_a_clerk_may_not_manage(enter, boss, clerk):
    stranger = MembershipFactory(office__role=Role.CITY_AGENCY)
    browser = enter(boss)
    assert [browser.get(f"/account/people/{stranger.pk}/{step}").status_code for step in ("", "lock/", "powers/", "leave/")] == [404] * 4
    assert browser.post(f"/account/people/{stranger.pk}/reset/").status_code == 404
    assert browser.get(f"/account/people/office/{stranger.office_id}/").status_code == 404
    assert browser.get(f"/account/people/invite/{stranger.office_id}/").status_code == 404
    browser = enter(clerk)
    assert [browser.get(url).status_code for url in ("/account/people/", f"/account/people/{boss.pk}/")] == [403, 403]


@pytest.mark.clause("M3")
def test_a_districts_supervisor_helps_the_institutions_of_the_district_only(enter, boss):
    here, there = (
        MembershipFactory(office=OfficeFactory(role=Role.INSTITUTION, district=DistrictFactory(code=code))) for code in ("110105", "110106")
    )
    browser = enter(boss)
    assert [browser.get(f"/account/people/{place.pk}/").status_code for place in (here, there)] == [200, 404]


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_costs_the_same_for_one_and_for_fifty(enter, boss, number, django_assert_max_num_queries):
    MembershipFactory.create_batch(number, office=boss.office)
    browser = enter(boss)
    with django_assert_max_num_queries(9):
        assert browser.get("/account/people/").status_code == 200


def test_ones_own_contact_is_kept_up_by_oneself(enter, clerk):
    browser = enter(clerk)
    browser.post("/account/", {"full_name": "周敏敏", "phone": "13900000000", "email": ""})
    assert User.objects.get(pk=clerk.user_id).full_name == "周敏敏"
    refused = browser.post("/account/", {"full_name": "周敏敏", "phone": "电话", "email": "不是邮箱"})
    assert "请填电话号码" in refused.content.decode()
