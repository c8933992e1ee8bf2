"""Counting no further than anybody reads, and saying so (a number that is not exact never looks as if it were)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from institutions.models import Institution
from offices.models import District
from pages.desk import bounded
from tests.driving import on
from tests.factories import DistrictFactory
from tests.pages.desk.conftest import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def seven():
    place = DistrictFactory(code="110105")
    Institution.objects.bulk_create(Institution(kind="hospital", district=place, name=f"第{n % 3}医院") for n in range(7))
    return Institution.objects.filter(name__startswith="第")


def test_counts_are_exact_up_to_the_bound_and_one_more_beyond_it(seven):
    assert bounded.counts([seven], most=7) == [7]
    assert bounded.counts([seven], most=6) == [7]
    assert bounded.counts([seven], most=3) == [4]
    assert bounded.counts([seven.none(), seven, seven.filter(pk__in=[])], most=9) == [0, 7, 0]
    assert bounded.counts([]) == []


def test_different_values_are_counted_once_each(seven):
    assert bounded.counts([seven.values("name").distinct()], most=9) == [3]
    assert bounded.counts([seven.values("name").distinct()], most=2) == [3]


def test_all_lists_are_counted_by_one_statement(seven):
    with CaptureQueriesContext(connection) as queries:
        assert bounded.counts([seven, District.objects.filter(code="110105"), seven.order_by("name")], most=3) == [4, 1, 4]
    assert len(queries) == 1


@pytest.mark.parametrize(("number", "said"), [(0, 0), (999, 999), (1000, 1000), (1001, "1000+")])
def test_a_number_beyond_the_bound_says_that_there_are_more(number, said):
    assert bounded.shown(number) == said


@pytest.mark.parametrize(
    ("numbers", "said"), [([], 0), ([3, 4], 7), ([1000, 1000], 2000), ([1001], "1000+"), ([1001, 2], "1002+"), ([1001, 1001], "2000+")]
)
def test_a_sum_is_exact_or_says_that_there_are_more(numbers, said):
    assert bounded.total(numbers) == said


def test_the_overview_says_where_it_stopped_counting(seat, driver):
    place = DistrictFactory(code="110106")
    Institution.objects.bulk_create(Institution(kind="pharmacy", district=place, name=f"第{n}药店") for n in range(bounded.MOST + 1))
    with on(DAY):
        rows = seat(driver.bureau).get("/desk/overview/").context["coverage"]
    cells = {(row["district"].pk, cell["kind"]): cell["figures"][0][0] for row in rows for cell in row["cells"]}
    assert (cells["110106", "零售药店"], cells["110106", "医疗机构"], cells["110105", "医疗机构"]) == ("1000+", 0, 1)
