from datetime import date

import pytest
from django.db import DatabaseError, transaction

from offices import settings
from offices.models import Setting
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.clause("R12", "R4")
def test_defaults_are_those_of_the_readings():
    day = date(2026, 3, 2)
    assert [settings.value(key, day) for key in ("notice_days", "hearing_days", "supplement_days", "bureau_report_days")] == [5, 5, 5, 5]
    assert settings.value("person_ban_across_kinds", day) is False


def test_every_default_passes_its_own_check():
    assert {key: known.check(known.default) for key, known in settings.KNOWN.items()} == dict.fromkeys(settings.KNOWN, "")


@pytest.mark.clause("R12")
def test_a_value_holds_from_its_day_on_and_never_before():
    user = UserFactory()
    settings.put("notice_days", 7, from_on=date(2026, 4, 1), by=user, reason="第 9 号决定")
    settings.put("notice_days", 6, from_on=date(2026, 6, 1), by=user, reason="第 12 号决定")
    days = [date(2026, 3, 31), date(2026, 4, 1), date(2026, 5, 31), date(2026, 6, 1)]
    assert [settings.value("notice_days", day) for day in days] == [5, 7, 7, 6]


def test_of_two_rows_for_one_day_the_later_recorded_counts():
    for value in (7, 8):
        settings.put("notice_days", value, from_on=date(2026, 4, 1), by=None, reason="更正")
    assert settings.value("notice_days", date(2026, 4, 1)) == 8
    assert Setting.objects.count() == 2


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("notice_days", 0, "理由"),
        ("notice_days", "5", "理由"),
        ("notice_days", True, "理由"),
        ("notice_days", 7, "  "),
        ("person_ban_across_kinds", 1, "理由"),
        ("lawsuit_body", " ", "理由"),
        ("hospital_major_more", "beds", "理由"),
        ("hospital_major_more", ["name"], "理由"),
        ("hospital_major_more", ["beds", "beds"], "理由"),
        ("unknown", 1, "理由"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(key, value, reason):
    with pytest.raises(settings.Unfit, match=r"。$"):
        settings.put(key, value, from_on=date(2026, 4, 1), by=None, reason=reason)
    assert not Setting.objects.exists()


def test_the_database_keeps_every_row_as_it_was():
    settings.put("notice_days", 7, from_on=date(2026, 4, 1), by=None, reason="决定")
    for change in (lambda: Setting.objects.update(value=9), lambda: Setting.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            change()
    assert settings.value("notice_days", date(2026, 4, 1)) == 7
