"""What holds of the conditions whatever the dates."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from institutions.conditions import LicenceRow, ManagerRow, PractitionerRow, Profile, Span, unmet

pytestmark = pytest.mark.slow

FIRST = date(2025, 11, 1)
LICENCES = ["practice_licence", "tcm_clinic_filing", "military_permit", "drug_licence"]
days = some.integers(0, 150).map(lambda number: FIRST + timedelta(days=number))
maybe_days = some.none() | days
spans = some.builds(Span, maybe_days, some.none() | some.integers(300, 600).map(lambda number: FIRST + timedelta(days=number)) | days)
practitioners = some.builds(
    PractitionerRow,
    some.sampled_from(["physician", "village_doctor", "licensed_pharmacist", "pharmacy_technician"]),
    some.booleans(),
    maybe_days,
    spans,
    maybe_days,
)
profiles = some.builds(
    Profile,
    some.sampled_from(["hospital", "pharmacy"]),
    some.sampled_from(["general", "clinic", "", "internet"]),
    some.sampled_from(["private", "military"]),
    maybe_days,
    some.sampled_from([0, 99, 100]),
    some.booleans(),
    some.lists(some.builds(LicenceRow, some.sampled_from(LICENCES), spans), max_size=3),
    some.lists(practitioners, max_size=3),
    some.lists(some.builds(ManagerRow, some.booleans(), spans, maybe_days), max_size=3),
    some.lists(spans, max_size=2),
)


@pytest.mark.clause("M6.1", "M6.2", "M6.3", "P5.1", "P5.2", "P5.3", "R13")
@settings(max_examples=300, deadline=None)
@given(profiles, days)
def test_the_earliest_day_is_the_first_later_day_on_which_the_condition_is_met(profile: Profile, day: date) -> None:
    """Found by asking on every later day; 400 days reach past every date in the profile and three months more."""
    for each in unmet(profile, day, {}):
        if each.clause == "M5" and sum(other.clause == "M5" for other in unmet(profile, day, {})) > 1:
            continue  # two reasons under one clause cannot be told apart by the clause
        later = (day + timedelta(days=number) for number in range(1, 400))
        first = next((one for one in later if each.clause not in {other.clause for other in unmet(profile, one, {})}), None)
        assert each.earliest_on == first


@pytest.mark.clause("M5", "P5")
@settings(max_examples=100, deadline=None)
@given(profiles, days)
def test_every_reason_has_a_sentence_and_a_clause_of_its_kind(profile: Profile, day: date) -> None:
    for each in unmet(profile, day, {}):
        assert each.sentence.endswith("。")
        assert each.clause.startswith("P" if profile.kind == "pharmacy" else "M")


@pytest.mark.clause("M5", "P5")
@settings(max_examples=100, deadline=None)
@given(profiles, days)
def test_order_of_rows_does_not_matter(profile: Profile, day: date) -> None:
    turned = Profile(
        profile.kind,
        profile.category,
        profile.ownership,
        profile.opened_on,
        profile.beds,
        profile.insurance_department,
        list(reversed(profile.licences)),
        list(reversed(profile.practitioners)),
        list(reversed(profile.managers)),
        list(reversed(profile.principals)),
    )
    assert unmet(turned, day, {}) == unmet(profile, day, {})
