"""Institutions with somebody signed in for them."""

from collections.abc import Callable

import pytest
from django.test import Client

from institutions.models import Institution
from offices.actors import Actor
from offices.models import Membership, Office
from tests.conftest import MODEL_BACKEND
from tests.driving import Driver

DAY = "2026-03-02"


@pytest.fixture
def driver(db) -> Driver:
    """A hospital with its own office, on nobody's day yet; it has agreed to be served online."""
    driver = Driver()
    agree(driver.institution)
    return driver


def agree(institution: Institution, day: str = "2026-01-05") -> None:
    Office.objects.filter(pk=institution.office_id).update(online_service_consent_on=day)
    institution.refresh_from_db()


@pytest.fixture
def signed_in() -> Callable[[Actor], Client]:
    """A browser of its own for an actor, so that a test can hold several."""

    def sign_in(actor: Actor) -> Client:
        client = Client()
        place = Membership.objects.get(user_id=actor.user_id, office_id=actor.office_id)
        client.force_login(place.user, backend=MODEL_BACKEND)
        return client

    return sign_in


@pytest.fixture
def browser(driver, signed_in) -> Client:
    """Somebody of the driver's institution."""
    return signed_in(driver.owner)
