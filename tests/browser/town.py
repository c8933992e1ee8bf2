"""The town of the tests: every office as a new site has it, and the people who sign in there."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser

from deadlines.timers import sweep
from launch.steps import seed
from offices.actors import Actor
from offices.models import Membership, Office, Role, User
from tests.browser import hand
from tests.browser.looking import Looker, Shutter
from tests.browser.person import Person
from tests.conftest import MODEL_BACKEND

PASSWORD = "a-long-enough-one-7"
SINCE = date(2022, 1, 1)
# Who: username, full name, role of the office.
CLERKS = {
    "district": ("qu.zhou", "周敏", Role.DISTRICT_AGENCY),
    "district_colleague": ("qu.wu", "吴刚", Role.DISTRICT_AGENCY),
    "city": ("shi.zheng", "郑洁", Role.CITY_AGENCY),
    "city_reviewer": ("shi.feng", "冯远", Role.CITY_AGENCY),
    "bureau": ("ju.chen", "陈力", Role.CITY_BUREAU),
    "administrator": ("guanli", "褚宁", Role.ADMINISTRATOR),
    "auditor": ("shenji", "卫青", Role.AUDITOR),
    "evaluator": ("pinggu", "蒋平", Role.THIRD_PARTY),
}


class Town:
    """People by name: ``town["city"]`` sits at a desk and has signed in by the login page."""

    def __init__(self, browser: Browser, url: str, shutter: Shutter | None = None) -> None:
        self.browser, self.url, self.shutter = browser, url, shutter
        self.looker = Looker()
        self.people: dict[str, Person] = {}
        self.open = ExitStack()
        seed()
        for username, full_name, role in CLERKS.values():
            self.employ(username, full_name, role)

    def employ(self, username: str, full_name: str, role: str) -> User:
        user = User.objects.create_user(username=username, password=PASSWORD, full_name=full_name)
        offices = Office.objects.filter(role=role)
        office = offices.filter(district_id="110105").first() or offices.first()
        Membership.objects.create(user=user, office=office, may_review=True, supervisor=username in ("qu.zhou", "shi.zheng"), from_on=SINCE)
        return user

    def __getitem__(self, name: str) -> Person:
        if name not in self.people:
            self.people[name] = self.arrive(name).sign_in(CLERKS[name][0], PASSWORD)
        return self.people[name]

    def arrive(self, who: str, *, width: int = 1366, height: int = 768, script: bool = True) -> Person:
        """Somebody who has not signed in, with a browser of their own."""
        context = self.browser.new_context(
            base_url=self.url, viewport={"width": width, "height": height}, locale="zh-CN", java_script_enabled=script
        )
        self.open.callback(context.close)
        if not script:
            self.looker.without_script.add(who)
        person = Person(context, who, self.looker, self.shutter)
        self.people.setdefault(who, person)
        return person

    def seat(self, actor: Actor, who: str, **window: Any) -> Person:
        """Somebody whom a driver has put into an office, signed in already."""
        client = Client()
        client.force_login(User.objects.get(pk=actor.user_id), backend=MODEL_BACKEND)
        person = self.arrive(who, **window)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        person.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.url}])
        return person

    def move_to(self, day: str, hour: int = 9, minute: int = 30) -> None:
        """Another day has come, and the worker has looked at everything that fell due until then."""
        hand.move_to(day, hour, minute)
        assert hand.Hand.moment
        swept = sweep(hand.Hand.moment)
        assert swept.done
        assert not swept.failed

    def leave(self) -> None:
        self.open.close()


def founded(browser: Browser, url: str, shutter: Shutter | None = None) -> Iterator[Town]:
    town = Town(browser, url, shutter)
    yield town
    town.leave()
