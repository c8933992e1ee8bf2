"""The Measures and their later versions are dated: a case keeps the version of its day (M53, P50)."""

from dataclasses import replace
from datetime import date

import pytest

from law.rulesets import RULE_SETS, kept, rule_set_on

FIRST, LAST = date(2022, 1, 1), date(2026, 12, 31)


@pytest.mark.clause("M53", "P50")
@pytest.mark.parametrize(("kind", "letter"), [("hospital", "M"), ("pharmacy", "P")])
def test_no_version_is_in_force_before_the_first_day(kind, letter):
    assert rule_set_on(kind, date(2021, 12, 31)) is None
    assert kept(kind, date(2021, 12, 31)) == {}
    found = rule_set_on(kind, FIRST)
    assert found is not None
    assert (found.letter, found.kind) == (letter, kind)
    assert kept(kind, FIRST) == {"title": found.title, "from_on": "2022-01-01"}


@pytest.mark.clause("M53", "P50")
def test_a_later_version_leaves_what_began_before_it_under_its_own():
    old = rule_set_on("hospital", LAST)
    assert old is not None
    new = replace(old, title="修订后的办法", from_on=date(2027, 1, 1))
    versions = (new, *RULE_SETS)
    assert rule_set_on("hospital", LAST, versions) == old
    assert rule_set_on("hospital", date(2027, 1, 1), versions) == new
    assert rule_set_on("pharmacy", date(2027, 1, 1), versions) == RULE_SETS[1]
