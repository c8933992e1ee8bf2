from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from offices.actors import actor_of
from offices.models import Role, User
from offices.seeding import seed_offices

pytestmark = pytest.mark.django_db


def test_the_first_administrator_sets_the_password_by_link(client):
    seed_offices()
    said = StringIO()
    call_command("create_administrator", "gao", "高远", stdout=said)
    user = User.objects.get(username="gao")
    assert (actor_of(user).role, actor_of(user).supervisor) == (Role.ADMINISTRATOR, True)
    assert not user.has_usable_password()
    client.post(said.getvalue().strip(), {"password": "a-long-enough-one-7", "again": "a-long-enough-one-7"})
    assert client.post("/login/", {"username": "gao", "password": "a-long-enough-one-7"}).status_code == 302


def test_what_cannot_be_is_said():
    with pytest.raises(CommandError, match="平台管理"):
        call_command("create_administrator", "gao", "高远", stdout=StringIO())
    seed_offices()
    call_command("create_administrator", "gao", "高远", stdout=StringIO())
    with pytest.raises(CommandError, match="已被使用"):
        call_command("create_administrator", "gao", "高远", stdout=StringIO())
