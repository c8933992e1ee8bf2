from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse

from offices import people
from offices.directory import NoOffice, office_of
from offices.models import Role, User


class Command(BaseCommand):
    help = "建立一位平台管理员，给出设置密码的一次性地址（先运行 seed_offices）。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="用户名")
        parser.add_argument("full_name", help="姓名")

    @transaction.atomic
    def handle(self, *args: Any, username: str, full_name: str, **options: Any) -> None:
        try:
            office = office_of(Role.ADMINISTRATOR)
            User(username=username, full_name=full_name).clean_fields(exclude=["password"])
            User(username=username, full_name=full_name).validate_unique()
        except NoOffice as missing:
            raise CommandError(str(missing)) from missing
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from error
        place = people.add_person(office, username, full_name, supervisor=True)
        # No password on a command line, where others can read it.
        self.stdout.write(reverse("accounts:reset", args=people.password_link(place.user)))
