"""Which agreement a question is about: the one of the day, else the latest, by one rule everywhere (R5, R6)."""

from __future__ import annotations

from datetime import date

import pytest

from agreements import public
from agreements.models import Agreement
from agreements.reading import agreement_of, of_day
from tests.agreements.life import URGENT, life, taken_over, terminate
from tests.driving import Driver, on

pytestmark = pytest.mark.django_db


def two() -> tuple[Driver, Agreement, Agreement]:
    """One that ran out on 2026-03-31, and one from 2026-08-01 that was terminated on 2026-05-20, before it began."""
    driver = life("hospital", "2026-01-01", "2026-03-31")
    taken_over(driver.institution, "2026-08-01", "2027-07-31")
    first, second = Agreement.objects.order_by("first_day")
    terminate(driver, "2026-05-20", "M43(4)")
    second.refresh_from_db()
    assert (first.ended_on, second.ended_on) == (date(2026, 3, 31), date(2026, 5, 19))
    return driver, first, second


@pytest.mark.clause("R5")
def test_one_terminated_before_it_began_is_the_latest() -> None:
    driver, first, second = two()
    for day, expected in (("2026-03-31", first), ("2026-05-19", second), ("2026-05-20", second), ("2026-08-01", second)):
        assert agreement_of(driver.institution, date.fromisoformat(day)) == expected, day


@pytest.mark.clause("R5")
@pytest.mark.clause("M43")
def test_the_public_page_says_terminated_too() -> None:
    driver, _, second = two()
    standing = public.standing(driver.institution, date(2026, 5, 20))
    assert (standing.word, standing.agreement, standing.since) == ("terminated", second, date(2026, 5, 20))
    with on("2026-05-19"):
        assert public.standing(driver.institution, date(2026, 5, 19)).word == "pending"


@pytest.mark.clause("R6")
def test_a_renewal_that_fell_away_is_not_the_latest() -> None:
    driver = life()
    with on("2026-08-03"):
        driver.do("request_renewal")
    with on("2026-08-04"):
        driver.do("decide_renewal", agreed=True)
    with on("2026-09-01"):
        driver.do("terminate", Agreement.objects.get(previous=None), ground=["M43(4)"], **URGENT)
    first, renewed = Agreement.objects.order_by("first_day")
    assert renewed.ended_on < renewed.first_day
    assert agreement_of(driver.institution, date(2026, 9, 1)) == first
    assert of_day([renewed, first], date(2027, 2, 1)) == first


@pytest.mark.clause("M41.4")
def test_of_two_on_one_day_the_fixed_one() -> None:
    first, last, day = date(2026, 1, 1), date(2026, 12, 31), date(2026, 6, 1)
    fixed = Agreement(pk=1, kind="fixed", first_day=first, last_day=last, ended_on=last)
    annual = Agreement(pk=2, kind="annual", first_day=first, last_day=last, ended_on=last)
    assert of_day([annual, fixed], day) == of_day([fixed, annual], day) == fixed


@pytest.mark.clause("R7")
def test_an_annulled_one_is_none() -> None:
    gone = Agreement(pk=1, first_day=date(2026, 1, 1), last_day=date(2026, 12, 31), ended_on=date(2026, 12, 31), annulled=True)
    assert of_day([gone], date(2026, 6, 1)) is None
