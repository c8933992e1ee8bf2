"""Deadlines of an agreement's life, derived from its fold: the same rows for desk, timers, API and replay (R1, R6, R11, R14)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from agreements.suspensions import Suspension
from agreements.term import Term
from deadlines.calendar import WorkingCalendar
from deadlines.periods import Computed, advance_notice_last_day, days_after, months_after, working_days_after
from deadlines.wanted import State, WantedDeadline
from law.clauses import numbered
from offices import settings as office_settings

if TYPE_CHECKING:
    from agreements.models import Agreement

ONE_DAY = timedelta(days=1)
CITY, DISTRICT, INSTITUTION = "city_agency", "district_agency", "institution"
FILING_DAYS = 30
AFTER_SUSPENSION_DAYS = 10

# Wakes the timer where the calendar alone changes a stored state; announced to nobody.
STATE_CHANGE = "state_change"


def wanted(agreement: Agreement, term: Term, calendar: WorkingCalendar, day: date) -> list[WantedDeadline]:
    """Every deadline the agreement has or had, with its state on a day."""
    if term.annulled:
        return []
    listing = _Listing(agreement.institution.kind, agreement.kind, term, calendar, day)
    rows = [*listing.ends(), *listing.renewals(), *listing.suspensions(), *listing.hearings()]
    rows += [*listing.changes(), *listing.decisions()]
    since = term.taken_over_on
    rows = [row for row in rows if since is None or (row.due is not None and row.due.day >= since)]
    return [*rows, *listing.next_change(rows)]


def renewal_last_day(kind: str, term: Term, calendar: WorkingCalendar) -> Computed:
    """The last day to ask for renewal without being late: 3 months ahead, or 10 working days after a suspension (M41.1, R6)."""
    clause = numbered("M41.1", kind)
    last = advance_notice_last_day(term.last_day)
    usual = Computed(last, clause, (f"协议期满 {term.last_day} − 3个月 = {last}",), provisional=False)
    if kind != "hospital":
        return usual
    later = [each.last_day for each in term.all_suspensions if each.stands and each.last_day is not None and each.last_day >= last]
    over = [day for day in later if day < term.ended_on]
    return working_days_after(max(over), AFTER_SUSPENSION_DAYS, calendar, clause, "中止期结束") if over else usual


class _Listing:
    """One listing: everything it needs at hand."""

    def __init__(self, kind: str, agreement_kind: str, term: Term, calendar: WorkingCalendar, day: date):
        self.kind, self.agreement_kind, self.term, self.calendar, self.day = kind, agreement_kind, term, calendar, day

    def clause(self, clause: str) -> str:
        return numbered(clause, self.kind)

    def period(
        self, kind: str, key: str, due: Computed, responsible: str, starts: date | None, *, cancelled: bool = False
    ) -> WantedDeadline:
        state: State = "cancelled" if cancelled else "met" if self.day > due.day else "open"
        return WantedDeadline(kind, key, due, state, "period", due.clause, responsible, starts)

    def duty(
        self,
        kind: str,
        key: str,
        due: Computed,
        done_on: date | None,
        responsible: str,
        starts: date | None,
        *,
        over_on: date | None = None,
    ) -> WantedDeadline:
        state: State = "missed" if self.day > due.day else "open"
        if done_on is not None and done_on <= due.day:
            state = "met"
        elif over_on is not None and over_on <= due.day and done_on is None and self.day >= over_on:
            state = "cancelled"
        return WantedDeadline(kind, key, due, state, "duty", due.clause, responsible, starts)

    def stated(self, clause: str, day: date, words: str) -> Computed:
        return Computed(day, self.clause(clause), (f"{words} {day}",), provisional=False)

    def ends(self) -> Iterator[WantedDeadline]:
        """The end of the term (M41.3)."""
        term = self.term
        early = term.ended_on < term.last_day and self.day > term.ended_on
        end = self.stated("M41.3", term.last_day, "协议有效期至")
        yield self.period("term_end", "first", end, CITY, term.first_day, cancelled=early)

    def renewals(self) -> Iterator[WantedDeadline]:
        """The last day to ask for renewal (M41.1)."""
        if self.agreement_kind == "supplementary":
            return
        term, due = self.term, renewal_last_day(self.kind, self.term, self.calendar)
        kept = [each for each in term.renewals if each.withdrawn_on is None]
        asked = next((each for each in kept if each.wanted), None)
        other = next((each.on for each in kept if not each.wanted), None)
        over = min((day for day in (other, term.ended_on + ONE_DAY if term.ended_on < term.last_day else None) if day), default=None)
        yield self.duty("renewal_application", "first", due, asked.on if asked else None, INSTITUTION, term.first_day, over_on=over)

    def suspensions(self) -> Iterator[WantedDeadline]:
        """Last day stated or granted, day 180, the check of the rectification (M42, R6, R14)."""
        for each in self.term.suspensions:
            if each.stands:
                yield from self._suspension(each)

    def _suspension(self, each: Suspension) -> Iterator[WantedDeadline]:
        term, key = self.term, str(each.id)
        stated = self.stated("M42.2", each.stated_last, "中止期至")
        gone = each.last_day is not None and each.last_day < each.stated_last and self.day > each.last_day
        ended = term.ended_on < each.stated_last and self.day > term.ended_on and not self._carried()
        yield self.period("suspension_end", key, stated, CITY, each.first_day, cancelled=gone or ended)
        if each.cap is not None:
            cap = self.stated("M42.5", each.cap, "中止第180日")
            if each.prevented_to is not None:
                cap = self.stated("M42.5", each.cap, "另定的终止日")
            ended = term.ended_on < each.cap and self.day > term.ended_on and not self._carried()
            yield self.period("suspension_cap", key, cap, CITY, each.first_day, cancelled=each.lapses_on is None or ended)
        if each.imposed:
            over = term.ended_on + ONE_DAY if term.ended_on < each.stated_last and not self._carried() else None
            check = self.stated("M43.1", each.stated_last, "中止期内整改至")
            yield self.duty("rectification", key, check, each.rectified_on, DISTRICT, each.first_day, over_on=over)

    def _carried(self) -> bool:
        """Whether a suspension goes on beyond the term, because the agreement was renewed (R6)."""
        term = self.term
        return term.ended_on == term.last_day and term.renewal is not None and bool(term.renewal.agreed)

    def hearings(self) -> Iterator[WantedDeadline]:
        """The days to be heard before an adverse decision: a period through its last day, also where all was said before (M38.6)."""
        for each in self.term.intentions:
            if each.urgent:
                continue
            days = self.calendar.working_days_between(each.on, each.last_day)
            due = working_days_after(each.on, days, self.calendar, self.clause("M38.6"), "拟处理告知书送达")
            gone = each.dropped_on is not None and each.dropped_on <= due.day
            yield self.period("hearing", str(each.id), due, INSTITUTION, each.on, cancelled=gone)

    def changes(self) -> Iterator[WantedDeadline]:
        """30 working days from the authority's approval (M40.1)."""
        for each in self.term.changes:
            if each.major and each.approved_by_authority_on is not None and each.withdrawn_on is None:
                due = working_days_after(each.approved_by_authority_on, FILING_DAYS, self.calendar, self.clause("M40.1"), "主管部门批准")
                yield self.duty("change_filing", str(each.id), due, each.on, INSTITUTION, each.approved_by_authority_on)

    def decisions(self) -> Iterator[WantedDeadline]:
        """Report to the bureau, and the remedies, of each adverse decision (M49.2, R11)."""
        term = self.term
        reported = [(each.id, each.decided_on) for each in term.suspensions if each.imposed]
        reported += [(each.id, each.decided_on) for each in term.decisions if not each.at_request]
        reported += [(each.id, each.decided_on) for each in term.parts]
        refused = [(each.id, each.decided_on) for each in term.suspensions if each.granted is False]
        refused += [(each.id, each.decided_on) for each in term.requests if each.granted is False]
        refused += [(each.id, each.decided_on) for each in term.renewals if each.wanted and each.agreed is False]
        for id_, on in [*reported, *refused]:
            if on is None:
                continue
            key = str(id_)
            if (id_, on) in reported:
                yield self._report(key, id_, on)
            served = term.served.get(id_, on)
            reconsideration = days_after(served, 60, self.calendar, "R11", "决定送达")
            lawsuit = months_after(served, 6, self.calendar, "R11", "决定送达")
            yield self.period("reconsideration", key, reconsideration, INSTITUTION, served)
            yield self.period("lawsuit", key, lawsuit, INSTITUTION, served)

    def _report(self, key: str, id_: int, on: date) -> WantedDeadline:
        days = int(office_settings.value("bureau_report_days", on))
        due = working_days_after(on, days, self.calendar, self.clause("M49.2"), "决定作出")
        return self.duty("bureau_report", key, due, self.term.reported.get(id_), CITY, on)

    def next_change(self, rows: list[WantedDeadline]) -> Iterator[WantedDeadline]:
        """The last day before the calendar changes the state, where no other row wakes the timer then."""
        start = next((each.first_day for each in self.term.spans if each.first_day > self.day), None)
        if start is None:
            return
        due = Computed(start - ONE_DAY, "R7", (f"{start}起状态变化",), provisional=False)
        if not any(row.due is not None and row.due.day == due.day and row.state == "open" for row in rows):
            yield WantedDeadline(STATE_CHANGE, "next", due, "open", "period", "R7", "", due.day)
