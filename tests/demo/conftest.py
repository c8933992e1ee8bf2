"""The demonstration data, made once for a module that asks for it and taken back afterwards: the others want none."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from demo.making import make
from launch.steps import seed

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        seed()
        make()
        yield
        transaction.set_rollback(True)
