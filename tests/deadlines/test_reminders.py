"""Warnings before, escalation after, the switch, and who may read them."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from deadlines import clock, reminders
from deadlines.models import EffectSwitch, Reminder
from deadlines.switches import all_off, switch_off, switch_on
from deadlines.timers import sweep
from tests.deadlines.conftest import DUE, day_after, handle, period, put, wanted

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
DUE_IS_OVER = clock.at(day_after(DUE))
CLERK = SimpleNamespace(user_id=3, user_name="钱二")


def told() -> list[tuple[str, str, int]]:
    return list(Reminder.objects.order_by("id").values_list("role", "mark", "days_left"))


@pytest.mark.clause("M9.2", "M8.2", "R14")
def test_each_mark_is_sent_once_and_a_missed_duty_escalates(kind: Any) -> None:
    kind(warn_days=(15, 7, 3, 1), escalate_to=("city_agency", "district_agency"))
    put(wanted())
    day = DUE - 20 * DAY
    while day <= DUE + 5 * DAY:
        sweep(clock.at(day))
        sweep(clock.at(day, 12))
        day += DAY
    before = [("district_agency", str(n), n) for n in (15, 7, 3, 1)]
    assert told() == [*before, ("city_agency", "overdue", -1), ("district_agency", "overdue", -1)]


@pytest.mark.clause("M9.2")
def test_a_reminder_names_the_kind_the_day_the_clause_and_why(kind: Any) -> None:
    kind(warn_days=(3,))
    put(wanted())
    sweep(clock.at(date(2026, 3, 7)))
    reminder = Reminder.objects.get()
    assert reminder.text == "测试时限还有2天到期（2026-03-09，依据 M8.2）。计算：收到 2026-03-02 + 5个工作日 = 2026-03-09。"
    assert (reminder.district, reminder.institution_id, reminder.is_escalation) == ("110105", 7, False)


def test_late_warnings_collapse_into_the_latest(kind: Any) -> None:
    kind(warn_days=(15, 7, 3, 1))
    put(wanted())
    sweep(clock.at(DUE - 2 * DAY))
    assert told() == [("district_agency", "3", 2)]


def test_a_warning_is_looked_at_again_at_the_moment_of_sending(kind: Any) -> None:
    kind(warn_days=(3,))
    put(wanted())
    handle(resync=lambda case_id: put(wanted(state="met"), case_id=case_id))
    sweep(clock.at(DUE - 3 * DAY))
    assert told() == []


def test_a_kind_can_do_more_than_remind(kind: Any) -> None:
    seen = []
    kind("test_period", warn_days=(30,), on_warning=lambda row: seen.append((row.kind, row.due_on, clock.today())))
    put(period())
    sweep(clock.at(DUE - 30 * DAY))
    assert seen == [("test_period", DUE, DUE - 30 * DAY)]


@pytest.mark.clause("M3")
def test_an_office_reads_what_is_addressed_to_it(kind: Any) -> None:
    kind(escalate_to=("city_agency", "district_agency", "institution"))
    put(wanted(), case_id=1)
    put(wanted(), case_id=2, district="110106")
    sweep(DUE_IS_OVER)
    assert reminders.addressed_to("city_agency").count() == 2
    assert reminders.addressed_to("district_agency", "110106").get().deadline.case_id == 2
    assert reminders.addressed_to("institution", institution_id=7).count() == 2
    assert not reminders.addressed_to("institution", institution_id=8)
    assert not reminders.addressed_to("institution")
    assert not reminders.addressed_to("district_agency")
    assert not reminders.addressed_to("third_party")


@pytest.mark.clause("M8.2")
def test_that_the_own_office_missed_a_duty_is_told_to_its_supervisors(kind: Any) -> None:
    kind(warn_days=(1,), escalate_to=("city_agency", "district_agency"))
    put(wanted())
    sweep(clock.at(DUE - DAY))
    sweep(DUE_IS_OVER)
    supervisor = reminders.addressed_to("district_agency", "110105")
    assert {row.mark for row in supervisor} == {"1", "overdue"}
    clerk = reminders.addressed_to("district_agency", "110105", supervising=False)
    assert [row.mark for row in clerk] == ["1"]
    # The office above is told as a whole.
    assert [row.mark for row in reminders.addressed_to("city_agency", supervising=False)] == ["overdue"]


def test_a_provisional_date_is_told_as_provisional(kind: Any) -> None:
    kind(warn_days=(3,))
    due = wanted().due
    assert due is not None
    put(wanted(due=type(due)(DUE, due.clause, due.steps, True)))
    sweep(clock.at(DUE - 3 * DAY))
    assert "暂定" in Reminder.objects.get().text


def test_switched_off_effects_wait_but_the_missed_duty_is_told(kind: Any) -> None:
    dated = []
    kind(on_due=lambda row: dated.append((row.case_id, clock.now())), escalate_to=("city_agency",))
    with clock.frozen(clock.at(DUE)):
        switch_off("110105", "test_duty", CLERK, "规则待核")
    put(wanted(), case_id=1)
    put(wanted(), case_id=2, district="110106")
    for hours in range(3):
        swept = sweep(DUE_IS_OVER + timedelta(hours=hours))
    assert swept.looked == 0
    assert dated == [(2, DUE_IS_OVER)]
    assert told() == [("city_agency", "overdue", -1)] * 2
    with clock.frozen(DUE_IS_OVER + 3 * DAY):
        switch_on("110105", "test_duty", CLERK)
    sweep(DUE_IS_OVER + 3 * DAY)
    assert dated == [(2, DUE_IS_OVER), (1, DUE_IS_OVER)]
    assert len(told()) == 2


def test_a_switched_off_period_stays_due_and_does_not_block_the_others(kind: Any) -> None:
    kind("test_period", on_due=pytest.fail, warn_days=(3,))
    kind()
    switch_off("110105", "test_period", CLERK, "规则待核")
    put(period(DUE - DAY), wanted())
    sweep(clock.at(DUE - 4 * DAY))
    assert [mark for _, mark, _ in told()] == ["3"]
    swept = sweep(DUE_IS_OVER)
    assert (swept.fired, swept.done) == (1, True)
    assert sweep(DUE_IS_OVER).looked == 0


def test_the_switch_says_who_and_why_and_keeps_its_history() -> None:
    switch_off("110105", "term_end", CLERK, "系统核对")
    assert all_off() == {("110105", "term_end")}
    with pytest.raises(ValueError, match="已经停用"):
        switch_off("110105", "term_end", CLERK, "再次")
    switch_on("110105", "term_end", CLERK)
    with pytest.raises(ValueError, match="没有停用"):
        switch_on("110105", "term_end", CLERK)
    switch_off("110105", "term_end", CLERK, "第二次")
    assert [(row.reason, row.on_by_name) for row in EffectSwitch.objects.order_by("id")] == [("系统核对", "钱二"), ("第二次", "")]
    with pytest.raises(ValueError, match="理由"):
        switch_off("110106", "term_end", CLERK, " ")
    with pytest.raises(IntegrityError), transaction.atomic():
        EffectSwitch.objects.create(district="110107", kind="term_end", off_since=clock.now(), off_by_name="", reason="")
