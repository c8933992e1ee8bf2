"""What is stored of agreements is written anew from the facts where an older version left it empty (R7)."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command

from agreements.models import Agreement, AgreementFact
from casework.models import ActRecord
from consistency import checking
from documents.models import Document
from tests.agreements.life import contradictions, life
from tests.driving import on

pytestmark = pytest.mark.django_db


@pytest.mark.clause("R7", "M38.6")
def test_columns_that_tell_what_waits_are_filled_in_an_existing_database(capsys: pytest.CaptureFixture[str]) -> None:
    told, idle = life(), life("pharmacy")
    with on("2026-03-02"):
        told.do("intend", act="terminate", ground=["M43(3)"])
    agreement = told.agreement
    # As a column stands that has just been added.
    Agreement.objects.update(decision_from=None)
    before = [model.objects.count() for model in (AgreementFact, Document, ActRecord)]
    with on("2026-03-03"):
        assert [each.check for each in checking.look_at([told.institution.pk], date(2026, 3, 3))] == ["agreement_end"]
        for _ in range(2):
            call_command("project_agreements")
            assert "已按事实重写2份协议的登记" in capsys.readouterr().out
        assert checking.look_at([told.institution.pk, idle.institution.pk], date(2026, 3, 3)) == []
    assert [model.objects.count() for model in (AgreementFact, Document, ActRecord)] == before
    again = told.agreement
    assert (again.decision_from, again.version) == (date(2026, 3, 10), agreement.version)
    assert idle.agreement.decision_from is None


@pytest.mark.clause("R7", "M41.3")
def test_a_state_left_behind_follows_the_calendar_as_in_every_act() -> None:
    driver = life(first="2025-01-01", last="2025-12-31")
    Agreement.objects.update(state="active")
    with on("2026-03-03"):
        call_command("project_agreements")
    assert driver.agreement.state == "expired"
    assert contradictions("2026-03-03") == []
