"""Whatever a program sends, right or wrong, the API answers as its description says and never with a fault of its own.

Schemathesis makes up requests from the description, fitting ones and spoilt ones. They are sent to cases that exist, in a
state where the act is possible, by somebody whose office does it, so that they get past permission to the rules themselves.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from api import tokens
from api.description import document
from casework.acts import registry
from casework.models import ActRecord
from deadlines import clock
from documents.models import Document
from offices.models import Office, User
from tests.casework.test_combinations import reach
from tests.driving import Driver

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.clause("M34")]

TODAY = date(2026, 3, 24)
STATES = ("draft", "submitted", "supplementing", "accepted", "evaluating", "passed", "rectifying", "public_notice", "negotiating", "signed")
CHECKS = [
    not_a_server_error, checks.status_code_conformance, checks.content_type_conformance, checks.response_schema_conformance,
]  # fmt: skip
EXAMPLES = 60 if os.environ.get("TEST_KIND") == "long" else 4


class World:
    """One application in each state, and the token of each person asked for so far."""

    def __init__(self) -> None:
        self.drivers = {state: Driver() for state in STATES}
        self.texts: dict[int, str] = {}
        for state, driver in self.drivers.items():
            reach(driver, state)

    def driver(self, states: Any) -> Driver:
        return next((self.drivers[state] for state in STATES if state in states), self.drivers["signed"])

    def headers(self, driver: Driver, role: str) -> dict[str, str]:
        handler, _ = driver.offices.get(role, driver.offices["city_agency"])
        if handler.user_id is None:
            return {}
        if handler.user_id not in self.texts:
            user, office = User.objects.get(pk=handler.user_id), Office.objects.get(pk=handler.office_id)
            self.texts[handler.user_id] = tokens.issue(user, office)[1]
        return {"Authorization": f"Bearer {self.texts[handler.user_id]}"}

    def id_in(self, path: str, driver: Driver) -> int:
        """A row of the collection that the path names."""
        match path.split("/")[3]:
            case "applications":
                return driver.application.pk
            case "agreements":
                return self.drivers["signed"].agreement.pk
            case "people":
                return driver.institution.posts.first().person_id
            case "documents":
                return Document.objects.filter(issuer=driver.district.office_id).latest("id").pk
            case "records":
                return ActRecord.objects.filter(office_id=driver.city.office_id).latest("id").pk
        return driver.institution.pk


@contextmanager
def connection_kept() -> Iterator[None]:
    """A server closes its connection between two requests; these are all in one transaction (Django's own client does the same)."""
    ends = (signals.request_started, signals.request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once for all operations; each request has a savepoint of its own."""
    with django_db_blocker.unblock(), connection_kept(), transaction.atomic():
        made = World()
        with clock.frozen(clock.at(TODAY, 9)):
            # All tokens now: what one test makes is undone at its end.
            for driver in made.drivers.values():
                for role in driver.offices:
                    made.headers(driver, role)
            yield made
        transaction.set_rollback(True)


# Who asks is decided here, not made up.
schema = schemathesis.openapi.from_dict(document())
schema.config.generation.with_security_parameters = False
schema.app = get_wsgi_application()


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], derandomize=True)
def test_any_request_is_answered_as_described(case: Any, world: World) -> None:
    act = registry.get(case.path.rsplit("/", 1)[-1])
    driver = world.driver(act.sources if act else ())
    role = str(act.roles[0]) if act else "city_agency"
    if isinstance(case.path_parameters.get("id"), int):
        case.path_parameters["id"] = world.id_in(case.path, driver)
    headers = world.headers(driver, role)
    with transaction.atomic():
        answer = case.call(headers=headers)
        transaction.set_rollback(True)
    case.validate_response(answer, checks=CHECKS)
    if answer.status_code >= 400:
        assert answer.headers["content-type"][0] == "application/problem+json"
        told = json.loads(answer.content)
        assert told["status"] != 401 or not headers or case.path.endswith("/tokens"), "the token is good: this would test nothing"
        assert told["status"] == answer.status_code
        assert any("一" <= letter <= "龥" for letter in told["detail"]), told
