"""The world of the walk: built once for all its tests, in a transaction that is undone."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from deadlines import clock
from tests.permissions.world import TODAY, World


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        with clock.frozen(clock.at(TODAY, 10)):
            yield World()
        transaction.set_rollback(True)
