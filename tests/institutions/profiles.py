"""Profiles that meet every condition, to be spoilt one thing at a time."""

from dataclasses import replace
from datetime import date
from typing import Any

from institutions.conditions import LicenceRow, ManagerRow, PractitionerRow, Profile, Span

EARLY = date(2020, 1, 1)
ALWAYS = Span(EARLY, date(2049, 12, 31))
DOCTOR = PractitionerRow("physician", registered_here=True, first_registered_on=EARLY)
PHARMACIST = PractitionerRow("licensed_pharmacist", registered_here=True, contract=ALWAYS)
MANAGER = ManagerRow(full_time=True, contract=ALWAYS)
HOSPITAL = Profile(
    kind="hospital",
    category="general",
    ownership="private",
    opened_on=EARLY,
    beds=120,
    insurance_department=True,
    licences=[LicenceRow("practice_licence", ALWAYS)],
    practitioners=[DOCTOR],
    managers=[MANAGER],
    principals=[Span(EARLY)],
)
PHARMACY = Profile(
    kind="pharmacy",
    opened_on=EARLY,
    licences=[LicenceRow("drug_licence", ALWAYS)],
    practitioners=[PHARMACIST],
    managers=[MANAGER, MANAGER],
)


def hospital(**spoilt: Any) -> Profile:
    return replace(HOSPITAL, **spoilt)


def pharmacy(**spoilt: Any) -> Profile:
    return replace(PHARMACY, **spoilt)
