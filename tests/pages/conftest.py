"""Signing in for tests without a browser; with one: ``window`` in tests/conftest.py."""

from collections.abc import Callable

import pytest
from django.test import Client

from offices.models import Membership
from tests.conftest import MODEL_BACKEND


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The pages of desk and portal in all their states are a third of what ``./test quick`` would run; it looks at addresses and frame."""
    for item in items:
        if {"desk", "portal"} & set(item.path.parts) and "pages" in item.path.parts:
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def enter(client: Client) -> Callable[[Membership], Client]:
    """Sign somebody in: ``enter(membership)`` gives the browser back."""

    def sign_in(place: Membership) -> Client:
        client.force_login(place.user, backend=MODEL_BACKEND)
        return client

    return sign_in
