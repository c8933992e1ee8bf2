import pytest
from django.test import Client

from offices.models import Membership


@pytest.fixture
def enter(client: Client):
    """Sign somebody in: ``enter(membership)`` gives the browser back."""

    def sign_in(place: Membership) -> Client:
        client.force_login(place.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
