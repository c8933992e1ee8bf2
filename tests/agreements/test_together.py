"""Agreements by the hundred: what a sweep does to many at once is what it does to each (R7)."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from agreements.models import Agreement, AgreementFact
from agreements.projecting import MATTERS
from agreements.timers import AgreementCases
from casework.models import ActRecord
from country.making import make
from deadlines import clock, timers
from deadlines.models import Deadline, Firing, Reminder
from documents.models import Document
from documents.numbering import gaps
from settlement.models import SettlementLine
from tests.agreements.life import contradictions, life, suspended_at_request, swept
from tests.agreements.test_timers import town
from tests.driving import Driver, on

pytestmark = [pytest.mark.slow, pytest.mark.clause("R7", "M41.3")]
TODAY = date(2026, 11, 20)
DEADLINE = ("case_label", "case_id", "kind", "key", "nature", "state", "starts_on", "due_on", "clause", "steps", "wake_at", "warned")
RECORD = ("word", "title", "case_label", "case_id", "institution_id", "on", "at", "before", "after", "version")
PAPER = ("number", "title", "recipient", "district", "case_label", "case_id", "issued_at", "issued_on", "data")


def quiet(_: Any) -> None:
    pass


def everything() -> dict[str, list[str]]:
    """All that a sweep could write, without ids."""
    rows: dict[str, Any] = {
        "agreements": Agreement.objects.values_list(
            "pk", "version", "state", "ended_on", "end_state", "annulled", "filed_on", "renewal_stage"
        ),
        "facts": AgreementFact.objects.values_list("agreement_id", "kind", "on", "voided_at"),
        "lines": SettlementLine.objects.values_list("pk", "data", "changed_in"),
        "deadlines": Deadline.objects.values_list(*DEADLINE, "escalated_at", "fired_at", "attempts"),
        "firings": Firing.objects.values_list("deadline_id", "due_on", "fired_at"),
        "reminders": Reminder.objects.values_list("deadline_id", "due_on", "mark", "role", "district", "days_left", "text", "created_at"),
        "log": ActRecord.objects.values_list(*RECORD),
        "papers": Document.objects.values_list(*PAPER, "subjects__institution_id"),
    }
    rows |= {model.label: model._default_manager.values_list("pk", "state", "opened_on") for model in MATTERS}
    return {name: sorted(map(str, found)) for name, found in rows.items()}


def after_sweeps(together: int, days: list[date], monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What there is after sweeps on these days, so many at once; then all is undone."""
    monkeypatch.setattr(AgreementCases, "together", together)
    with transaction.atomic():
        for day in days:
            assert timers.sweep(clock.at(day, 1)).failed == 0
        found = everything()
        with on(days[-1].isoformat()):
            assert contradictions(days[-1]) == []
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("late", [1, 40])
def test_a_country_swept_together_is_the_same_as_swept_one_by_one(late: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with on(TODAY.isoformat()):
        make(120, 3, quiet, quiet, due=20)
    days = [TODAY, TODAY + timedelta(days=late), TODAY + timedelta(days=late + 42)]
    one_by_one, together = after_sweeps(1, days, monkeypatch), after_sweeps(100, days, monkeypatch)
    assert together == one_by_one
    assert len(together["papers"]) >= 20
    assert len(together["firings"]) > 20


@pytest.mark.django_db
@pytest.mark.clause("M42.1", "M42.2", "M42.5", "M43.1")
def test_one_of_each_thing_under_way_together_and_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    town()
    days = [date(2026, 11, 6), date(2026, 12, 1), date(2027, 1, 1), date(2027, 1, 2)]
    assert after_sweeps(100, days, monkeypatch) == after_sweeps(1, days, monkeypatch)


@pytest.mark.django_db
def test_a_hundred_with_their_papers_cost_as_many_statements_as_two() -> None:
    with on(TODAY.isoformat()):
        make(130, 4, quiet, quiet, due=110)
    asked = []
    for number in (2, 100):
        with CaptureQueriesContext(connection) as queries:
            assert timers.sweep(clock.at(TODAY, 1), limit=number).fired == number
        asked.append(len(queries))
    assert Document.objects.filter(catalogue=22).count() == 102
    assert gaps() == []
    assert asked[0] == asked[1] <= 45


@pytest.mark.django_db
def test_one_that_cannot_be_announced_leaves_no_gap_and_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    drivers = [life() for _ in range(5)]
    nameless = drivers[2].institution
    type(nameless).objects.filter(pk=nameless.pk).update(name="")
    found = swept("2027-01-01")
    assert found.failed == 1
    [row] = timers.failing()
    assert row.case_id == drivers[2].agreement.pk
    assert "institution.name" in row.last_error
    assert sorted(Document.objects.filter(catalogue=22).values_list("serial", flat=True)) == [1, 2, 3, 4]
    assert gaps() == []
    type(nameless).objects.filter(pk=nameless.pk).update(name="补名医院")
    assert swept("2027-01-01", 3).fired >= 1
    assert Document.objects.get(case_id=drivers[2].agreement.pk, catalogue=22).serial == 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.clause("M42.5")
def test_an_act_under_way_is_waited_for_and_the_others_are_announced() -> None:
    """The day before the lapse one asks to resume; its act is not yet committed when the sweep of the night comes."""
    asking, lapsing = life(), life()
    for driver in (asking, lapsing):
        suspended_at_request(driver, "2026-05-10")
    results: list[timers.Swept] = []

    def sweeping() -> None:
        try:
            results.append(swept("2026-11-06"))
        finally:
            connection.close()

    thread = threading.Thread(target=sweeping)
    with transaction.atomic(), on("2026-11-05", 23):
        asking.do("request_resumption")
        thread.start()
        thread.join(1)
        assert thread.is_alive(), "the sweep has to wait for the act"
    thread.join(60)
    assert not thread.is_alive()
    assert results[0].failed == 0
    assert lapses(asking) == 0
    assert lapses(lapsing) == 1
    with on("2026-11-06", 2):
        assert contradictions("2026-11-06") == []
    assert asking.agreement.state == "suspended"


def lapses(driver: Driver) -> int:
    return Document.objects.filter(catalogue=32, case_label="agreement", case_id=driver.agreement.pk).count()
