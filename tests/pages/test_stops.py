"""Sentences of the rules are shown with Chinese stops and brackets."""

import pytest
from django.utils.safestring import mark_safe

from pages.templatetags.dingdian import chinese


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("公示尚未期满(公示至2026-03-09),不能签约。", "公示尚未期满（公示至2026-03-09），不能签约。"),
        ("材料不齐:财务制度;请补。", "材料不齐：财务制度；请补。"),
        ("至2026-03-09,不再计算", "至2026-03-09，不再计算"),
        ("2026-03-02 09:30 M7(5)", "2026-03-02 09:30 M7(5)"),
        ("1,000", "1,000"),
    ],
)
def test_stops_between_chinese_are_chinese(typed, shown):
    assert chinese(typed) == shown


def test_what_is_already_written_for_the_page_stays():
    assert chinese(mark_safe("<b>好,的</b>")) == "<b>好,的</b>"
