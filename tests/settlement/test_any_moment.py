"""Never wrong for a second: readers while decisions are made, timers sweep and midnight passes (R7, R8)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from agreements.models import Agreement
from deadlines import clock
from deadlines.models import Deadline
from deadlines.timers import sweep
from tests.api.conftest import Program
from tests.driving import people
from tests.settlement.conftest import on, taken_over

pytestmark = [pytest.mark.clause("R7", "R8"), pytest.mark.django_db(transaction=True)]
BATCH = "settlement/answers"
SETTLED, SUSPENDED, TERMINATED = ("settle", "M33"), ("refuse", "M42.1"), ("refuse", "M43(3)")


class Readers:
    """Threads that ask the same questions over and over; what each saw, in order."""

    def __init__(self, code: str, days: list[str], number: int = 3) -> None:
        self.rows = [{"code": code, "service_on": day} for day in days]
        self.seen: list[list[list[tuple[str, str]]]] = [[] for _ in range(number)]
        self.errors: list[BaseException] = []
        self.stop = threading.Event()
        actor = people("city_agency")[0]
        self.threads = [threading.Thread(target=self.read, args=(Program(actor), seen)) for seen in self.seen]

    def read(self, program: Program, seen: list[list[tuple[str, str]]]) -> None:
        try:
            while not self.stop.is_set():
                answers = program.post(BATCH, {"rows": self.rows})["answers"]
                seen.append([(each["answer"], each["clause"]) for each in answers])
        except BaseException as error:
            self.errors.append(error)
        finally:
            connection.close()

    def __enter__(self) -> Readers:
        for each in self.threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for each in self.threads:
            each.join(60)
            assert not each.is_alive()
        assert self.errors == []

    def wait(self, more: int = 3) -> None:
        """Until every reader has asked a few times more."""
        before = [len(each) for each in self.seen]
        waited = threading.Event()
        while not self.errors and any(len(each) < count + more for each, count in zip(self.seen, before, strict=True)):
            waited.wait(0.01)

    def saw_only(self, truths: list[list[tuple[str, str]]]) -> None:
        """Each answer of each reader is one of the truths, in their order: none before its time, none after it is over."""
        for seen in self.seen:
            at = 0
            for answer in seen:
                at = next(number for number in range(at, len(truths)) if truths[number] == answer)
            assert at == len(truths) - 1


def test_while_an_agreement_is_suspended_and_terminated_and_timers_sweep() -> None:
    driver = taken_over()
    days = ["2026-06-09", "2026-06-10", "2026-07-09", "2026-07-10", "2026-08-01"]
    truths = [
        [SETTLED] * 5,
        [SETTLED, SUSPENDED, SUSPENDED, SETTLED, SETTLED],
        [SETTLED, SUSPENDED, SUSPENDED, TERMINATED, TERMINATED],
    ]
    with Readers(driver.institution.uscc, days) as readers:
        readers.wait()
        with on("2026-06-01"):
            driver.do("suspend", ground="M42.6(1)", from_on="2026-06-10", to_on="2026-07-09", urgent_reason="紧急")
        readers.wait()
        for moment in (
            clock.at(date(2026, 6, 10)),
            clock.at(clock.today().replace(year=2026, month=7, day=10)),
        ):
            sweep(moment)
        readers.wait()
        with on("2026-07-10"):
            driver.do("terminate", ground=["M43(3)"], urgent_reason="紧急")
        readers.wait()
        with on("2026-07-11"):
            sweep(clock.now())
        readers.wait()
    readers.saw_only(truths)
    assert driver.agreement.state == "terminated"


def ask(program: Program, code: str, moment: Any) -> tuple[str, str]:
    with clock.frozen(moment):
        told = program.get(f"settlement/answers/{code}")
    return told["answer"], told["clause"]


@pytest.mark.parametrize("swept", [False, True])
def test_at_midnight_the_answer_turns_whether_or_not_the_timer_has_run(swept: bool) -> None:
    driver = taken_over()
    with on("2026-06-01"):
        driver.do("suspend", ground="M42.6(1)", from_on="2026-06-10", to_on="2026-07-09", urgent_reason="紧急")
    actor, code = people("city_agency")[0], driver.institution.uscc
    for first_day, before, after in (
        ("2026-06-10", SETTLED, SUSPENDED),
        ("2026-07-10", SUSPENDED, SETTLED),
        ("2027-01-01", SETTLED, ("refuse", "M41.3")),
    ):
        midnight = clock.at(date.fromisoformat(first_day))
        with clock.frozen(midnight - timedelta(days=1)):
            program = Program(actor)
        assert ask(program, code, midnight - timedelta(microseconds=1)) == before
        if swept:
            sweep(midnight)
        assert ask(program, code, midnight) == after
        assert ask(program, code, midnight - timedelta(microseconds=1)) == before


def test_readers_over_midnight_while_the_sweep_moves_the_stored_state() -> None:
    """The stored state is moved by the sweep at some moment after midnight; no reader on either side of it notices."""
    driver = taken_over()
    with on("2026-06-01"):
        driver.do("suspend", ground="M42.6(1)", from_on="2026-06-10", to_on="2026-07-09", urgent_reason="紧急")
    midnight = clock.at(date(2026, 6, 10))
    code, wrong, stop = driver.institution.uscc, [], threading.Event()
    actor = people("city_agency")[0]

    def read(moment: Any, expected: tuple[str, str]) -> Callable[[], None]:
        program = Program(actor)

        def loop() -> None:
            try:
                while not stop.is_set():
                    found = ask(program, code, moment)
                    if found != expected:
                        wrong.append((moment, found))
            except BaseException as error:
                wrong.append((moment, error))
            finally:
                connection.close()

        return loop

    sides = [(midnight - timedelta(seconds=1), SETTLED), (midnight, SUSPENDED), (midnight + timedelta(seconds=1), SUSPENDED)]
    threads = [threading.Thread(target=read(moment, expected)) for moment, expected in sides]
    for each in threads:
        each.start()
    for _ in range(5):
        Agreement.objects.filter(pk=driver.agreement.pk).update(state="active")
        Deadline.objects.filter(kind="state_change").update(wake_at=midnight, fired_at=None)
        sweep(midnight)
    stop.set()
    for each in threads:
        each.join(60)
    assert wrong == []
    assert driver.agreement.state == "suspended"
