"""Signing in by token: who gets one, for which office, and when it ends (M3, M29)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from api import tokens
from api.models import Token
from deadlines import clock
from offices import settings
from offices.actors import actor_for
from offices.models import AccountEvent, Membership, User
from tests.api.conftest import Program
from tests.factories import MembershipFactory, OfficeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M3")]
PASSWORD = "三月桃花开得早"


@pytest.fixture
def place() -> Membership:
    found = MembershipFactory(user__username="wang")
    found.user.set_password(PASSWORD)
    found.user.save()
    return found


def sign_in(status: int = 201, **given: Any) -> Any:
    return Program().post("tokens", {"username": "wang", "password": PASSWORD, **given}, status=status)


def bearing(text: str) -> Program:
    program = Program()
    program.headers = {"Authorization": f"Bearer {text}"}
    return program


def test_a_token_acts_for_its_user_in_its_office(place: Membership) -> None:
    answer = sign_in(name="夜间同步")
    me = bearing(answer["token"]).get("me")
    assert (me["user"], me["office"], me["role"]) == (place.user_id, place.office_id, "district_agency")
    assert bearing(answer["token"]).get("tokens")["results"][0]["name"] == "夜间同步"
    assert not Token.objects.filter(digest=answer["token"]).exists()
    assert AccountEvent.objects.filter(user=place.user, what="签发接口令牌").exists()


def test_a_wrong_password_and_an_unknown_name_are_told_alike(place: Membership) -> None:
    wrong = sign_in(401, password="不是这个密码")
    unknown = sign_in(401, username="nobody")
    assert wrong["detail"] == unknown["detail"]


@override_settings(AXES_ENABLED=True)
def test_five_failures_lock_the_name_as_on_the_page(place: Membership) -> None:
    for _ in range(4):
        sign_in(401, password="错误的密码")
    answer = sign_in(429, password="错误的密码")
    assert answer["type"].endswith("throttled")
    sign_in(429)  # the right password no longer helps
    assert not Token.objects.exists()


def test_of_several_offices_one_must_be_named(place: Membership) -> None:
    second = MembershipFactory(user=place.user, office=OfficeFactory(role="city_agency"))
    problem = sign_in(400)
    assert str(second.office_id) in problem["errors"]["office"][0]
    assert bearing(sign_in(office=second.office_id)["token"]).get("me")["role"] == "city_agency"
    sign_in(400, office=OfficeFactory(role="city_bureau").pk)


def test_what_ends_a_token(place: Membership) -> None:
    program = bearing(sign_in(days=2)["token"])
    assert program.get("me")
    with clock.frozen(clock.now() + timedelta(days=3)):
        program.get("me", status=401)
    place.user.is_active = False
    place.user.save()
    program.get("me", status=401)
    assert program.last["WWW-Authenticate"].startswith("Bearer")
    place.user.is_active = True
    place.user.save()
    assert program.get("me")
    user = User.objects.get(pk=place.user_id)
    user.set_password("另一个密码也很长")
    user.save()
    program.get("me", status=401)


def test_leaving_the_office_ends_a_token_even_with_another_office(place: Membership) -> None:
    program = bearing(sign_in()["token"])
    MembershipFactory(user=place.user, office=OfficeFactory(role="city_agency"))
    place.to_on = clock.today() - timedelta(days=1)
    place.from_on = place.to_on
    place.save()
    assert program.get("me", status=401)["status"] == 401


def test_a_revoked_token_is_over_and_nobody_revokes_another_persons(place: Membership) -> None:
    answer = sign_in()
    program = bearing(answer["token"])
    stranger = MembershipFactory()
    Program(actor_for(stranger)).delete(f"tokens/{answer['id']}", status=404)
    program.delete(f"tokens/{answer['id']}")
    program.get("me", status=401)
    assert Token.objects.get(pk=answer["id"]).revoked_at is not None


def test_a_session_opens_no_address_of_the_api(place: Membership, client) -> None:
    client.force_login(place.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/api/v1/me").status_code == 401
    assert client.post("/api/v1/acts/assign", "{}", content_type="application/json").status_code == 401


def test_a_password_that_must_be_changed_gives_no_token(place: Membership) -> None:
    User.objects.filter(pk=place.user_id).update(must_change_password=True)
    assert "更改密码" in sign_in(401)["detail"]


def test_the_one_time_number_is_asked_for_here_too(place: Membership) -> None:
    settings.put("second_factor", True, from_on=clock.today(), by=None, reason="等级保护要求")
    assert "动态口令" in sign_in(401)["detail"]
    device = TOTPDevice.objects.create(user=place.user, name="手机", confirmed=True)
    sign_in(401)
    sign_in(401, one_time_password="x")
    device.refresh_from_db()
    device.throttling_failure_timestamp = None
    device.save()
    assert sign_in(one_time_password=f"{totp(device.bin_key):06d}")["token"]


def test_the_number_of_living_tokens_is_limited(place: Membership) -> None:
    for _ in range(tokens.MOST_TOKENS):
        tokens.issue(place.user, place.office)
    sign_in(400)
    assert Token.objects.filter(user=place.user).count() == tokens.MOST_TOKENS


@override_settings(API_RATES={"sign_in": "2/min"})
def test_asking_too_often_is_told_with_the_time_to_wait(place: Membership) -> None:
    program = Program()
    for _ in range(2):
        program.post("tokens", {"username": "x", "password": "y"}, status=401)
    program.post("tokens", {"username": "x", "password": "y"}, status=429)
    assert int(program.last["Retry-After"]) > 0
