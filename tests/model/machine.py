"""Random histories of two institutions as a state machine: a rule draws a step, the invariant compares model and product after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from replay.case import Step
from replay.stage import Stage
from tests.model import scene
from tests.model.beside import Beside
from tests.model.drawing import KINDS, STEPS, Drawn, fitting, next_day
from tests.model.model import DECISIONS, Open
from tests.model.periods import plus_days
from tests.model.questions import QUESTIONS, Question
from tests.model.working_days import working

GROUPS = [("h1", "h3"), ("h2", "h1"), ("p1", "p2"), ("p2", "p3"), ("h1", "p1"), ("h1", "n1"), ("n1", "h1")]
EVALUATION = (("form_team", {}), ("record_result", {}), ("file", {"what": "result"}), ("open_notice", {}))
DATA = some.data()


def may_be_due(kind: str) -> Callable[[Any], bool]:
    """Whether one of the two has a step of a kind before it, or might have."""
    return lambda history: any(fitting(history.world, who, kind) for who in history.group)


class Histories(RuleBasedStateMachine):
    """Within a transaction that ``teardown`` undoes. A rule is a kind of steps, so that a history with few of them goes deep; one in five
    is drawn whatever the state, and the others on days when they may be due no more."""

    def __init__(self, stage: Stage, before: Step) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.world = scene.world(working)
        self.beside = Beside(stage, before, self.world)
        self.group: tuple[str, ...] = ()
        self.ids: dict[str, str] = {}
        self.asking: list[tuple[str, Question]] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @initialize(sweep=some.booleans(), group=some.sampled_from(GROUPS), days=some.integers(1, 300))
    def begin(self, sweep: bool, group: tuple[str, ...], days: int) -> None:
        self.beside.sweep, self.group = sweep, group
        self.world.today = plus_days(scene.READY, days)

    @invariant()
    def product_and_model_agree(self) -> None:
        for who, question in self.asking:
            self.beside.ask(who, question)

    # The kinds of steps ------------------------------------------------------------------------------------------------

    @precondition(may_be_due("road"))
    @rule(data=DATA)
    def goes_down_the_road(self, data: some.DataObject) -> None:
        self._go_on(data, "road")

    @precondition(may_be_due("suspension"))
    @rule(data=DATA)
    def is_suspended(self, data: some.DataObject) -> None:
        self._go_on(data, "suspension")

    @precondition(may_be_due("suspension_at_request"))
    @rule(data=DATA)
    def suspends_at_request(self, data: some.DataObject) -> None:
        self._go_on(data, "suspension_at_request")

    @precondition(may_be_due("termination"))
    @rule(data=DATA)
    def is_terminated(self, data: some.DataObject) -> None:
        self._go_on(data, "termination")

    @precondition(may_be_due("leaving"))
    @rule(data=DATA)
    def leaves(self, data: some.DataObject) -> None:
        self._go_on(data, "leaving")

    @precondition(may_be_due("renewal"))
    @rule(data=DATA)
    def renews(self, data: some.DataObject) -> None:
        self._go_on(data, "renewal")

    @precondition(may_be_due("changes"))
    @rule(data=DATA)
    def changes_its_data(self, data: some.DataObject) -> None:
        self._go_on(data, "changes")

    @precondition(may_be_due("holding"))
    @rule(data=DATA)
    def is_held_or_loses_a_person(self, data: some.DataObject) -> None:
        self._go_on(data, "holding")

    @precondition(may_be_due("adverse"))
    @rule(data=DATA)
    def something_becomes_known(self, data: some.DataObject) -> None:
        self._go_on(data, "adverse")

    @precondition(may_be_due("undoing"))
    @rule(data=DATA)
    def is_undone(self, data: some.DataObject) -> None:
        self._go_on(data, "undoing")

    # A step ------------------------------------------------------------------------------------------------------------

    def _go_on(self, data: some.DataObject, kind: str) -> None:
        """A day, a word of the kind for one of them, mostly one that is due, and what is asked afterwards: about it and about another."""
        who = data.draw(some.sampled_from([each for each in self.group if fitting(self.world, each, kind)]))
        self.world.today = next_day(data.draw, self.world, who)
        due = fitting(self.world, who, kind)
        word = data.draw(some.sampled_from(due if due and data.draw(some.integers(0, 4)) else KINDS[kind]))
        self._do(STEPS[word](data.draw, self.world, who), who)
        # An internet hospital and what it leans on show in each other's answers (M5.2).
        others = self.group if "n1" in self.group else scene.POSTS
        other = data.draw(some.sampled_from([each for each in others if each != who]))
        self.asking = [(each, data.draw(QUESTIONS)) for each in (who, other)]

    def _do(self, drawn: Drawn, who: str) -> None:
        try:
            refused = self.world.do(drawn.word, who, **drawn.given)
        except Open:
            self.beside.leave_open(who, drawn.word, drawn.given)
            return
        rows = self._rows(drawn, who)
        if drawn.word in DECISIONS:
            rows[-1]["id"] = named = f"s{len(self.beside.told)}"
            if not refused:
                self.ids[who] = named
        for row in rows:
            self.beside.do(row, refused)

    def _rows(self, drawn: Drawn, who: str) -> list[dict[str, Any]]:
        """As a written case says it."""
        if drawn.word == "evaluate":
            return [{"do": word, "who": who, **own} for word, own in EVALUATION]
        if drawn.word == "void":
            return [{"do": "void", "what": self.ids[who], "reason": "认定有误"}]
        if drawn.word == "annul":
            remedy = {"who": who, "against": self.ids[who]}
            return [{"do": "file_remedy", "what": "lawsuit", **remedy}, {"do": "decide_remedy", "outcome": "annulled", **remedy}]
        return [drawn.row if "dishonest" in drawn.word else {**drawn.row, "who": who}]
