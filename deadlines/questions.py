"""What anybody may ask of the period law: each answer explains itself (R1, R2, R4, R13)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from deadlines import periods
from deadlines.calendar import WorkingCalendar
from deadlines.periods import Computed


@dataclass(frozen=True)
class Question:
    """One thing to count: ``most`` is the largest number that makes sense, ``usual`` the number of the law."""

    title: str
    unit: str
    most: int
    usual: int
    answer: Callable[[date, int, WorkingCalendar], Computed]
    said: str  # what the day found is
    example: str


def _working(start: date, n: int, calendar: WorkingCalendar) -> Computed:
    return periods.working_days_after(start, n, calendar, "R1")


def _months(start: date, n: int, calendar: WorkingCalendar) -> Computed:
    return periods.months_after(start, n, calendar, "R1")


def _days(start: date, n: int, calendar: WorkingCalendar) -> Computed:
    return periods.days_after(start, n, calendar, "R1")


def _gate(start: date, n: int, calendar: WorkingCalendar) -> Computed:
    over = periods.months_after(start, n, calendar, "R1", act_by=False)
    opens = periods.gate_opens(start, n)
    return Computed(opens, "R1", (*over.steps, f"次日 {opens} 起可以"), provisional=False)


def _ban(start: date, n: int, calendar: WorkingCalendar) -> Computed:
    last = periods.add_years(start, n)
    opens = last + timedelta(days=1)
    return Computed(last, "R4", (f"{start} + {n}年 = {last}", f"次日 {opens} 起可以再次申请"), provisional=False)


def _term(start: date, n: int, calendar: WorkingCalendar) -> Computed:
    last = periods.term_last_day(start, n)
    return Computed(last, "R1", (f"{start} 起 {n}年，首尾两日都在有效期内，最后一日 = {last}",), provisional=False)


def _ahead(start: date, n: int, calendar: WorkingCalendar) -> Computed:
    last = periods.advance_notice_last_day(start, n)
    return Computed(last, "R1", (f"{start} − {n}个月 = {last}，遇休息日不顺延",), provisional=False)


def _since(start: date, n: int, calendar: WorkingCalendar) -> Computed:
    met = periods.add_months(start, n)
    return Computed(met, "R13", (f"{start} + {n}个月 = {met}，当日即为已满{n}个月",), provisional=False)


QUESTIONS: dict[str, Question] = {
    "working": Question("若干个工作日内办完", "个工作日", 500, 5, _working, "最后一日", "材料核对 5 个工作日、公示 5 个工作日"),
    "months": Question("若干个月内办完", "个月", 120, 3, _months, "最后一日", "受理后 3 个月内完成评估、6 个月内提起行政诉讼"),
    "days": Question("若干天内办完", "天", 3660, 60, _days, "最后一日", "60 日内申请行政复议"),
    "gate": Question("满若干个月以后才可以", "个月", 120, 3, _gate, "最早可以的一日", "评估不合格，结果送达满 3 个月后再次评估"),
    "ban": Question("若干年内不得再次申请", "年", 50, 1, _ban, "不得申请的最后一日", "再次评估不合格 1 年、以不正当手段申请 3 年"),
    "since": Question("运营、注册满若干个月", "个月", 120, 3, _since, "达到条件的第一日", "正式运营满 3 个月"),
    "term": Question("协议有效期若干年", "年", 50, 1, _term, "有效期最后一日", "年度协议 1 年"),
    "ahead": Question("至少提前若干个月提出", "个月", 120, 3, _ahead, "最迟提出的一日", "期满前 3 个月申请续签：填协议最后一日"),
}
