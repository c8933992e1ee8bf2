"""A small second reading of the law: what each step does and why it is refused, without a line of the product.

Written from the readings R1–R14 alone. Where they leave an outcome open, ``Open`` is raised and the step is not tried.
A step is a mapping as in a written case, days as dates.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from tests.model import answers
from tests.model.answers import ground, own
from tests.model.facts import CAP, DAY, Filing, Institution, Life, Part, Penalty, Suspension, Termination
from tests.model.natures import BREACH, SERIOUS, VIOLATION, by_ground
from tests.model.periods import Working, latest_notice, plus_days, plus_months, plus_working_days, term_of_years

NOTICE_DAYS = 5  # R12
Refused = set[str]


class Open(Exception):
    """The texts do not decide this."""


class World:
    """Institutions, the dishonest list, and what was known when."""

    def __init__(self, institutions: dict[str, Institution], chains: Mapping[str, set[str]], working: Working):
        self.institutions, self.chains, self.working = institutions, chains, working
        self.dishonest: set[str] = set()
        self.before: dict[str, tuple[str, Institution]] = {}  # last adverse decision of each → its word, and how things stood
        self.known: list[tuple[date, dict[str, Institution]]] = []
        self.today = date.min

    # Asking ------------------------------------------------------------------------------------------------------------

    def agreement(self, who: str) -> dict[str, Any]:
        return answers.agreement(self.institutions[who], self.today)

    def bans(self, who: str) -> set[tuple[str, date | None]]:
        return answers.bans(self.institutions, self.dishonest, self.institutions[who], self.today)

    def may_apply(self, who: str) -> dict[str, Any]:
        return answers.may_apply(self.institutions, self.dishonest, self.institutions[who], self.today)

    def settlement(self, who: str, service_on: date, known_on: date | None = None, **case: Any) -> dict[str, Any] | None:
        """``known_on``: by what had been recorded at the end of that day."""
        if known_on is None:
            return answers.settlement(self.institutions[who], self.today, service_on, **case)
        then = [houses for day, houses in self.known if day <= known_on]
        return answers.settlement(then[-1][who], self.today, service_on, **case) if then else None

    # Doing -------------------------------------------------------------------------------------------------------------

    def do(self, word: str, who: str, **given: Any) -> Refused:
        """Why the step is refused: clauses of which each must be told; empty: done. Raises Open."""
        act: Callable[..., Refused] = getattr(self, f"_{word}")
        kept = copy.deepcopy(self.institutions)
        try:
            refused = act(who, **given)
        except Open:
            self.institutions = kept
            raise
        if refused:
            return refused
        if word in ("terminate", "suspend", "hold_settlement", "suspend_part") and not given.get("head"):
            self.before[who] = (word, kept[who])
        elif word not in ("void", "annul", "list_dishonest", "unlist_dishonest"):
            self.before.pop(who, None)
        self.remember()
        return set()

    def remember(self) -> None:
        self.known.append((self.today, copy.deepcopy(self.institutions)))

    # The road ----------------------------------------------------------------------------------------------------------

    def _apply(self, who: str) -> Refused:
        house = self.institutions[who]
        refused = {clause for clause, _ in self.bans(who)}
        if house.full_check:
            refused.add("I12")
        if house.living(self.today) or house.filing:
            return {"state"}
        if not refused:
            house.filing = Filing()
            house.asked_suspension = house.asked_termination = None
        return refused

    def _accept(self, who: str) -> Refused:
        house = self.institutions[who]
        if house.filing is None or house.filing.accepted:
            return {"state"}
        refused = {clause for clause, _ in self.bans(who)}
        house.filing.accepted = not refused
        return refused

    def _withdraw(self, who: str) -> Refused:
        house = self.institutions[who]
        if house.filing is None:
            return {"state"}
        house.filing = None
        return set()

    def _evaluate(self, who: str) -> Refused:
        """From the team to the public notice in one day."""
        house = self.institutions[who]
        if house.filing is None or not house.filing.accepted or house.filing.notice_last:
            raise Open
        house.filing.notice_last = plus_working_days(self.today, NOTICE_DAYS, self.working)
        return set()

    def _sign(self, who: str) -> Refused:
        house = self.institutions[who]
        if house.filing is None or house.filing.notice_last is None:
            raise Open
        refused = {clause for clause, _ in self.bans(who)}
        if self.today <= house.filing.notice_last:
            refused.add(own("M9.5", house))
        if not refused:
            house.lives.append(Life([(self.today, term_of_years(self.today, 1))]))
            house.filing = None
        return refused

    # Suspension (R6, R9, R14) ------------------------------------------------------------------------------------------

    def _alive(self, who: str) -> Life | None:
        """The agreement if it lives; Open while a termination is decided but not yet in effect."""
        house = self.institutions[who]
        life = house.life
        if life is None or not house.living(self.today):
            return None
        if life.termination and not life.termination.by_request:
            raise Open
        return life

    def _state(self, who: str) -> str:
        life = self.institutions[who].life
        return life.state(self.today) if life else "none"

    def _current(self, who: str, imposed: bool) -> Suspension | None:
        life = self._alive(who)
        found = life.suspended_on(self.today) if life else None
        return found if found and found.imposed == imposed else None

    def _suspend(self, who: str, first: date, last: date) -> Refused:
        house, life = self.institutions[who], self._alive(who)
        running = life.suspended_on(self.today) if life else None
        if life is None or self._state(who) == "pending" or (running and running.imposed):
            return {"state"}
        if first < self.today or (last - first).days + 1 > 180:
            return {own("M42.6", house)}
        ahead = [each for each in life.suspensions if each.first > self.today]
        if last < first or ahead or first > life.end()[0] or house.asked_suspension or life.termination or len(life.terms) > 1:
            raise Open
        if running and not running.imposed and (first > running.cap or running.resumed_on or first == running.first):
            raise Open
        if house.kind == "hospital" and life.renewal_asked:
            raise Open
        life.suspensions.append(Suspension(True, first, last, self.today, date.max))
        return set()

    def _record_rectification(self, who: str, passed: bool) -> Refused:
        suspended = self._current(who, imposed=True)
        if suspended is None:
            return {"state"}
        if suspended.passed is not None:
            raise Open
        suspended.passed = passed
        return set()

    def _amend_suspension(self, who: str, to: date) -> Refused:
        suspended = self._current(who, imposed=True)
        if suspended is None:
            raise Open
        if not self.today < to < suspended.last or suspended.passed is False:
            raise Open
        suspended.last = to
        return set()

    def _request_suspension(self, who: str, first: date, days: int) -> Refused:
        house, life = self.institutions[who], self._alive(who)
        if life is None or self._state(who) != "active":
            return {"state"}
        refused = set()
        if self.today > latest_notice(first):
            refused.add(own("M44.1", house))
        if days > CAP:
            refused.add(own("M42.4", house))
        ahead = [each for each in life.suspensions if each.first > self.today]
        if not refused:
            if house.asked_suspension or house.asked_termination or ahead or life.termination or len(life.terms) > 1 or first > life.last:
                raise Open
            house.asked_suspension = (first, days)
        return refused

    def _decide_suspension(self, who: str, granted: bool = True, exception: bool = False) -> Refused:
        house, life = self.institutions[who], self._alive(who)
        if house.asked_suspension is None:
            return {"state"}
        first, days = house.asked_suspension
        if life is None or self._state(who) != "active" or self.today >= first:
            raise Open
        if granted and house.public and not exception:
            return {"M44.2"}
        house.asked_suspension = None
        if granted:
            if len(life.terms) > 1 or life.renewal_asked:
                raise Open
            last, cap = plus_days(first, days - 1), plus_days(first, CAP - 1)
            life.suspensions.append(Suspension(False, first, last, self.today, cap))
        return set()

    def _request_resumption(self, who: str) -> Refused:
        suspended = self._current(who, imposed=False)
        if suspended is None:
            return {"state"}
        if suspended.asked_on:
            raise Open
        suspended.asked_on = self.today
        return set()

    def _resume(self, who: str) -> Refused:
        suspended = self._current(who, imposed=False)
        if suspended is None or suspended.asked_on is None:
            return {"state"}
        if suspended.resumed_on:
            raise Open
        suspended.resumed_on = self.today
        return set()

    def _prevent_lapse(self, who: str, to: date) -> Refused:
        suspended, life = self._current(who, imposed=False), self.institutions[who].life
        if suspended is None:
            raise Open
        assert life
        if (
            suspended.asked_on
            or suspended.cap != plus_days(suspended.first, CAP - 1)
            or not suspended.cap < to < life.last
            or self.today >= suspended.cap
        ):
            raise Open
        suspended.cap = to
        return set()

    # Termination (R5, R9, R10) -----------------------------------------------------------------------------------------

    def _terminate(
        self,
        who: str,
        grounds: tuple[int, ...],
        nature: str | None = None,
        reason: bool = False,
        effective: date | None = None,
        persons: frozenset[str] | None = None,
        head: str | None = None,
        penalty_open: bool = True,
        liability_open: bool = True,
    ) -> Refused:
        house, life = self.institutions[who], self._alive(who)
        if life is None:
            return {"state"}
        default = {number: by_ground(house.kind)[number] for number in grounds}
        unstated = {number for number, usual in default.items() if usual is None and nature is None}
        deviating = {number for number, usual in default.items() if usual and nature not in (None, usual)}
        wrong = unstated | (set() if reason else deviating)
        if wrong:
            return {ground(number, house) for number in wrong}
        if len(grounds) > 1 and nature:
            raise Open
        natures = frozenset(nature or usual for usual in default.values() if nature or usual)
        starts = effective or self.today
        if starts < self.today or starts > life.end()[0] or (life.termination is not None):
            raise Open
        if any(not each.imposed and each.lapses_on(life.suspensions) == starts - DAY for each in life.suspensions):
            raise Open
        others = self._cascade(who, head, natures) if head else []
        if head and not natures & {VIOLATION, SERIOUS}:
            if natures == {BREACH} or natures == {"none"}:
                return {"P40.14"}
            raise Open
        named = (persons if persons is not None else frozenset(house.posts)) | ({head} if head else frozenset())
        behind = named if SERIOUS in natures else frozenset()
        if head and (starts != self.today or penalty_open or persons is not None or len(grounds) > 1):
            raise Open
        life.termination = Termination(grounds, natures, self.today, starts, behind, penalty_open, liability_open)
        house.asked_suspension = house.asked_termination = None
        for other in others:
            branch = self.institutions[other]
            branch.filing = None
            if branch.living(self.today):
                assert branch.life
                assert head
                at_fault = frozenset({head}) if SERIOUS in natures else frozenset()
                branch.life.termination = Termination((14,), natures, self.today, starts, at_fault, penalty_open, liability_open)
                self.before.pop(other, None)
        return set()

    def _cascade(self, who: str, head: str, natures: frozenset[str]) -> list[str]:
        origin = self.institutions[who]
        if not origin.chain or head not in self.chains.get(origin.chain, set()):
            raise Open
        found = []
        for name, house in self.institutions.items():
            if name != who and house.chain == origin.chain and head in house.posts:
                if house.life and house.living(self.today) and house.life.termination:
                    raise Open
                found.append(name)
        return found

    def _request_termination(self, who: str, effective: date) -> Refused:
        house, life = self.institutions[who], self._alive(who)
        if life is None or self._state(who) == "pending":
            return {"state"}
        if self.today > latest_notice(effective):
            return {own("M44.1", house)}
        if house.asked_termination or house.asked_suspension or life.termination or effective > life.end()[0] or life.renewal_asked:
            raise Open
        if len(life.terms) > 1 or [each for each in life.suspensions if each.first > self.today]:
            raise Open
        house.asked_termination = effective
        return set()

    def _decide_termination(self, who: str, granted: bool = True, exception: bool = False) -> Refused:
        house, life = self.institutions[who], self._alive(who)
        if house.asked_termination is None:
            return {"state"}
        if life is None or self.today >= house.asked_termination or house.asked_termination > life.end()[0]:
            raise Open
        if granted and house.public and not exception:
            return {"M44.2"}
        effective, house.asked_termination = house.asked_termination, None
        if granted:
            life.termination = Termination((12 if house.kind == "hospital" else 15,), frozenset(), self.today, effective, by_request=True)
        return set()

    def _order_full_check(self, who: str) -> Refused:
        house, life = self.institutions[who], self._alive(who)
        if house.full_check or life is None or not life.termination or self.today >= life.termination.effective:
            raise Open
        house.full_check, life.termination.released = True, False
        return set()

    def _close_full_check(self, who: str) -> Refused:
        house = self.institutions[who]
        if not house.full_check:
            return {"state"}
        house.full_check = False
        life = house.life
        assert life
        assert life.termination
        if life.end()[0] >= self.today:
            life.termination.released = True
            if life.termination.effective <= self.today:
                # It takes effect now that nothing stands in its way; whether today or tomorrow is left open.
                life.termination.effective, house.unclear_on = self.today + DAY, self.today
        return set()

    # Renewal (R1, R6) --------------------------------------------------------------------------------------------------

    def _request_renewal(self, who: str) -> Refused:
        house, life = self.institutions[who], self._alive(who)
        if life is None or self._state(who) == "pending":
            return {"state"}
        refused = set()
        if house.kind == "hospital" and self._state(who) == "suspended":
            refused.add("M42.3")
        if self.today < plus_months(life.last, -6):
            refused.add(own("M41.1", house))
        if refused:
            return refused
        if life.renewal_asked:
            return {"state"}
        if life.termination or life.not_renewed or house.asked_termination or house.asked_suspension:
            raise Open
        life.renewal_asked = True
        return set()

    def _decide_renewal(self, who: str, agreed: bool = True) -> Refused:
        house, life = self.institutions[who], self._alive(who)
        if life is None or not life.renewal_asked:
            return {"state"}
        if house.kind == "hospital" and self._state(who) == "suspended":
            return {"M42.3"}
        if life.termination or house.asked_termination or house.asked_suspension:
            raise Open
        for each in life.suspensions:
            through = each.runs_through(life.suspensions)
            if through is None or (through > life.last and (house.kind == "hospital" or not each.imposed)):
                raise Open
        life.renewal_asked = False
        if agreed:
            first = life.last + DAY
            life.terms.append((first, term_of_years(first, 1)))
        else:
            life.not_renewed = True
        return set()

    def _request_non_renewal(self, who: str) -> Refused:
        house, life = self.institutions[who], self._alive(who)
        if life is None or self._state(who) == "pending":
            return {"state"}
        if self._state(who) != "active" or life.renewal_asked or life.not_renewed or life.termination or len(life.terms) > 1:
            raise Open
        if house.asked_termination or house.asked_suspension:
            raise Open
        if self.today > latest_notice(life.last):
            return {own("M44.1", house)}
        life.not_renewed = True
        return set()

    # Holds, persons, adverse facts -------------------------------------------------------------------------------------

    def _hold_settlement(self, who: str) -> Refused:
        house = self.institutions[who]
        if self._alive(who) is None or self._state(who) == "pending" or any(released is None for _, released in house.holds):
            raise Open
        house.holds.append([self.today, None])
        return set()

    def _release_hold(self, who: str) -> Refused:
        running = [each for each in self.institutions[who].holds if each[1] is None]
        if not running:
            return {"state"}
        running[0][1] = self.today
        return set()

    def _suspend_part(self, who: str, person: str, first: date, last: date | None) -> Refused:
        house = self.institutions[who]
        if self._alive(who) is None or self._state(who) == "pending" or first < self.today or (last and last < first):
            raise Open
        if any(each.name == person for each in house.parts):
            raise Open
        house.parts.append(Part(person, True, first, last, self.today))
        return set()

    def _impose_penalty(self, who: str, by: date | None) -> Refused:
        house = self.institutions[who]
        ended = [life.termination for life in house.lives if life.termination and life.termination.natures & {VIOLATION, SERIOUS}]
        if any(not each.done for each in house.penalties) or ended or (by and by < self.today):
            raise Open
        house.penalties.append(Penalty(self.today, by))
        return set()

    def _fulfil_penalty(self, who: str) -> Refused:
        house = self.institutions[who]
        owed = [each for each in house.penalties if not each.done]
        ended = [life.termination for life in house.lives if life.termination and self.owes(life.termination, "penalty")]
        if not owed and not ended:
            raise Open
        if any(each.effective > self.today for each in ended):
            raise Open
        for penalty in owed:
            penalty.done = self.today
        for each in ended:
            each.penalty_done = self.today
        return set()

    def _fulfil_liability(self, who: str) -> Refused:
        ended = [life.termination for life in self.institutions[who].lives if life.termination and self.owes(life.termination, "liability")]
        if not ended or any(each.effective > self.today for each in ended):
            raise Open
        for each in ended:
            each.liability_done = self.today
        return set()

    def owes(self, ended: Termination, what: str) -> bool:
        if what == "penalty":
            return bool(ended.natures & {VIOLATION, SERIOUS}) and ended.penalty_open and not ended.penalty_done
        return BREACH in ended.natures and ended.liability_open and not ended.liability_done

    def _discover_fraud(self, who: str) -> Refused:
        house = self.institutions[who]
        if any(life.termination and "fraud_in_applying" in life.termination.natures for life in house.lives):
            raise Open
        house.frauds.append(self.today)
        return set()

    def _record_second_fail(self, who: str) -> Refused:
        house = self.institutions[who]
        if house.second_fails or house.filing or house.living(self.today):
            raise Open
        house.second_fails.append(self.today)
        return set()

    def _list_dishonest(self, who: str, person: str) -> Refused:
        if person in self.dishonest:
            return {"state"}
        self.dishonest.add(person)
        return set()

    def _unlist_dishonest(self, who: str, person: str) -> Refused:
        if person not in self.dishonest:
            return {"state"}
        self.dishonest.discard(person)
        return set()

    # Undoing (R4, R7, R11) ---------------------------------------------------------------------------------------------

    def undoable(self, who: str) -> str | None:
        """The word of the last decision that nothing has been built on since."""
        return self.before[who][0] if who in self.before else None

    def _void(self, who: str) -> Refused:
        if who not in self.before:
            raise Open
        _, kept = self.before.pop(who)
        house = self.institutions[who]
        if kept.living(self.today) != house.living(self.today) and house.filing:
            raise Open
        self.institutions[who] = kept
        return set()

    def _annul(self, who: str) -> Refused:
        """Filed in time and annulled the same day; the day itself is left open."""
        word, life = self.undoable(who), self.institutions[who].life
        if life is None or word not in ("terminate", "suspend"):
            raise Open
        decided_on = life.termination.decided_on if life.termination else life.suspensions[-1].decided_on
        if self.today > plus_months(decided_on, 6):
            raise Open
        self._void(who)
        self.institutions[who].unclear_on = self.today
        return set()
