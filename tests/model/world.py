"""Institutions as the model knows them on a day: what is asked of them, and the one way to do a step to them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from tests.model.agreement import agreement
from tests.model.bans import bans, may_apply
from tests.model.facts import Institution, Life, Suspension
from tests.model.periods import Working
from tests.model.settlement import settlement

Refused = set[str]
DECISIONS = ("suspend", "terminate", "hold_settlement", "suspend_part")


class Open(Exception):
    """The texts do not decide this."""


STEPS: dict[str, Callable[..., Refused]] = {}


def step(play: Callable[..., Refused]) -> Callable[..., Refused]:
    """Decorator: what a word of a written case does and why it is refused; its name is the word."""
    STEPS[play.__name__] = play
    return play


class World:
    """Institutions, the dishonest list, and what was known when."""

    def __init__(self, institutions: dict[str, Institution], chains: Mapping[str, set[str]], working: Working):
        self.institutions, self.chains, self.working = institutions, chains, working
        self.dishonest: set[str] = set()
        self.before: dict[str, tuple[str, Institution]] = {}  # last adverse decision of each → its word, and how things stood
        self.known: list[tuple[date, dict[str, Institution]]] = []
        self.today = date.min
        self.undone = False  # whether a decision ever was: what had followed from it besides is left open

    # Asking ------------------------------------------------------------------------------------------------------------

    def agreement(self, who: str) -> dict[str, Any]:
        return agreement(self.institutions[who], self.today)

    def bans(self, who: str) -> set[tuple[str, date | None]]:
        return bans(self.institutions, self.dishonest, self.institutions[who], self.today)

    def may_apply(self, who: str) -> dict[str, Any]:
        return may_apply(self.institutions, self.dishonest, self.institutions[who], self.today)

    def settlement(self, who: str, service_on: date, known_on: date | None = None, **case: Any) -> dict[str, Any] | None:
        """``known_on``: by what had been recorded at the end of that day."""
        then = [houses for day, houses in self.known if known_on is not None and day <= known_on]
        if known_on and not then:
            return None
        houses = then[-1] if known_on else self.institutions
        return settlement(houses[who], self.today, service_on, through=houses.get(houses[who].parent), **case)

    def unclear(self, who: str) -> bool:
        """Whether the texts leave today's answers open."""
        house = self.institutions[who]
        return self.today in (house.unclear_on, self.institutions[house.parent].unclear_on if house.parent else None)

    # Doing -------------------------------------------------------------------------------------------------------------

    def do(self, word: str, who: str, **given: Any) -> Refused:
        """Why the step is refused: clauses of which each must be told; empty: done. Raises Open."""
        kept = copy.deepcopy(self.institutions)
        try:
            refused = STEPS[word](self, who, **given)
        except Open:
            self.institutions = kept
            raise
        if refused:
            return refused
        if word in DECISIONS and not given.get("head"):
            self.before[who] = (word, kept[who])
        elif word not in ("void", "annul", "list_dishonest", "unlist_dishonest"):
            self.before.pop(who, None)
        self.tie()
        self.remember()
        return set()

    def tie(self) -> None:
        """Each supplementary agreement to its main one as it stands (M5.2)."""
        for house in self.institutions.values():
            for life in house.lives:
                life.main = self.institutions[life.under[0]].lives[life.under[1]] if life.under else None

    def remember(self) -> None:
        self.known.append((self.today, copy.deepcopy(self.institutions)))

    def undoable(self, who: str) -> str | None:
        """The word of the last decision that nothing has been built on since."""
        return self.before[who][0] if who in self.before else None

    # What the steps ask ------------------------------------------------------------------------------------------------

    def alive(self, who: str) -> Life | None:
        """The agreement if it lives; Open while a termination is decided but not yet in effect, and while the main one is suspended."""
        house = self.institutions[who]
        life = house.life
        if life is None or not house.living(self.today):
            return None
        if any(not each.by_request for each in life.terminations):
            raise Open
        if life.main and (life.main.suspended_on(self.today) or any(each.first > self.today for each in life.main.suspensions)):
            raise Open
        return life

    def followers(self, who: str) -> list[tuple[str, Life]]:
        """Living supplementary agreements under its latest agreement, and whose they are (M5.2)."""
        found = [(name, house.life) for name, house in self.institutions.items() if house.parent == who and house.living(self.today)]
        return [(name, life) for name, life in found if life and life.main is self.institutions[who].life]

    def alone(self, who: str) -> None:
        """Open where a supplementary agreement has matters of its own when something befalls the main one."""
        for name, life in self.followers(who):
            house = self.institutions[name]
            if life.suspensions or life.termination or house.asked_suspension or house.asked_termination:
                raise Open

    def state(self, who: str) -> str:
        life = self.institutions[who].life
        return life.state(self.today) if life else "none"

    def running(self, who: str, imposed: bool) -> Suspension | None:
        """The suspension that runs today."""
        life = self.alive(who)
        found = life.suspended_on(self.today) if life else None
        return found if found and found.imposed == imposed else None
