"""What strangers send is counted once for all processes, and forgotten when its time is over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from api import tallies
from api.models import Tally
from tests.api.conftest import Program


def count_once(_: int) -> int:
    """As another process counts: with a connection of its own."""
    try:
        return tallies.count("test", "192.0.2.1", 60).count
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_counted_each() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(count_once, range(40))) == list(range(1, 41))


@pytest.mark.django_db
def test_addresses_and_kinds_are_counted_apart() -> None:
    for what, address in (("a", "192.0.2.1"), ("a", "192.0.2.2"), ("b", "192.0.2.1")):
        assert tallies.count(what, address, 60).count == 1
    again = tallies.count("a", "192.0.2.1", 60)
    assert again.count == 2
    assert 0 < again.seconds_left <= 60
    assert not Tally.objects.filter(key__contains="192.0").exists()


@pytest.mark.django_db
def test_a_count_begins_anew_and_old_ones_are_forgotten() -> None:
    tallies.count("a", "192.0.2.1", 60)
    tallies.count("a", "192.0.2.1", 60)
    tallies.count("a", "192.0.2.2", 60)
    Tally.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert tallies.count("a", "192.0.2.1", 60).count == 1
    assert Tally.objects.count() == 1


@pytest.mark.django_db
@override_settings(API_RATES={"sign_in": "2/min"})
def test_signing_in_by_the_api_is_held_back_whatever_the_process_remembers() -> None:
    program = Program()
    for status in (401, 401, 429):
        cache.clear()  # another process remembers nothing
        program.post("tokens", {"username": "x", "password": "y"}, status=status)
    assert 0 < int(program.last["Retry-After"]) <= 61
