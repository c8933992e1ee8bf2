"""An institution with an agreement of this year, and lines made without acts where thousands are needed."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db import connection

from institutions.models import Institution
from tests.api.conftest import Program
from tests.driving import Driver, on
from tests.factories import DistrictFactory

FULL_YEAR = [["2026-01-01", "2026-12-31", "active", "M33", None, False, None], ["2027-01-01", None, "expired", "M41.3", None, False, None]]


def taken_over(kind: str = "hospital", **given: Any) -> Driver:
    """An institution whose agreement of 2026 was taken over from paper on its first day."""
    from tests.factories import HospitalFactory, PharmacyFactory

    driver = Driver((HospitalFactory if kind == "hospital" else PharmacyFactory)(district="110105", **given))
    with on("2026-01-01"):
        driver.do(
            "take_over_agreement", driver.institution,
            number=f"测{driver.institution.pk}", first_day="2026-01-01", last_day="2026-12-31",
        )  # fmt: skip
    return driver


def lines(number: int, data: dict[str, Any] | None = None, district: str = "110105") -> list[Institution]:
    """Institutions with lines, made at once."""
    place = DistrictFactory(code=district)
    start = Institution.objects.count()
    rows = [
        Institution(kind="hospital", district=place, name=f"第{start + n}医院", national_code=f"H{start + n:011d}") for n in range(number)
    ]
    made = Institution.objects.bulk_create(rows, batch_size=2000)
    text = json.dumps(data or {"spans": FULL_YEAR, "parts": [], "holds": []})
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into settlement_settlementline (institution_id, data, changed_in, changed_at)"
            " select id, %s::jsonb, pg_current_xact_id()::text::bigint, now() from institutions_institution where id = any(%s)",
            [text, [each.pk for each in made]],
        )
    return made


@pytest.fixture
def program() -> type[Program]:
    return Program


SERVICE = date(2026, 6, 1)
