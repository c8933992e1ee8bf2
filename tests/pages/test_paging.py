"""Pages by id, and by a day and then by id: no row twice, none lost."""

from datetime import date, timedelta

import pytest
from django.http import HttpRequest, QueryDict

from agreements.models import Agreement
from pages.paging import page_of
from tests.factories import HospitalFactory

pytestmark = pytest.mark.django_db


def request(after: str) -> HttpRequest:
    asked = HttpRequest()
    asked.GET = QueryDict(f"after={after}")
    return asked


@pytest.fixture
def seven() -> list[int]:
    """Agreements in the order in which they end; several on one day."""
    rows = []
    for number in range(7):
        last = date(2026, 12, 31) - timedelta(days=number // 3)
        rows.append(
            Agreement.objects.create(
                institution=HospitalFactory(), number=str(number), first_day=date(2026, 1, 1), last_day=last, ended_on=last
            )
        )
    return [row.pk for row in sorted(rows, key=lambda row: (row.last_day, row.pk))]


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("by", ["last_day", ""])
def test_page_after_page_shows_every_row_once_in_order(seven: list[int], by: str, newest_first: bool) -> None:
    found: list[int] = []
    after = ""
    for _ in range(9):
        page = page_of(request(after), Agreement.objects.all(), size=2, by=by, newest_first=newest_first)
        found += [row.pk for row in page.rows]
        if not page.next_url:
            break
        after = QueryDict(page.next_url.partition("?")[2])["after"]
    expected = seven if by else sorted(seven)
    assert found == (expected[::-1] if newest_first else expected)


@pytest.mark.parametrize("after", ["x", "2026-12-31", "2026-13-01.5", "2026-12-31.x", "2026-12-31.", "5", "9" * 30])
def test_nonsense_shows_the_first_page(seven: list[int], after: str) -> None:
    page = page_of(request(after), Agreement.objects.all(), size=2, by="last_day", newest_first=False)
    assert [row.pk for row in page.rows] == seven[:2]
    assert page.first_url == ""
