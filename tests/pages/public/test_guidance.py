"""Guidance drawn from slots and settings, the date calculator, and the first page for a newcomer."""

from datetime import date

import pytest

from applications.models import ConditionRule, MaterialSlot
from applications.seeding import seed_slots
from offices import settings as dated
from tests.driving import on

pytestmark = pytest.mark.django_db


def page(client, address, day="2026-03-02"):
    with on(day):
        response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.clause("M7", "P6", "M27", "P26")
@pytest.mark.parametrize(("kind", "slots", "parts"), [("hospital", 6, 4), ("pharmacy", 8, 5)])
def test_the_materials_are_those_of_today(client, kind, slots, parts):
    seed_slots()
    text = page(client, f"/public/guide/{kind}/")
    for slot in MaterialSlot.objects.filter(kind=kind):
        assert slot.title in text
        for part in slot.parts:
            assert part in text
    assert MaterialSlot.objects.filter(kind=kind).count() == slots
    assert sum(len(slot.parts) for slot in MaterialSlot.objects.filter(kind=kind)) == parts


@pytest.mark.clause("M7")
def test_a_slot_from_a_later_day_on_is_not_yet_asked_for(client):
    seed_slots()
    MaterialSlot.objects.create(kind="hospital", slot="M7(7)", title="以后才要的材料", from_on="2026-04-01")
    assert "以后才要的材料" not in page(client, "/public/guide/hospital/")
    assert "以后才要的材料" in page(client, "/public/guide/hospital/", "2026-04-01")


@pytest.mark.clause("R12")
def test_a_changed_setting_changes_the_guidance(client):
    assert "5 个工作日，自开始公示的次日起算" in page(client, "/public/guide/hospital/")
    dated.put("notice_days", 7, from_on=date(2026, 3, 2), by=None, reason="试行")
    assert "7 个工作日，自开始公示的次日起算" in page(client, "/public/guide/hospital/")


@pytest.mark.clause("M9.2", "R1")
def test_the_periods_are_counted_from_today(client):
    text = page(client, "/public/guide/hospital/")
    assert "2026-03-09" in text
    assert "2026-06-02" in text


@pytest.mark.clause("P5.7")
def test_a_further_condition_is_named(client):
    ConditionRule.objects.create(kind="pharmacy", code="BJ-1", title="配备电子处方流转系统", from_on="2026-01-01")
    assert "配备电子处方流转系统" in page(client, "/public/guide/pharmacy/")
    assert "配备电子处方流转系统" not in page(client, "/public/guide/hospital/")


def test_a_pharmacys_guidance_cites_the_pharmacys_measures(client):
    text = page(client, "/public/guide/pharmacy/")
    assert 'data-clause="P8.2"' in text
    assert 'data-clause="M' not in text


@pytest.mark.clause("M51", "P48")
@pytest.mark.parametrize(("kind", "word", "clause"), [("hospital", "定点医疗机构", "M51"), ("pharmacy", "定点零售药店", "P48")])
def test_the_words_of_the_measures_are_explained(client, kind, word, clause):
    page = client.get(f"/public/guide/{kind}/").content.decode()
    assert f"<dt>{word}</dt>" in page
    assert f'data-clause="{clause}"' in page


@pytest.mark.parametrize("kind", ["castle", "hospital%00", "x" * 300])
def test_another_kind_is_not_found(client, kind):
    assert client.get(f"/public/guide/{kind}/").status_code == 404


@pytest.mark.clause("R1", "R13")
@pytest.mark.parametrize(
    ("what", "start", "n", "day", "step"),
    [
        ("working", "2026-03-02", "5", "2026年3月9日", "2026-03-02 + 5个工作日 = 2026-03-09"),
        ("working", "2026-03-02", "", "2026年3月9日", "5个工作日"),
        ("months", "2026-03-02", "3", "2026年6月2日", "2026-03-02 + 3个月"),
        ("months", "2025-11-30", "3", "2026年2月28日", "2025-11-30 + 3个月 = 2026-02-28"),
        ("days", "2026-03-02", "60", "2026年5月6日", "顺延至 2026-05-06"),
        ("gate", "2026-03-10", "3", "2026年6月11日", "次日 2026-06-11 起可以"),
        ("ban", "2026-03-10", "1", "2027年3月10日", "次日 2027-03-11 起"),
        ("since", "2026-01-15", "3", "2026年4月15日", "当日即为已满"),
        ("term", "2024-02-29", "1", "2025年2月28日", "首尾两日"),
        ("ahead", "2026-12-31", "3", "2026年9月30日", "不顺延"),
    ],
)
def test_the_calculator_counts_as_the_readings_do(client, what, start, n, day, step):
    text = page(client, f"/public/calculator/?what={what}&start={start}&n={n}")
    assert day in text
    assert step in text


@pytest.mark.clause("R1")
def test_a_year_without_an_arrangement_is_provisional(client):
    text = page(client, "/public/calculator/?what=working&start=2027-01-28&n=5")
    assert "日期暂定" in text
    assert "日期暂定" not in page(client, "/public/calculator/?what=working&start=2026-01-05&n=5")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("what=working&start=&n=5", "请填写日期"),
        ("what=working&start=2026-02-30&n=5", "没有这一天"),
        ("what=working&start=1999-12-31&n=5", "2000 年至 2099 年"),
        ("what=working&start=9999-12-31&n=5", "2000 年至 2099 年"),
        ("what=working&start=2026-03-02&n=0", "至少填 1"),
        ("what=working&start=2026-03-02&n=-5", "至少填 1"),
        ("what=working&start=2026-03-02&n=99999999999999999999", "最多填 500"),
        ("what=working&start=2026-03-02&n=abc", "请填写整数"),
        ("what=castle&start=2026-03-02&n=5", "请从下面的选项中选择"),
        ("start=2026-03-02", "请选择算什么"),
        ("what=%00&start=%00&n=%00", "请"),
        ("what=ban&start=2099-12-31&n=50", "2149年12月31日"),
        ("what=months&start=2099-12-31&n=120", "2109年12月31日"),
    ],
)
def test_dates_out_of_range_and_garbage_are_told_in_words(client, query, sentence):
    assert sentence in page(client, f"/public/calculator/?{query}")


def test_the_first_page_tells_a_newcomer_what_can_be_found_where(client):
    text = page(client, "/")
    for address in ("/public/institutions/", "/public/notices/", "/public/guide/", "/public/calculator/", "/verify/", "/account/sign-up/"):
        assert f'href="{address}"' in text
