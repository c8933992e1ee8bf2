"""The legal clock is a clock of Asia/Shanghai, and can be held."""

import threading
from datetime import UTC, date, datetime

import pytest
import time_machine

from deadlines import clock


@pytest.mark.clause("R1")
def test_the_business_day_is_that_of_shanghai() -> None:
    with time_machine.travel(datetime(2026, 3, 1, 16, 0, tzinfo=UTC), tick=False):
        assert clock.today() == date(2026, 3, 2)
        assert clock.now().isoformat() == "2026-03-02T00:00:00+08:00"


def test_a_held_clock_nests_and_lets_go() -> None:
    outer, inner = clock.at(date(2026, 3, 2), 9), clock.at(date(2027, 1, 1), 10, 30)
    with clock.frozen(outer):
        with clock.frozen(inner):
            assert clock.now() == inner
        assert clock.now() == outer
    assert clock.now().year >= 2026
    assert clock.now() != outer


def test_a_moment_of_another_zone_is_told_in_shanghai() -> None:
    with clock.frozen(datetime(2026, 3, 1, 20, 0, tzinfo=UTC)):
        assert clock.today() == date(2026, 3, 2)


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.frozen(datetime(2026, 3, 2)):  # noqa: DTZ001
        pass


def test_a_held_clock_lets_go_after_an_error() -> None:
    held = clock.at(date(2020, 1, 1))
    with pytest.raises(KeyError), clock.frozen(held):
        raise KeyError
    assert clock.now() != held


def test_the_clock_is_held_in_one_thread_only() -> None:
    held, seen = clock.at(date(2020, 1, 1)), []
    with clock.frozen(held):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen[0] != held
