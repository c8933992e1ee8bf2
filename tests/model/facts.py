"""What the model remembers of one institution: dated facts, no states."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.model.natures import BREACH, SERIOUS, VIOLATION

DAY = timedelta(days=1)
CAP = 180  # days of a suspension at request, both ends counted (R6)


@dataclass
class Suspension:
    """R6. ``last`` is the stated or granted last day; ``cap`` day 180 or what was recorded instead (R14)."""

    imposed: bool
    first: date
    last: date
    decided_on: date
    cap: date
    asked_on: date | None = None
    resumed_on: date | None = None
    passed: bool | None = None

    def runs_through(self, others: list[Suspension]) -> date | None:
        """Its last day; None: until something else ends it."""
        if self.imposed:
            return None if self.passed is False else self.last
        cut = min((other.first - DAY for other in others if other.imposed and other.first > self.first), default=date.max)
        ends = [day for day in (self.resumed_on, cut) if day not in (None, date.max)]
        return min(ends) if ends else None

    def lapses_on(self, others: list[Suspension]) -> date | None:
        """M42.5: the last day of the agreement, where day 180 passes and nobody asked to resume."""
        through = self.runs_through(others)
        if self.imposed or (self.asked_on and self.asked_on <= self.cap) or (through and through <= self.cap):
            return None
        return self.cap


@dataclass
class Termination:
    """R5. ``natures`` has one for each ground; a request has none and ground 12 or 15."""

    grounds: tuple[int, ...]
    natures: frozenset[str]
    decided_on: date
    effective: date
    persons: frozenset[str] = frozenset()
    penalty_open: bool = True
    liability_open: bool = True
    penalty_done: date | None = None
    liability_done: date | None = None
    by_request: bool = False
    released: bool = True  # False while the full check is open (R9)

    def owes(self, what: str) -> bool:
        """Whether its penalty, or its liability, is still to be carried out (R4)."""
        if what == "penalty":
            return bool(self.natures & {VIOLATION, SERIOUS}) and self.penalty_open and not self.penalty_done
        return BREACH in self.natures and self.liability_open and not self.liability_done


@dataclass
class Change:
    """A change of data reported under an agreement (M40); ``due``: last day to report a major one."""

    data: str
    value: str
    reported_on: date
    due: date | None
    approved: bool = False


@dataclass
class Life:
    """One signed agreement with all its renewals: terms that follow one another without a gap."""

    terms: list[tuple[date, date]]
    suspensions: list[Suspension] = field(default_factory=list)
    termination: Termination | None = None
    renewal_asked: bool = False  # for the last term
    not_renewed: bool = False
    leaving_waits: bool = False  # asked not to be renewed, not answered
    changes: list[Change] = field(default_factory=list)
    barred_person_on: date | None = None  # a change brought in a barred person (M43(10))
    under: tuple[str, int] | None = None  # of a supplementary one: whose main agreement, and which (M5.2)
    main: Life | None = None  # that agreement; the world ties it

    @property
    def all_suspensions(self) -> list[Suspension]:
        """Its own and those of its main agreement."""
        return self.suspensions + (self.main.suspensions if self.main else [])

    @property
    def terminations(self) -> list[Termination]:
        """Its own and that of its main agreement."""
        own = [self.termination] if self.termination else []
        return own + (self.main.terminations if self.main else [])

    @property
    def ending(self) -> Termination:
        """The termination that ends it."""
        return min((each for each in self.terminations if each.released), key=lambda each: each.effective)

    @property
    def first(self) -> date:
        return self.terms[0][0]

    @property
    def last(self) -> date:
        return self.terms[-1][1]

    def suspended_on(self, day: date) -> Suspension | None:
        """The suspension that a day lies in, whatever else ended the agreement."""
        for each in reversed(self.suspensions):
            through = each.runs_through(self.suspensions)
            if each.first <= day and (through is None or day <= through):
                return each
        return self.main.suspended_on(day) if self.main else None

    def end(self) -> tuple[date, str]:
        """Last day in force and what ends it: term, suspended (term end while suspended), lapse or terminated."""
        ends = [(self.last, 0, "suspended" if self.suspended_on(self.last) else "term")]
        for each in self.suspensions:
            lapse = each.lapses_on(self.suspensions)
            if lapse:
                ends.append((lapse, 1, "lapse"))
        if self.termination and self.termination.released:
            ends.append((self.termination.effective - DAY, 2, "terminated"))
        if self.main:
            with_main, how = self.main.end()
            ends.append((with_main, {"terminated": 2, "lapse": 1}.get(how, 0), how))
        last, _, how = min(ends)
        return last, how

    def state(self, day: date) -> str:
        last, how = self.end()
        if how == "terminated" and day > last:
            return "terminated"
        if day < self.first:
            return "pending"
        if day > last:
            return "expired"
        return "suspended" if self.suspended_on(day) else "active"

    def term_on(self, day: date) -> tuple[date, date]:
        for term in self.terms:
            if term[0] <= day <= term[1]:
                return term
        return self.terms[-1] if day > self.last else self.terms[0]


@dataclass
class Filing:
    """An open application: submitted, accepted, then in public notice from a day on."""

    accepted: bool = False
    notice_last: date | None = None


@dataclass
class Penalty:
    recorded_on: date
    by: date | None
    done: date | None = None

    def barring_from(self) -> date:
        return self.by + DAY if self.by else self.recorded_on


@dataclass
class Part:
    """A person or a department suspended or ended for settlement (M45, I5)."""

    name: str
    is_person: bool
    first: date
    last: date | None
    decided_on: date


@dataclass
class Institution:
    kind: str
    posts: dict[str, str]  # legal_representative, principal, controller → who
    public: bool = False
    chain: str = ""
    parent: str = ""  # the physical institution of an internet hospital (M5.2)
    lives: list[Life] = field(default_factory=list)
    filing: Filing | None = None
    holds: list[list[date | None]] = field(default_factory=list)  # [from, released on]
    parts: list[Part] = field(default_factory=list)
    penalties: list[Penalty] = field(default_factory=list)
    frauds: list[date] = field(default_factory=list)
    second_fails: list[date] = field(default_factory=list)
    asked_suspension: tuple[date, int] | None = None
    asked_termination: date | None = None
    full_check: bool = False
    unclear_on: date | None = None  # a day on which the texts leave the answers open

    @property
    def people(self) -> set[str]:
        """Those in the three posts."""
        return set(self.posts.values())

    @property
    def life(self) -> Life | None:
        return self.lives[-1] if self.lives else None

    def living(self, day: date) -> bool:
        """An agreement pending, in force or suspended."""
        return bool(self.life and self.life.state(day) in ("pending", "active", "suspended"))
