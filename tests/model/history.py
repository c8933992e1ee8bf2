"""One random history, played by the model and by the product side by side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import strategies as some

from deadlines import clock
from replay import timers
from replay.case import Step
from replay.case_file import _step
from replay.clause_text import standard
from replay.fields import About
from replay.playing import Played, _asked, _done
from replay.stage import Stage
from tests.model.drawing import Draw, Drawn, next_day, next_step
from tests.model.model import Open, World
from tests.model.periods import plus_days
from tests.model.scene import PEOPLE, POSTS, SIGNED, STAFF, is_hospital

EVALUATION = (("form_team", {}), ("record_result", {}), ("file", {"what": "result"}), ("open_notice", {}))
DECISIONS = ("suspend", "terminate", "hold_settlement", "suspend_part")
STEPS = 9


class History:
    """The model's world and the product's stage, step by step; ``told`` is the history as a written case."""

    def __init__(self, stage: Stage, world: World, before: Step, *, sweep: bool):
        self.stage, self.world, self.before, self.sweep = stage, world, before, sweep
        self.swept = SIGNED
        self.told: list[str] = []
        self.ids: dict[str, str] = {}
        kinds = {name: "hospital" if is_hospital(name) else "pharmacy" for name in POSTS}
        self.about = About(frozenset(PEOPLE), frozenset({"c1"}), kinds)

    def go_on(self, draw: Draw, group: tuple[str, ...]) -> None:
        """A day, a step by one of the group, and what everybody may ask afterwards."""
        who = draw(some.sampled_from(group))
        self.world.today = next_day(draw, self.world, who)
        drawn = next_step(draw, self.world, who)
        try:
            refused = self.world.do(drawn.word, who, **drawn.given)
        except Open:
            self.told.append(f"# {self.world.today} {who}: {drawn.word} {drawn.given}: left open")
        else:
            if not refused and drawn.word in DECISIONS:
                self.ids[who] = f"s{len(self.told)}"
            for row in self._rows(drawn, who):
                self._compare_step(row, refused)
        self.ask(draw, who)
        self.ask(draw, draw(some.sampled_from([each for each in POSTS if each != who])))

    def _rows(self, drawn: Drawn, who: str) -> list[dict[str, Any]]:
        """As a written case says it."""
        if drawn.word == "evaluate":
            return [{"do": word, "who": who, **own} for word, own in EVALUATION]
        if drawn.word == "void":
            return [{"do": "void", "what": self.ids[who], "reason": "认定有误"}]
        if drawn.word == "annul":
            remedy = {"who": who, "against": self.ids[who]}
            return [{"do": "file_remedy", "what": "lawsuit", **remedy}, {"do": "decide_remedy", "outcome": "annulled", **remedy}]
        row = dict(drawn.row)
        if "dishonest" not in drawn.word:
            row["who"] = who
        if drawn.word in DECISIONS:
            row["id"] = f"s{len(self.told)}"
        return [row]

    # The product -------------------------------------------------------------------------------------------------------

    def _compare_step(self, row: dict[str, Any], refused: set[str]) -> None:
        played = self._play(row)
        said = {standard(each) for each in played.clauses}
        expected = "refused" if refused else "done"
        assert played.result == expected, (
            f"model {sorted(refused) or 'lets it be done'}, product {played.result} {played.clauses} {played.message}"
        )
        missing = {standard(each) for each in refused} - said
        assert not missing, f"model gives {sorted(missing)}, product only {played.clauses}"

    def _play(self, row: dict[str, Any]) -> Played:
        step = self._read({"on": str(self.world.today), **_text(row)})
        self.told.append(f"- {_text(row)} on {self.world.today}")
        self._catch_up(step.on)
        with clock.frozen(step.at):
            return _done(self.stage, step)

    def _answer(self, ask: str, who: str, given: dict[str, Any] | None = None) -> Any:
        row = {"on": str(self.world.today), "ask": ask, "who": who} | ({"with": _text(given)} if given else {})
        step = self._read(row)
        self._catch_up(step.on)
        with clock.frozen(step.at):
            return _asked(self.stage, step).answer

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

    # The questions -----------------------------------------------------------------------------------------------------

    def ask(self, draw: Draw, who: str) -> None:
        house = self.world.institutions[who]
        if house.unclear_on == self.world.today:
            return
        self._same(f"agreement {who}", self.world.agreement(who), self._answer("agreement", who))
        found = [(each["clause"], each["until"]) for each in self._answer("bans", who)]
        said = {(standard(clause), until) for clause, until in found}
        expected = {(clause, until and until.isoformat()) for clause, until in self.world.bans(who)}
        assert (said, len(found)) == (expected, len(expected)), f"bans {who} on {self.world.today}: model {expected}, product {found}"
        may = self._answer("may_apply", who)
        self._same(f"may_apply {who}", self.world.may_apply(who), may | {"clauses": {standard(each) for each in may["clauses"]}})
        self._ask_settlement(draw, who)

    def _ask_settlement(self, draw: Draw, who: str) -> None:
        service = plus_days(self.world.today, draw(some.sampled_from([0, 0, 0, -1, -10, 1])))
        case: dict[str, Any] = {}
        known = None
        variant = draw(some.integers(0, 4))
        if variant == 1:
            case["emergency"] = True
        elif variant == 2:
            case["person"] = STAFF
        elif variant == 3:
            case["admitted_on"] = plus_days(service, -draw(some.sampled_from([0, 1, 2, 10, 40])))
        elif variant == 4:
            known = plus_days(self.world.today, -draw(some.sampled_from([1, 5, 20])))
            if known < SIGNED:
                return
        expected = self.world.settlement(who, service, known, **case)
        if expected is None:
            return
        given = {"service_on": service, **case} | ({"known_at": f"{known}T23:30"} if known else {})
        self._same(f"settlement {who} {given}", expected, self._answer("settlement", who, given))

    def _same(self, about: str, expected: dict[str, Any], said: dict[str, Any]) -> None:
        """Every field that the model answers is the product's."""
        for name, value in expected.items():
            wanted = value.isoformat() if isinstance(value, date) else value
            got = said.get(name)
            same = standard(got) == standard(wanted) if isinstance(got, str) and isinstance(wanted, str) else got == wanted
            assert same, f"{about} on {self.world.today}: {name}: model {wanted}, product {got} ({said})"


def _text(value: Any) -> Any:
    """As a file would have it."""
    if isinstance(value, dict):
        return {name: _text(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_text(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def play(draw: Draw, history: History, steps: int = STEPS, note: Callable[[str], None] = print) -> None:
    """All of it; what fails is told with the steps that led there."""
    group = draw(some.sampled_from([("h1", "h3"), ("h2", "h1"), ("p1", "p2"), ("p2", "p3"), ("h1", "p1")]))
    history.world.today = plus_days(SIGNED, draw(some.integers(1, 300)))
    try:
        for _ in range(draw(some.integers(3, steps))):
            history.go_on(draw, group)
    except AssertionError as error:
        raise AssertionError("\n".join([str(error), f"sweep: {history.sweep}", *history.told])) from None
