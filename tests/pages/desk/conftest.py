"""Whoever sits at the desk, with a browser of one's own each."""

from collections.abc import Callable

import pytest
from django.test import Client

from casework.acts import registry
from offices.actors import Actor
from offices.models import User
from pages.desk import subjects
from tests.conftest import MODEL_BACKEND
from tests.driving import Driver, on, people

DAY = "2026-03-02"


class Seat:
    """A browser in which one actor is signed in, on a day."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.client = Client()
        self.client.force_login(User.objects.get(pk=actor.user_id), backend=MODEL_BACKEND)

    def get(self, address: str, **data):
        return self.client.get(address, data)

    def page(self, address: str, **data) -> str:
        """The text of a page that must be there."""
        answer = self.client.get(address, data)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer.content.decode()

    def post(self, address: str, **data):
        return self.client.post(address, data)

    def act(self, word: str, subject=None, version: object = None, **data):
        """The form of an act sent as the page would send it."""
        label = subjects.label_of(subject)
        address = f"/desk/act/{label}/{subject.pk}/{word}/" if subject is not None else f"/desk/act/{word}/"
        if subject is not None:
            subject = type(subject)._default_manager.get(pk=subject.pk)
        version = subjects.version_of(word, subject) if version is None else version
        assert word in registry
        return self.client.post(address, {"version": version, **data})


@pytest.fixture
def seat() -> Callable[[Actor], Seat]:
    return Seat


@pytest.fixture
def driver() -> Driver:
    return Driver()


@pytest.fixture
def submitted(driver: Driver) -> Driver:
    with on(DAY):
        driver.apply()
    return driver


@pytest.fixture
def accepted(submitted: Driver) -> Driver:
    with on(DAY):
        submitted.do("accept")
    return submitted


@pytest.fixture
def evaluating(accepted: Driver) -> Driver:
    with on(DAY):
        accepted.form_team()
    return accepted


@pytest.fixture
def noticed(evaluating: Driver) -> Driver:
    """In public notice from 2026-03-10 through 2026-03-17."""
    with on("2026-03-10"):
        evaluating.record_result("pass")
        evaluating.open_notice()
    return evaluating


@pytest.fixture
def signed(noticed: Driver) -> Driver:
    with on("2026-03-18"):
        noticed.sign()
    return noticed


@pytest.fixture
def stranger() -> Actor:
    """A clerk of another district's agency."""
    return people("district_agency", "110108")[0]
