"""Signing in for tests without a browser; with one: ``window`` in tests/conftest.py."""

from collections.abc import Callable

import pytest
from django.test import Client

from offices.models import Membership
from tests.conftest import MODEL_BACKEND


@pytest.fixture
def enter(client: Client) -> Callable[[Membership], Client]:
    """Sign somebody in: ``enter(membership)`` gives the browser back."""

    def sign_in(place: Membership) -> Client:
        client.force_login(place.user, backend=MODEL_BACKEND)
        return client

    return sign_in
