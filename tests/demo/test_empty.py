"""Without its people the demonstration says so, and it is not made where the site itself is not set up."""

import pytest
from django.core.management import CommandError, call_command

from offices.models import Office, User

pytestmark = pytest.mark.django_db


def test_no_logins_without_demonstration_data(capsys: pytest.CaptureFixture[str]) -> None:
    User.objects.create_user(username="shi1", password="of a real person", full_name="程实")
    call_command("show_logins")
    assert capsys.readouterr().out.strip() == "没有示例数据的登录名。"


def test_a_site_without_offices_is_told_to_seed_first() -> None:
    with pytest.raises(CommandError, match=r"launch\.steps seed"):
        call_command("make_demo")
    assert not Office.objects.exists()
    assert not User.objects.exists()


def test_one_user_is_enough_to_be_no_empty_database() -> None:
    User.objects.create_user(username="first", password="x", full_name="第一人")
    with pytest.raises(CommandError, match="只放进空的数据库"):
        call_command("make_demo")
