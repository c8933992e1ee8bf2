"""M5 and M6, one condition at a time, with dates worked out by hand."""

from dataclasses import replace
from datetime import date

import pytest

from institutions.conditions import LicenceRow, ManagerRow, Span, unmet
from institutions.models import Category
from tests.institutions.profiles import ALWAYS, DOCTOR, HOSPITAL, hospital

DAY = date(2026, 3, 2)


def told(profile, day: date = DAY, **attested: bool) -> list[tuple[str, date | None]]:
    return [(each.clause, each.earliest_on) for each in unmet(profile, day, attested)]


@pytest.mark.clause("M5", "M6.1", "M6.2", "M6.3")
def test_nothing_is_told_of_a_hospital_that_meets_all() -> None:
    assert told(HOSPITAL) == []


@pytest.mark.clause("M5")
@pytest.mark.parametrize("category", Category.values)
def test_every_listed_category_may_apply(category: str) -> None:
    assert told(hospital(category=category)) == []


@pytest.mark.clause("M5")
def test_unknown_category_may_not_apply() -> None:
    assert told(hospital(category="")) == [("M5", None)]


@pytest.mark.clause("M5")
@pytest.mark.parametrize(
    ("category", "ownership", "licence", "suffices"),
    [
        ("general", "public", "practice_licence", True),
        ("general", "private", "tcm_clinic_filing", False),
        ("clinic", "private", "tcm_clinic_filing", True),
        ("clinic", "private", "practice_licence", True),
        ("elderly_care", "private", "tcm_clinic_filing", True),
        ("outpatient", "private", "tcm_clinic_filing", False),
        ("general", "military", "military_permit", True),
        ("general", "military", "practice_licence", False),
        ("general", "public", "military_permit", False),
        ("general", "private", "drug_licence", False),
        ("general", "private", "business_licence", False),
    ],
)
def test_each_hospital_needs_a_licence_of_its_kind(category: str, ownership: str, licence: str, suffices: bool) -> None:
    profile = hospital(category=category, ownership=ownership, licences=[LicenceRow(licence, ALWAYS)])
    assert told(profile) == ([] if suffices else [("M5", None)])


@pytest.mark.clause("M5")
@pytest.mark.parametrize(
    ("valid", "expected"),
    [
        (Span(date(2026, 3, 2), date(2026, 3, 2)), []),
        (Span(date(2026, 3, 3), None), [("M5", date(2026, 3, 3))]),
        (Span(date(2020, 1, 1), date(2026, 3, 1)), [("M5", None)]),
        (Span(date(2020, 1, 1)), []),
    ],
)
def test_licence_is_in_force_on_its_first_and_last_day(valid: Span, expected: list) -> None:
    assert told(hospital(licences=[LicenceRow("practice_licence", valid)])) == expected


@pytest.mark.clause("M6.1", "R13")
@pytest.mark.parametrize(
    ("opened_on", "first_day"),
    [
        (date(2026, 1, 15), date(2026, 4, 15)),
        (date(2025, 11, 30), date(2026, 2, 28)),
        (date(2023, 11, 30), date(2024, 2, 29)),
        (date(2026, 1, 31), date(2026, 4, 30)),
        (date(2025, 12, 1), date(2026, 3, 1)),
    ],
)
def test_three_months_in_operation(opened_on: date, first_day: date) -> None:
    profile = hospital(opened_on=opened_on)
    before = date.fromordinal(first_day.toordinal() - 1)
    assert told(profile, before) == [("M6.1", first_day)]
    assert told(profile, first_day) == []


@pytest.mark.clause("M6.1")
def test_unknown_opening_day_is_no_operation() -> None:
    assert told(hospital(opened_on=None)) == [("M6.1", None)]


@pytest.mark.clause("M6.2", "R13")
@pytest.mark.parametrize(
    ("doctor", "expected"),
    [
        (replace(DOCTOR, kind="village_doctor"), []),
        (replace(DOCTOR, kind="tcm_specialist"), []),
        (replace(DOCTOR, kind="licensed_pharmacist"), [("M6.2", None)]),
        (replace(DOCTOR, registered_here=False), [("M6.2", None)]),
        (replace(DOCTOR, first_registered_on=None), [("M6.2", None)]),
        (replace(DOCTOR, first_registered_on=date(2025, 12, 2)), []),
        (replace(DOCTOR, first_registered_on=date(2025, 12, 3)), [("M6.2", date(2026, 3, 3))]),
        (replace(DOCTOR, first_registered_on=date(2025, 12, 3), ended_on=date(2026, 3, 2)), [("M6.2", None)]),
        (replace(DOCTOR, ended_on=date(2026, 3, 2)), []),
        (replace(DOCTOR, ended_on=date(2026, 3, 1)), [("M6.2", None)]),
    ],
)
def test_one_doctor_first_registered_here_for_three_months(doctor, expected: list) -> None:
    assert told(hospital(practitioners=[doctor])) == expected


@pytest.mark.clause("M6.2")
def test_the_earliest_of_several_doctors_counts() -> None:
    later = [replace(DOCTOR, first_registered_on=date(2026, 2, day)) for day in (20, 10)]
    assert told(hospital(practitioners=later)) == [("M6.2", date(2026, 5, 10))]


@pytest.mark.clause("M6.3", "I45")
@pytest.mark.parametrize(
    ("spoilt", "expected"),
    [
        ({"beds": 100, "insurance_department": False}, [("M6.3", None)]),
        ({"beds": 99, "insurance_department": False}, []),
        ({"beds": 100, "managers": [ManagerRow(full_time=False)]}, [("M6.3", None)]),
        ({"beds": 99, "managers": [ManagerRow(full_time=False)]}, []),
        ({"managers": []}, [("M6.3", None)]),
        ({"principals": []}, [("M6.3", None)]),
        ({"principals": [Span(date(2020, 1, 1), date(2026, 3, 1)), Span(date(2026, 3, 9))]}, [("M6.3", date(2026, 3, 9))]),
        ({"managers": [ManagerRow(True, Span(date(2026, 4, 1)))]}, [("M6.3", date(2026, 4, 1))]),
        ({"managers": [ManagerRow(True, Span(date(2020, 1, 1), date(2026, 3, 1)))]}, [("M6.3", None)]),
        ({"managers": [ManagerRow(True, Span(date(2026, 1, 1), date(2026, 4, 1)))]}, []),
        ({"managers": [ManagerRow(True, ended_on=date(2026, 3, 1))]}, [("M6.3", None)]),
    ],
)
def test_head_managers_and_from_100_beds_a_department(spoilt: dict, expected: list) -> None:
    assert told(hospital(**spoilt)) == expected


@pytest.mark.clause("M6.3")
def test_the_sentence_names_everything_that_is_lacking() -> None:
    profile = hospital(managers=[], principals=[], insurance_department=False)
    [gap] = unmet(profile, DAY, {})
    assert all(words in gap.sentence for words in ("主要负责人", "管理人员", "管理部门", "120 张"))


@pytest.mark.clause("M6.4", "M6.5", "M6.6", "M12.1", "M12.2")
@pytest.mark.parametrize("clause", ["M6.4", "M6.5", "M6.6", "M12.1", "M12.2", "M12.9"])
def test_a_statement_given_as_false_is_told(clause: str) -> None:
    [gap] = unmet(HOSPITAL, DAY, {clause: False})
    assert (gap.clause, gap.earliest_on) == (clause, None)
    assert gap.sentence
    assert unmet(HOSPITAL, DAY, {clause: True}) == []


@pytest.mark.clause("M6.4")
def test_a_statement_in_the_other_numbering_is_told_in_its_own() -> None:
    assert [each.clause for each in unmet(HOSPITAL, DAY, {"P5.5": False, "M6.4": False})] == ["M6.4"]


@pytest.mark.clause("M6.4")
@pytest.mark.parametrize("clause", ["P5.4", "M9.4", "M99", "rule-7"])
def test_a_word_that_is_no_statement_of_a_hospital_says_nothing(clause: str) -> None:
    assert unmet(HOSPITAL, DAY, {clause: False}) == []


@pytest.mark.clause("M6.1")
def test_a_condition_is_told_once_though_denied_too() -> None:
    assert told(hospital(opened_on=date(2026, 1, 15)), **{"M6.1": False}) == [("M6.1", date(2026, 4, 15))]
