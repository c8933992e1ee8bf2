import pytest
from django.test import override_settings
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from deadlines import clock
from offices import second_factors, settings
from offices.models import Membership, Role, User
from tests.factories import MembershipFactory, OfficeFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-one-7"


@pytest.fixture
def clerk() -> Membership:
    place = MembershipFactory(office__role=Role.DISTRICT_AGENCY)
    place.user.set_password(PASSWORD)
    place.user.save()
    return place


def sign_in(client, user, password=PASSWORD, **more):
    return client.post("/login/", {"username": user.username, "password": password} | more)


def test_name_and_password_lead_to_the_own_work(client, clerk):
    response = sign_in(client, clerk.user)
    assert response.status_code == 302
    assert clerk.office.name in client.get("/account/").content.decode()


def test_after_signing_in_one_is_where_one_wanted_to_be_but_never_elsewhere(client, clerk):
    assert sign_in(client, clerk.user, next="/account/password/")["Location"] == "/account/password/"
    client.logout()
    assert sign_in(client, clerk.user, next="https://elsewhere.example/")["Location"] == "/"


def test_a_wrong_password_says_what_to_do_and_not_which_part_was_wrong(client, clerk):
    wrong = sign_in(client, clerk.user, "not-this-one")
    unknown = client.post("/login/", {"username": "nobody", "password": PASSWORD})
    sentence = "用户名或密码不正确，或账户已被锁定"
    assert sentence in wrong.content.decode()
    assert sentence in unknown.content.decode()


@override_settings(AXES_ENABLED=True)
def test_five_failures_stop_even_the_right_password(client, clerk):
    answers = [sign_in(client, clerk.user, "not-this-one").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    response = sign_in(client, clerk.user)
    assert response.status_code == 429
    assert "已暂停登录 30 分钟" in response.content.decode()


@override_settings(AXES_ENABLED=True)
def test_a_supervisors_link_lets_a_locked_out_clerk_in_again(client, clerk):
    supervisor = MembershipFactory(office=clerk.office, supervisor=True)
    for _ in range(5):
        sign_in(client, clerk.user, "not-this-one")
    client.force_login(supervisor.user, backend="django.contrib.auth.backends.ModelBackend")
    client.post(f"/account/people/{clerk.pk}/reset/")
    client.logout()
    assert sign_in(client, clerk.user).status_code == 302


def test_locking_ends_the_session_at_once(client, clerk):
    sign_in(client, clerk.user)
    User.objects.filter(pk=clerk.user_id).update(is_active=False)
    assert client.get("/account/")["Location"].startswith("/login/")
    assert sign_in(client, clerk.user).status_code == 200


def test_signing_out_is_a_post_and_ends_the_session(client, clerk):
    sign_in(client, clerk.user)
    assert client.get("/logout/").status_code == 405
    client.post("/logout/")
    assert client.get("/account/").status_code == 302


def test_an_initial_password_must_be_changed_first(client, clerk):
    User.objects.filter(pk=clerk.user_id).update(must_change_password=True)
    sign_in(client, clerk.user)
    assert client.get("/account/")["Location"] == "/account/password/"
    client.post("/account/password/", {"current": PASSWORD, "password": "another-long-one-8", "again": "another-long-one-8"})
    assert client.get("/account/").status_code == 200


@pytest.mark.clause("M3")
def test_a_choice_of_office_holds_and_a_foreign_office_cannot_be_chosen(client, clerk):
    city = MembershipFactory(user=clerk.user, office__role=Role.CITY_AGENCY)
    stranger = OfficeFactory(role=Role.AUDITOR)
    sign_in(client, clerk.user)
    assert client.get("/account/").wsgi_request.actor.office_id == clerk.office_id
    client.post("/account/office/", {"office": city.office_id})
    assert client.get("/account/").wsgi_request.actor.role == Role.CITY_AGENCY
    for foreign in (stranger.pk, "x", ""):
        client.post("/account/office/", {"office": foreign})
        assert client.get("/account/").wsgi_request.actor.office_id == city.office_id


@pytest.mark.clause("M3")
def test_somebody_in_no_office_gets_no_further(client, clerk):
    Membership.objects.filter(pk=clerk.pk).update(from_on="2020-01-01", to_on="2020-12-31")
    sign_in(client, clerk.user)
    assert client.get("/account/people/")["Location"] == "/account/no-office/"
    assert "不在任何单位任职" in client.get("/account/no-office/").content.decode()


def number_of(device: TOTPDevice) -> str:
    return f"{totp(device.bin_key, t0=0):06d}"


def test_whoever_has_a_second_factor_is_asked_for_it(client, clerk):
    device = TOTPDevice.objects.create(user=clerk.user, name="手机")
    sign_in(client, clerk.user)
    assert client.get("/account/")["Location"] == "/account/second-factor/"
    wrong = f"{(int(number_of(device)) + 1) % 1_000_000:06d}"
    assert client.post("/account/second-factor/", {"token": wrong}).status_code == 200
    assert client.get("/account/").status_code == 302
    TOTPDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    assert client.post("/account/second-factor/", {"token": number_of(device)}).status_code == 302
    assert client.get("/account/").status_code == 200


@pytest.mark.clause("M29")
def test_by_setting_every_clerk_must_have_one(client, clerk):
    settings.put("second_factor", True, from_on=clock.today(), by=None, reason="等级保护要求")
    sign_in(client, clerk.user)
    assert client.get("/account/", follow=True).redirect_chain[-1][0] == "/account/second-factor/setup/"
    device = TOTPDevice(user=clerk.user, key=client.session["pending_second_factor"])
    assert client.post("/account/second-factor/setup/", {"token": "abc"}).status_code == 200
    assert not TOTPDevice.objects.exists()
    client.post("/account/second-factor/setup/", {"token": number_of(device)})
    assert TOTPDevice.objects.get().confirmed
    assert client.get("/account/").status_code == 200


@pytest.mark.clause("M29")
def test_one_place_in_a_bureau_is_enough_to_need_one(clerk):
    settings.put("second_factor", True, from_on=clock.today(), by=None, reason="等级保护要求")
    evaluator = MembershipFactory(office__role=Role.THIRD_PARTY)
    assert not second_factors.needed(evaluator.user)
    MembershipFactory(user=evaluator.user, office__role=Role.CITY_BUREAU)
    assert second_factors.needed(evaluator.user)


def test_an_institution_is_never_forced_to_have_one(client):
    settings.put("second_factor", True, from_on=clock.today(), by=None, reason="等级保护要求")
    place = MembershipFactory(office__role=Role.INSTITUTION)
    place.user.set_password(PASSWORD)
    place.user.save()
    sign_in(client, place.user)
    assert client.get("/account/").status_code == 200
