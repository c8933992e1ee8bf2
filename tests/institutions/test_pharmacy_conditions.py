"""P5, one condition at a time, with dates worked out by hand."""

from dataclasses import replace
from datetime import date

import pytest

from institutions.conditions import LicenceRow, ManagerRow, Span, unmet
from tests.institutions.profiles import ALWAYS, MANAGER, PHARMACIST, PHARMACY, pharmacy

DAY = date(2026, 3, 2)


def told(profile, day: date = DAY, **attested: bool) -> list[tuple[str, date | None]]:
    return [(each.clause, each.earliest_on) for each in unmet(profile, day, attested)]


@pytest.mark.clause("P5")
@pytest.mark.parametrize(("licence", "suffices"), [("drug_licence", True), ("business_licence", False), ("practice_licence", False)])
def test_a_pharmacy_needs_a_drug_licence(licence: str, suffices: bool) -> None:
    assert told(pharmacy(licences=[LicenceRow(licence, ALWAYS)])) == ([] if suffices else [("P5", None)])


@pytest.mark.clause("P5.1", "R13")
def test_three_months_at_the_registered_address() -> None:
    profile = pharmacy(opened_on=date(2026, 1, 15))
    assert told(profile, date(2026, 4, 14)) == [("P5.1", date(2026, 4, 15))]
    assert told(profile, date(2026, 4, 15)) == []


@pytest.mark.clause("P5.2", "P5.3", "R13")
@pytest.mark.parametrize(
    ("contract", "day", "expected"),
    [
        (Span(date(2026, 3, 2), date(2027, 3, 1)), date(2026, 3, 2), True),
        (Span(date(2026, 3, 2), date(2027, 2, 28)), date(2026, 3, 2), False),
        (Span(date(2026, 3, 2), date(2027, 3, 1)), date(2027, 3, 1), True),
        (Span(date(2026, 3, 2), date(2027, 3, 1)), date(2027, 3, 2), False),
        (Span(date(2024, 2, 29), date(2025, 2, 27)), date(2024, 3, 1), True),
        (Span(date(2024, 2, 29), date(2025, 2, 26)), date(2024, 3, 1), False),
        (Span(date(2026, 3, 2), None), date(2040, 1, 1), True),
        (Span(None, None), date(2026, 3, 2), False),
    ],
)
def test_contract_of_at_least_one_year_in_force(contract: Span, day: date, expected: bool) -> None:
    managers = [replace(MANAGER, contract=contract), replace(MANAGER, contract=ALWAYS)]
    assert (told(pharmacy(managers=managers), day) == []) is expected
    assert (told(pharmacy(practitioners=[replace(PHARMACIST, contract=contract)]), day) == []) is expected


@pytest.mark.clause("P5.2")
@pytest.mark.parametrize(
    ("pharmacist", "expected"),
    [
        (replace(PHARMACIST, kind="pharmacy_technician"), []),
        (replace(PHARMACIST, kind="physician"), [("P5.2", None)]),
        (replace(PHARMACIST, registered_here=False), [("P5.2", None)]),
        (replace(PHARMACIST, first_registered_on=date(2026, 3, 5)), [("P5.2", date(2026, 3, 5))]),
        (replace(PHARMACIST, contract=Span(date(2026, 4, 1), date(2027, 3, 31))), [("P5.2", date(2026, 4, 1))]),
        (replace(PHARMACIST, contract=Span(date(2026, 4, 1), date(2027, 3, 30))), [("P5.2", None)]),
        (replace(PHARMACIST, ended_on=date(2026, 3, 1)), [("P5.2", None)]),
        (replace(PHARMACIST, ended_on=date(2026, 3, 2)), []),
    ],
)
def test_one_pharmacist_registered_here_under_contract(pharmacist, expected: list) -> None:
    assert told(pharmacy(practitioners=[pharmacist])) == expected


@pytest.mark.clause("P5.3", "I45")
@pytest.mark.parametrize(
    ("managers", "expected"),
    [
        ([MANAGER], [("P5.3", None)]),
        ([replace(MANAGER, full_time=False)] * 2, []),
        ([MANAGER, ManagerRow(True, ALWAYS, ended_on=date(2026, 3, 1))], [("P5.3", None)]),
        ([MANAGER, ManagerRow(True, Span(date(2026, 5, 1)))], [("P5.3", date(2026, 5, 1))]),
        ([ManagerRow(True, Span(date(2026, 5, 1))), ManagerRow(True, Span(date(2026, 4, 1)))], [("P5.3", date(2026, 5, 1))]),
    ],
)
def test_two_managers_under_contract(managers: list, expected: list) -> None:
    assert told(pharmacy(managers=managers)) == expected


@pytest.mark.clause("P5")
def test_a_pharmacy_needs_no_category_principal_or_doctor() -> None:
    assert told(PHARMACY) == []


@pytest.mark.clause("P5.4", "P5.5", "P5.6", "P5.7", "P11.7")
@pytest.mark.parametrize(
    ("given", "clause"),
    [("P5.4", "P5.4"), ("P5.5", "P5.5"), ("M6.4", "P5.5"), ("M6.5", "P5.6"), ("P5.7", "P5.7"), ("M12.9", "P11.7")],
)
def test_a_statement_is_told_in_the_pharmacy_numbering(given: str, clause: str) -> None:
    assert told(PHARMACY, **{given: False}) == [(clause, None)]


@pytest.mark.clause("M12.1", "M12.2")
@pytest.mark.parametrize("clause", ["M12.1", "M12.2", "M6.2"])
def test_what_binds_hospitals_only_says_nothing_of_a_pharmacy(clause: str) -> None:
    assert told(PHARMACY, **{clause: False}) == []
