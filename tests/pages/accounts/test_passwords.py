import re

import pytest
from django.core import mail
from django.test import override_settings

from offices.models import Notification, User
from offices.people import password_link
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
NEW = {"password": "a-long-enough-one-7", "again": "a-long-enough-one-7"}


def address(user: User) -> str:
    return "/account/reset/{}/{}/".format(*password_link(user))


def test_a_link_sets_a_password_once(client):
    user = MembershipFactory().user
    link = address(user)
    assert user.full_name in client.get(link).content.decode()
    assert client.post(link, NEW)["Location"] == "/login/"
    assert User.objects.get(pk=user.pk).check_password(NEW["password"])
    assert client.get(link).status_code == 410


@pytest.mark.parametrize("link", ["/account/reset/MQ/x/", "/account/reset/!!/x/", "/account/reset/OTk5OTk5OTk5OTk5OTk5OTk5OTk5/x/"])
def test_a_made_up_link_is_dead(client, link):
    response = client.get(link)
    assert response.status_code == 410
    assert "已失效" in response.content.decode()


def test_a_locked_accounts_link_is_dead(client):
    user = MembershipFactory().user
    link = address(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.post(link, NEW).status_code == 410


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"password": "short-7", "again": "short-7"}, "至少"),
        ({"password": "1234567890123", "again": "1234567890123"}, "数字"),
        ({"password": "a-long-enough-one-7", "again": "a-long-enough-one-8"}, "两次输入的密码不一致"),
    ],
)
def test_a_weak_or_mistyped_password_is_refused(client, given, sentence):
    user = MembershipFactory().user
    response = client.post(address(user), given)
    assert response.status_code == 200
    assert sentence in response.content.decode()


def test_changing_asks_for_the_present_one(enter):
    place = MembershipFactory()
    place.user.set_password("the-present-one-6")
    place.user.save()
    browser = enter(place)
    refused = browser.post("/account/password/", NEW | {"current": "not-it"})
    assert "现在的密码不对" in refused.content.decode()
    browser.post("/account/password/", NEW | {"current": "the-present-one-6"})
    assert User.objects.get(pk=place.user_id).check_password(NEW["password"])
    assert browser.get("/account/").status_code == 200


def test_forgetting_answers_alike_for_every_name_and_tells_the_office(client):
    place = MembershipFactory()
    pages = [client.post("/account/forgotten/", {"username": name}).content.decode() for name in (place.user.username, "nobody")]
    # The only difference is the mark against forged requests.
    assert len({re.sub(r'"X-CSRFToken": "\w+"', "", page) for page in pages}) == 1
    assert Notification.objects.get().recipient_id == place.office_id
    assert mail.outbox == []


@override_settings(EMAIL_HOST="mail.example")
def test_with_mail_set_up_the_link_is_mailed(client):
    place = MembershipFactory(user__email="wang@example.org")
    for _ in range(3):
        client.post("/account/forgotten/", {"username": place.user.username})
    assert len(mail.outbox) == 1
    link = next(line for line in mail.outbox[0].body.splitlines() if line.startswith("http"))
    assert client.get(link.removeprefix("http://testserver")).status_code == 200
