"""Made-up institutions by the thousand: what is written directly is what the rules would have written (R7)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count

from agreements.models import Agreement
from consistency import checking
from country.making import NotEmpty, make
from country.stories import VARIANTS, WEIGHTS, tell
from deadlines import clock
from deadlines.models import Deadline
from deadlines.timers import sweep
from institutions.codes import USCC_ALPHABET
from institutions.models import Institution
from institutions.validators import validate_national_code, validate_uscc
from tests.driving import on

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
TODAY = "2026-11-20"


def quiet(_: Any) -> None:
    pass


@pytest.mark.clause("R7")
def test_nothing_contradicts_the_facts_and_nothing_is_due() -> None:
    with on(TODAY):
        counts = make(400, 1, quiet, quiet)
        assert counts[Institution] == Institution.objects.count() == 400
        assert counts[Agreement] == Agreement.objects.count() > 400
        kept = checking.run()
        assert [row.sentence for row in kept.rows.all()] == []
        swept = sweep(clock.now())
    assert (swept.looked, swept.failed) == (0, 0)


@pytest.mark.clause("R7")
@pytest.mark.parametrize("days", [1, 45])
def test_the_timers_go_on_from_there_without_a_fault(days: int) -> None:
    with on(TODAY):
        make(150, 2, quiet, quiet)
    with on((clock.at(date.fromisoformat(TODAY)) + timedelta(days=days)).date().isoformat()):
        swept = sweep(clock.now())
        kept = checking.run()
        assert [row.sentence for row in kept.rows.all()] == []
    assert swept.failed == 0
    assert days == 1 or swept.fired > 0


def test_every_story_can_be_told_on_every_day() -> None:
    for day in ("2026-02-28", "2028-02-29", TODAY):
        for kind in ("hospital", "pharmacy"):
            for story in WEIGHTS:
                for variant in range(VARIANTS):
                    assert tell(story, kind, date.fromisoformat(day), variant).kind == kind


def test_codes_are_valid_and_distinct() -> None:
    with on(TODAY):
        make(300, 3, quiet, quiet)
    for row in Institution.objects.all():
        validate_uscc(row.uscc)
        validate_national_code(row.national_code)
        assert set(str(row.uscc)) <= set(USCC_ALPHABET)


def test_the_same_seed_makes_the_same_country() -> None:
    from django.db import transaction

    seen = []
    for _ in range(2):
        with on(TODAY), transaction.atomic():
            make(120, 7, quiet, quiet)
            states = Deadline.objects.values("kind", "state", "due_on").annotate(n=Count("pk")).order_by("kind", "state", "due_on")
            seen.append((list(Institution.objects.order_by("pk").values_list("name", "uscc")), list(states)))
            transaction.set_rollback(True)
    assert seen[0] == seen[1]


def test_a_database_that_is_used_stays_as_it_is() -> None:
    from tests.factories import HospitalFactory

    HospitalFactory()
    with pytest.raises(NotEmpty):
        make(10, 1, quiet, quiet)
    with pytest.raises(CommandError, match="空数据库"):
        call_command("make_data", institutions=10)
    with pytest.raises(CommandError, match="机构数"):
        call_command("make_data", institutions=0)
