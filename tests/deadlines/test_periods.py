"""Properties of period law that hold for every date, and dates that explain themselves."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deadlines.calendar import WorkingCalendar, library_calendar
from deadlines.periods import (
    act_by,
    add_months,
    add_years,
    advance_notice_last_day,
    contract_met,
    days_after,
    evaluation_clock,
    gate_opens,
    months_after,
    months_met,
    status_last_day,
    term_last_day,
    working_days_after,
)

CALENDAR = library_calendar()
DAY = timedelta(days=1)
days = st.dates(date(2004, 1, 1), date(2040, 12, 31))
some_months = st.integers(0, 120)


@pytest.mark.clause("R1")
@given(days, some_months)
def test_months_end_on_the_corresponding_day_or_the_last_day_of_the_month(day: date, n: int) -> None:
    end = add_months(day, n)
    assert (end.year - day.year) * 12 + end.month - day.month == n
    assert end.day == day.day or (end.day < day.day and end.day == monthrange(end.year, end.month)[1])


@pytest.mark.clause("R1")
@given(days, days, some_months)
def test_a_later_event_never_ends_earlier(one: date, other: date, n: int) -> None:
    earlier, later = sorted([one, other])
    assert add_months(earlier, n) <= add_months(later, n)
    assert months_after(earlier, n, CALENDAR, "M9.2").day <= months_after(later, n, CALENDAR, "M9.2").day


@pytest.mark.clause("R1")
@given(days, st.integers(0, 30))
def test_years_are_twelve_months_each(day: date, n: int) -> None:
    assert add_years(day, n) == add_months(day, 12 * n)


@pytest.mark.clause("R1")
@given(days)
def test_an_act_by_deadline_ends_on_the_first_working_day_from_its_last_day(day: date) -> None:
    end = act_by(day, CALENDAR)
    assert CALENDAR.is_working(end)
    assert not any(CALENDAR.is_working(day + n * DAY) for n in range((end - day).days))


@pytest.mark.clause("R1")
@given(days, st.integers(0, 60))
def test_working_days_are_counted_without_the_day_of_the_event(day: date, n: int) -> None:
    end = working_days_after(day, n, CALENDAR, "M8.2", "收到").day
    assert CALENDAR.working_days_between(day, end) == n
    assert n == 0 or CALENDAR.is_working(end)


@pytest.mark.clause("R1")
@given(days, st.integers(1, 10))
def test_terms_follow_one_another_without_gap_or_overlap(first: date, years: int) -> None:
    assume((first.month, first.day) != (2, 29))
    last = term_last_day(first, years)
    assert last + DAY == add_years(first, years)


@pytest.mark.clause("R1")
@given(days, some_months)
def test_a_gate_opens_the_day_after_the_period(day: date, n: int) -> None:
    assert gate_opens(day, n) - DAY == months_after(day, n, CALENDAR, "M9.7", act_by=False).day


@pytest.mark.clause("R1", "R13")
@given(days, st.integers(1, 24))
def test_notice_given_on_its_last_day_is_at_least_n_months_ahead(effect: date, n: int) -> None:
    last = advance_notice_last_day(effect, n)
    assert months_met(last, n, effect)


@pytest.mark.clause("R13")
@given(days, some_months)
def test_a_condition_is_met_from_the_corresponding_day_on(event: date, n: int) -> None:
    first = add_months(event, n)
    assert months_met(event, n, first)
    assert not months_met(event, n, first - DAY)


@pytest.mark.clause("R13")
@given(days)
def test_a_contract_of_a_full_term_is_long_enough(first: date) -> None:
    last = add_years(first, 1) - DAY
    assert contract_met(first, last)
    assert not contract_met(first, last - DAY)


@pytest.mark.clause("R1")
@given(days, st.integers(1, 400))
def test_a_status_period_counts_both_ends(first: date, n: int) -> None:
    assert (status_last_day(first, n) - first).days + 1 == n


pauses_in_order = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4)


@pytest.mark.clause("R2")
@given(days, pauses_in_order)
def test_the_clock_adds_exactly_the_days_it_stood_still(start: date, gaps: list[tuple[int, int]]) -> None:
    pauses, day = [], start
    for before, length in gaps:
        served = day + before * DAY
        day = served + length * DAY
        pauses.append((served, day))
    clock = evaluation_clock(start, pauses, CALENDAR, clause="M9.2")
    assert clock.due is not None
    assert clock.due.day == act_by(add_months(start, 3) + clock.days_stood_still * DAY, CALENDAR)
    if clock.missed is None:
        assert clock.days_stood_still == sum((arrived - served).days for served, arrived in pauses)
    else:
        assert clock.due == clock.missed


@pytest.mark.clause("R2")
def test_a_paused_clock_has_no_due_date_until_everything_is_in() -> None:
    start, served = date(2026, 3, 2), date(2026, 4, 1)
    clock = evaluation_clock(start, [(served, None)], CALENDAR, clause="M9.2")
    assert (clock.state, clock.due, clock.paused_since, clock.days_stood_still) == ("paused", None, served, 0)


@pytest.mark.clause("R2")
def test_an_ended_clock_keeps_its_last_due_date_even_if_it_ended_while_paused() -> None:
    clock = evaluation_clock(date(2026, 3, 2), [(date(2026, 4, 1), None)], CALENDAR, ended_on=date(2026, 4, 20), clause="M9.2")
    assert clock.state == "ended"
    assert clock.due is not None
    assert clock.due.day == date(2026, 6, 2)
    assert clock.paused_since is None


@pytest.mark.clause("R2")
def test_a_late_request_stops_the_clock_but_the_miss_stays() -> None:
    start, served = date(2026, 3, 2), date(2026, 6, 10)
    paused = evaluation_clock(start, [(served, None)], CALENDAR, clause="M9.2")
    assert (paused.state, paused.paused_since) == ("paused", served)
    assert paused.missed is not None
    assert paused.missed.day == date(2026, 6, 2)
    answered = evaluation_clock(start, [(served, date(2026, 8, 20))], CALENDAR, clause="M9.2")
    assert answered.due == answered.missed == paused.missed
    assert answered.days_stood_still == 0


@pytest.mark.clause("R2")
def test_requests_are_read_in_the_order_of_their_service() -> None:
    pauses = [(date(2026, 5, 1), date(2026, 5, 31)), (date(2026, 3, 10), date(2026, 3, 20))]
    start = date(2026, 3, 2)
    assert evaluation_clock(start, pauses, CALENDAR) == evaluation_clock(start, pauses[::-1], CALENDAR)


@pytest.mark.clause("R2")
def test_materials_cannot_arrive_before_they_were_asked_for() -> None:
    with pytest.raises(ValueError, match="早于"):
        evaluation_clock(date(2026, 3, 2), [(date(2026, 4, 2), date(2026, 4, 1))], CALENDAR)


@pytest.mark.clause("R1", "R2")
def test_a_date_explains_itself_step_by_step() -> None:
    clock = evaluation_clock(date(2026, 3, 2), [(date(2026, 4, 1), date(2026, 4, 19))], CALENDAR, clause="P8.2", label="受理")
    assert clock.due is not None
    assert clock.due.clause == "P8.2"
    assert clock.due.explanation == "受理 2026-03-02 + 3个月 = 2026-06-02；停钟18天 → 2026-06-20；2026-06-20 非工作日 → 顺延至 2026-06-22"


@pytest.mark.clause("R1")
def test_the_working_days_left_out_are_told() -> None:
    due = working_days_after(date(2026, 2, 12), 5, CALENDAR, "M8.2", "收到")
    assert due.explanation == "收到 2026-02-12 + 5个工作日 = 2026-02-26；其间非工作日9天不计"


@pytest.mark.clause("R1")
def test_a_provisional_date_says_so_and_a_status_period_never_is() -> None:
    calendar = WorkingCalendar({}, {2026})
    due = days_after(date(2026, 12, 1), 60, calendar, "M46", "送达")
    assert due.provisional
    assert "暂定" in due.explanation
    assert not days_after(date(2026, 12, 1), 60, calendar, "M42.5", act_by=False).provisional
    assert not days_after(date(2026, 12, 1), 10, calendar, "M46").provisional
