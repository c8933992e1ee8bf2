from datetime import date

import pytest

from deadlines import clock
from pages.templatetags.dingdian import badge_of, deadline_badge

TODAY = date(2026, 3, 10)


@pytest.fixture(autouse=True)
def noon():
    with clock.frozen(clock.at(TODAY, 12)):
        yield


@pytest.mark.clause("R1")
@pytest.mark.parametrize(
    ("due", "kind", "words"),
    [
        (date(2026, 3, 9), "overdue", "已超期 1 天"),
        (date(2026, 3, 10), "today", "今天到期"),
        (date(2026, 3, 11), "soon", "剩 1 天"),
        (date(2026, 3, 13), "soon", "剩 3 天"),
        (date(2026, 3, 14), "running", "剩 4 天"),
        (None, "none", "无期限"),
    ],
)
def test_days_left_are_said_in_words(due, kind, words):
    badge = badge_of(due)
    assert (badge.kind, badge.words, badge.due) == (kind, words, due)


@pytest.mark.clause("R2")
def test_a_stopped_clock_shows_since_when_and_no_date():
    badge = badge_of(date(2026, 3, 1), paused_since=date(2026, 2, 27))
    assert (badge.kind, badge.words, badge.due) == ("paused", "停钟，自2026年2月27日起", None)


def test_what_is_done_says_whether_it_was_in_time():
    assert badge_of(date(2026, 3, 9), met_on=date(2026, 3, 9)).words == "按期办结"
    assert badge_of(date(2026, 3, 9), met_on=date(2026, 3, 11)).words == "已办，超期 2 天"


@pytest.mark.clause("R1")
def test_a_provisional_date_says_so():
    assert deadline_badge(date(2027, 2, 10), provisional=True)["badge"].provisional is True
