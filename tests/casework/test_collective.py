"""Decisions of large effect can require the record of a collective decision (M29)."""

from datetime import date

import pytest

from casework.acts import registry
from casework.refusals import Refused
from offices import settings
from tests.driving import Driver, on

pytestmark = pytest.mark.django_db


@pytest.mark.clause("M29", "P28")
def test_a_record_is_required_where_the_office_says_so() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        driver.do("list_dishonest", subject=driver.institution.posts.first().person)
        driver.do("refuse", ground=["M12.8"])
    other = Driver()
    with on("2026-03-03"):
        other.apply()
        other.do("list_dishonest", subject=other.institution.posts.first().person)
        settings.put("collective_decision", True, from_on=date(2026, 3, 3), by=None, reason="办公会决定")
        with pytest.raises(Refused) as refused:
            other.do("refuse", ground=["M12.8"])
        assert refused.value.clauses == ["M29"]
        outcome = other.do("refuse", ground=["M12.8"], collective_record="2026年3月3日第8次会议纪要")
    assert outcome.record.data["collective_record"] == "2026年3月3日第8次会议纪要"


@pytest.mark.clause("M29")
def test_which_decisions_are_of_large_effect() -> None:
    large = {word for word, act in registry.items() if act.collective}
    assert large == {"refuse", "record_result", "suspend", "terminate"}
    assert all("collective_record" in registry[word].form.base_fields for word in large)
    assert "collective_record" not in registry["sign"].form.base_fields
