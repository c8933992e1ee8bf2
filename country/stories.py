"""What may have happened to an institution, as dated facts told from today (R4–R9). Pure: no rows, no ids of a database.

A story numbers its facts from 1 in the order recorded, over all its agreements; the rules fold them as they fold real ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from casework.facts import PlainFact
from deadlines import clock
from deadlines.periods import add_months, advance_notice_last_day, term_last_day

VARIANTS = 24
STEP = 15
"""Terms of this year began on one of so many days, a fortnight apart, the last one some days ago."""


@dataclass
class Plan:
    """One agreement of a story; ``previous``: the number of the one that it renewed."""

    first_day: date
    last_day: date
    kind: str = "annual"
    previous: int | None = None
    facts: list[PlainFact] = field(default_factory=list)


@dataclass
class Story:
    """The facts of one institution: of its agreements, of an application, of its standing (``person``: of somebody in its posts)."""

    kind: str
    today: date
    start: date
    plans: list[Plan] = field(default_factory=list)
    application: list[PlainFact] = field(default_factory=list)
    standing: list[tuple[PlainFact, bool]] = field(default_factory=list)
    count: int = 0

    def fact(self, of: list[PlainFact], kind: str, recorded: date, on: date | None = None, /, **data: Any) -> int:
        """Record a fact at 9 o'clock of a day."""
        self.count += 1
        plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in data.items()}
        of.append(PlainFact(kind, on or recorded, plain, self.count, clock.at(recorded, 9)))
        return self.count

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def ahead(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def sign(self, first: date, *, previous: int | None = None, years: int = 1, taken_over_on: date | None = None) -> Plan:
        """An agreement signed and filed before its first day, or taken over from paper."""
        plan = Plan(first, term_last_day(first, years), "fixed" if years > 1 else "annual", previous)
        signed = taken_over_on or first - timedelta(days=12)
        over = {"taken_over": True} if taken_over_on else {}
        self.fact(plan.facts, "signed", signed, first, **{"from": first, "to": plan.last_day}, **over)
        self.fact(plan.facts, "filed", taken_over_on or first - timedelta(days=10))
        self.plans.append(plan)
        return plan

    def chain(self, terms: int, taken_over: bool = False) -> Plan:
        """Terms of a year, each renewed in time; the last began on the story's start."""
        plan = None
        for back in range(terms - 1, -1, -1):
            first = add_months(self.start, -12 * back)
            if plan is not None:
                asked = self.ask_renewal(plan)
                day = plan.last_day - timedelta(days=40)
                self.fact(plan.facts, "renewal_decided", day, of=asked, agreed=True, agreement=len(self.plans) + 1)
            over = first + timedelta(days=30) if taken_over and plan is None else None
            plan = self.sign(first, previous=len(self.plans) or None, taken_over_on=over)
        assert plan is not None
        if advance_notice_last_day(plan.last_day) <= self.ahead(20):
            self.ask_renewal(plan)
        return plan

    def ask_renewal(self, plan: Plan) -> int:
        day = min(advance_notice_last_day(plan.last_day) - timedelta(days=20), self.today)
        return self.fact(plan.facts, "renewal_requested", day)


def steady(story: Story) -> None:
    story.chain(1)


def renewed(story: Story) -> None:
    story.chain(2)


def long_known(story: Story) -> None:
    """The oldest of three terms was taken over from paper."""
    story.chain(3, taken_over=True)


def fixed(story: Story) -> None:
    story.sign(add_months(story.start, -6), years=2)


def suspended(story: Story) -> None:
    """Imposed, running, reported to the bureau in time."""
    plan = story.chain(1)
    first = story.ago(40)
    ground = "M42.6(1)" if story.kind == "hospital" else "P39.5(1)"
    decided = story.fact(plan.facts, "suspended", first, **{"from": first, "to": min(story.ahead(60), plan.last_day)}, ground=ground)
    story.fact(plan.facts, "reported", story.ago(38), of=decided)


def suspended_once(story: Story) -> None:
    """Imposed in the past; rectified."""
    plan = story.chain(2)
    first = plan.first_day + timedelta(days=20)
    ground = "M42.6(2)" if story.kind == "hospital" else "P39.5(2)"
    decided = story.fact(plan.facts, "suspended", first, **{"from": first, "to": first + timedelta(days=29)}, ground=ground)
    story.fact(plan.facts, "reported", first + timedelta(days=1), of=decided)
    story.fact(plan.facts, "rectification_recorded", first + timedelta(days=25), of=decided, passed=True)


def pause_wanted(story: Story) -> None:
    plan = story.chain(1)
    first = min(story.ahead(100), plan.last_day - timedelta(days=30))
    asked = first - timedelta(days=95)
    story.fact(plan.facts, "suspension_requested", min(asked, story.today), **{"from": first, "to": first + timedelta(days=29)})


def paused(story: Story) -> None:
    """At request, running, the last day not reached."""
    plan = story.chain(1)
    first, last = story.ago(20), story.ahead(30)
    asked = story.fact(plan.facts, "suspension_requested", story.ago(120), **{"from": first, "to": last})
    story.fact(plan.facts, "suspension_decided", story.ago(110), of=asked, granted=True, **{"from": first, "to": last})


def terminated_for_breach(story: Story) -> None:
    _terminated(story, 13 if story.kind == "hospital" else 16, "serious_breach")


def terminated_for_violation(story: Story) -> None:
    _terminated(story, 11 if story.kind == "hospital" else 12, "violation")


def terminated_for_fraud(story: Story) -> None:
    """A serious violation: its person is barred for five years (M12.7)."""
    _terminated(story, 3 if story.kind == "hospital" else 4, "serious_violation")
    day = story.standing[0][0].on
    keep: list[PlainFact] = []
    story.fact(keep, "barred_person", day, institution_kind=story.kind, where="原定点机构")
    story.standing.append((keep[0], True))


def _terminated(story: Story, item: int, nature: str) -> None:
    plan = story.chain(2)
    day = plan.first_day + timedelta(days=15)
    ground = f"M43({item})" if story.kind == "hospital" else f"P40({item})"
    owed = {"penalty_open": False, "liability_open": nature == "serious_breach"}
    story.plans[-1].facts[:] = [fact for fact in plan.facts if fact.kind != "renewal_requested"]
    decided = story.fact(plan.facts, "terminated", day, grounds=[ground], natures=[nature], decided_on=day, **owed)
    story.fact(plan.facts, "reported", day + timedelta(days=1), of=decided)
    keep: list[PlainFact] = []
    story.fact(keep, "termination", day, natures=[nature], grounds=[ground], decided_on=day, application=None, **owed)
    story.standing.append((keep[0], False))


def left(story: Story) -> None:
    """Terminated at its own request (M44)."""
    plan = story.chain(2)
    story.plans[-1].facts[:] = [fact for fact in plan.facts if fact.kind != "renewal_requested"]
    asked_on = plan.first_day + timedelta(days=5)
    effective = add_months(asked_on, 4)
    asked = story.fact(plan.facts, "termination_requested", asked_on, effective=effective)
    story.fact(plan.facts, "termination_decided", asked_on + timedelta(days=9), of=asked, granted=True, effective=effective)


def lapsed(story: Story) -> None:
    """The term ran out and nobody asked for another."""
    story.sign(add_months(story.start, -12))


def ending(story: Story) -> None:
    """The term ends with the story's last day: what a timer finds due at midnight."""
    first = add_months(story.today + timedelta(days=1), -12)
    story.sign(first)
    story.plans[-1].last_day = story.today
    story.plans[-1].facts[0] = replace(story.plans[-1].facts[0], data={"from": first.isoformat(), "to": story.today.isoformat()})


def change_reported(story: Story) -> None:
    plan = story.chain(1)
    field_ = "bank_account" if story.kind == "hospital" else "address"
    story.fact(plan.facts, "change_reported", story.ago(2), field=field_, value="已变更", approved_on=story.ago(9), major=True, late=False)


def change_made(story: Story) -> None:
    plan = story.chain(2)
    day = plan.first_day + timedelta(days=1)
    of = story.fact(plan.facts, "change_reported", day, field="phone", value="010-60000000", approved_on=None, major=False, late=False)
    story.fact(plan.facts, "change_decided", day, of=of, approved=True)


def held(story: Story) -> None:
    story.fact(story.chain(1).facts, "held", story.ago(2), clause="M38.2" if story.kind == "hospital" else "P35.2")


def department_suspended(story: Story) -> None:
    plan, first = story.chain(1), story.ago(2)
    last = min(story.ahead(40), plan.last_day)
    story.fact(plan.facts, "part_suspended", first, department="外科", person=None, ended=False, **{"from": first, "to": last})


def case_open(story: Story) -> None:
    story.fact(story.chain(1).facts, "case_opened", story.ago(2), ground="M43(6)", reason="重大信息变更未办理")


def nothing(story: Story) -> None:
    """Never designated, never asked."""


def penalised(story: Story) -> None:
    """A penalty not carried out bars it until it is (M12.3)."""
    keep: list[PlainFact] = []
    story.fact(keep, "penalty", story.ago(60), by=story.ago(20))
    story.standing.append((keep[0], False))


def applying(story: Story) -> None:
    story.fact(story.application, "drafted", story.ago(3))
    story.fact(story.application, "filed", story.ago(1))


def accepted(story: Story) -> None:
    """Accepted, its evaluation due; so many days ago as the variant of the story says."""
    day = story.ago(7 + (story.today - story.start).days % 60)
    story.fact(story.application, "drafted", day - timedelta(days=2))
    story.fact(story.application, "filed", day)
    story.fact(story.application, "accepted", day)


Tell = Callable[[Story], None]
# Story → weight in a thousand institutions.
WEIGHTS: dict[Tell, int] = {
    steady: 280, renewed: 260, long_known: 90, fixed: 20, suspended: 12, suspended_once: 20, pause_wanted: 15, paused: 8,
    terminated_for_breach: 15, terminated_for_violation: 8, terminated_for_fraud: 4, left: 12, lapsed: 30, change_reported: 45,
    change_made: 25, held: 4, department_suspended: 6, case_open: 6, nothing: 85, penalised: 5, applying: 20, accepted: 30,
}  # fmt: skip


def tell(story: Tell, kind: str, today: date, variant: int) -> Story:
    """A story on its days. What needs a term of some length begins far enough back and ends far enough ahead."""
    if story in (
        suspended,
        suspended_once,
        paused,
        terminated_for_breach,
        terminated_for_violation,
        terminated_for_fraud,
        left,
        change_made,
    ):
        variant = 9 + variant % 8
    elif story in (pause_wanted, change_reported, held, department_suspended, case_open):
        variant = 2 + variant % 8
    told = Story(kind, today, today - timedelta(days=3 + STEP * variant))
    story(told)
    return told
