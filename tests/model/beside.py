"""The product beside the model: a step is played and a question asked in both, and what they say is compared."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from deadlines import clock
from replay import timers
from replay.case import Step
from replay.case_file import _step
from replay.clause_text import standard
from replay.fields import About
from replay.playing import Played, _asked, _done
from replay.stage import Stage
from tests.model import scene
from tests.model.cases import cases
from tests.model.changes import filings
from tests.model.model import World
from tests.model.questions import Question


class Beside:
    """The product's stage and the model's world, step by step; ``told`` is the history as rows of a written case."""

    def __init__(self, stage: Stage, before: Step, world: World):
        self.stage, self.before, self.world = stage, before, world
        self.sweep, self.swept = True, scene.READY
        self.told: list[str] = []
        stage.records.clear()
        kinds = {name: "hospital" if scene.is_hospital(name) else "pharmacy" for name in scene.POSTS}
        self.about = About(frozenset(scene.PEOPLE), frozenset({scene.CHAIN}), kinds)

    # A step ------------------------------------------------------------------------------------------------------------

    def do(self, row: dict[str, Any], refused: set[str]) -> None:
        """Play it: done or refused as the model has it, with every clause that the model gives."""
        row = _text({"on": self.world.today, **row})
        self._tell(row | ({"refused": sorted(refused)} if refused else {}))
        step = self._read(row)
        self._catch_up(step.on)
        with clock.frozen(step.at):
            played: Played = _done(self.stage, step)
        if played.result != ("refused" if refused else "done"):
            said = f"{played.result} {played.clauses} {played.message}"
            self._part(f"{row}: model {sorted(refused) or 'lets it be done'}, product {said}")
        missing = {standard(each) for each in refused} - {standard(each) for each in played.clauses}
        if missing:
            self._part(f"{row}: model gives {sorted(missing)}, product only {played.clauses}")

    def leave_open(self, who: str, word: str, given: dict[str, Any]) -> None:
        """Noted, not played: the texts do not decide it."""
        self.told.append(f"  # {self.world.today} {who}: {word} {given}: left open")

    # A question --------------------------------------------------------------------------------------------------------

    def ask(self, who: str, question: Question) -> None:
        """What everybody may ask about an institution today."""
        if self.world.unclear(who):
            return
        house = self.world.institutions[who]
        self._ask("agreement", who, self.world.agreement(who))
        self._ask_list("bans", who, [{"clause": clause, "until": until} for clause, until in self.world.bans(who)])
        self._ask("may_apply", who, self.world.may_apply(who))
        if any(life.changes for life in house.lives):
            rows = [{"kind": "change_filing", "due_on": due, "state": state} for due, state in filings(house)]
            self._ask_list("deadlines", who, rows, {"kind": "change_filing"})
        opened = cases(house, self.world.today)
        if opened is not None and not self.world.undone:
            rows = [{"kind": "termination", "ground": ground, "state": "open"} for ground in opened]
            self._ask_list("cases", who, rows, {"kind": "termination", "state": "open"})
        known, case = question.of(self.world.today)
        expected = self.world.settlement(who, known_on=known, **case) if known is None or known >= scene.READY else None
        if expected is not None:
            self._ask("settlement", who, expected, case | ({"known_at": f"{known}T23:30"} if known else {}))

    def _ask(self, ask: str, who: str, expected: dict[str, Any], given: dict[str, Any] | None = None) -> None:
        """Every field that the model answers is the product's."""
        row = {"on": self.world.today, "ask": ask, "who": who} | ({"with": given} if given else {})
        said = self._answer(row)
        if any(_plain(value) != _plain(said.get(name)) for name, value in expected.items()):
            self._tell(_text(row | {"expect": {name: sorted(each) if isinstance(each, set) else each for name, each in expected.items()}}))
            self._part(f"{_text(row)}: model {_text(expected)}, product {said}")

    def _ask_list(self, ask: str, who: str, expected: list[dict[str, Any]], kept: dict[str, str] | None = None) -> None:
        """A list, of which only the rows with certain values are compared."""
        row = {"on": self.world.today, "ask": ask, "who": who}
        said = [each for each in self._answer(row) if all(each[name] == value for name, value in (kept or {}).items())]
        names = sorted({name for each in expected for name in each})
        if _sorted(said, names) != _sorted(expected, names):
            self._tell(_text(row | {"expect": {"contains": expected} if kept else expected}))
            self._part(f"{_text(row)}: model {_text(expected)}, product {said}")

    def _answer(self, row: dict[str, Any]) -> Any:
        step = self._read(_text(row))
        self._catch_up(step.on)
        with clock.frozen(step.at):
            return _asked(self.stage, step).answer

    # Both --------------------------------------------------------------------------------------------------------------

    def _read(self, row: dict[str, Any]) -> Step:
        step = _step(self.before.n + 1, row, self.before, self.about)
        if step.id:
            self.about = About(self.about.people, self.about.chains, self.about.institutions, self.about.step_ids | {step.id})
        self.before = step
        return step

    def _catch_up(self, day: date) -> None:
        """With timers, those of every midnight since the last step; without, never one (R7)."""
        if self.sweep and day > self.swept:
            timers.run_until(day, self.swept)
            self.swept = day

    def _tell(self, row: dict[str, Any]) -> None:
        self.told.append(f"  - {json.dumps(row, ensure_ascii=False)}")

    def _part(self, why: str) -> None:
        """Model and product part here: the whole history as a case file that `./run manage replay` plays, what the model says expected."""
        case = scene.document()
        head = [f"# {why}", "case: 随机历史", f"sweep: {json.dumps(self.sweep)}"]
        head += [f"{name}: {json.dumps(case[name], ensure_ascii=False)}" for name in ("people", "chains", "institutions")]
        road = [f"  - {json.dumps(row, ensure_ascii=False)}" for row in case["steps"]]
        raise AssertionError("\n".join([why, "", *head, "steps:", *road, *self.told]))


def _plain(value: Any) -> Any:
    """To compare: clauses in one spelling, days as text, lists of clauses in any order."""
    if isinstance(value, set | list):
        return {standard(each) for each in value}
    if isinstance(value, date):
        return value.isoformat()
    return standard(value) if isinstance(value, str) else value


def _sorted(rows: list[dict[str, Any]], names: list[str]) -> list[list[str]]:
    return sorted([str(_plain(row[name])) for name in names] for row in rows)


def _text(value: Any) -> Any:
    """As a file would have it."""
    if isinstance(value, dict):
        return {name: _text(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_text(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
