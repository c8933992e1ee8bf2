"""Random histories of two institutions as a state machine: a rule draws a step, the invariant compares model and product after it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from replay.case import Step
from replay.stage import Stage
from tests.model import scene
from tests.model.beside import Beside
from tests.model.drawing import ASKS, DEALT_WITH, FROM_OUTSIDE, STEPS, Drawn, following, next_day
from tests.model.model import DECISIONS, Open
from tests.model.periods import plus_days
from tests.model.questions import QUESTIONS, Question
from tests.model.working_days import working

GROUPS = [("h1", "h3"), ("h2", "h1"), ("p1", "p2"), ("p2", "p3"), ("h1", "p1")]
EVALUATION = (("form_team", {}), ("record_result", {}), ("file", {"what": "result"}), ("open_notice", {}))
DATA = some.data()


class Histories(RuleBasedStateMachine):
    """Within a transaction that ``teardown`` undoes. What follows from a state is a rule of its own; what may come at any time, and
    anything at all in any state, are few, so that a short history gets somewhere."""

    def __init__(self, stage: Stage, before: Step) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.world = scene.world(working)
        self.beside = Beside(stage, before, self.world)
        self.group: tuple[str, ...] = ()
        self.ids: dict[str, str] = {}
        self.follows: dict[str, list[str]] = {}  # word → for whom it comes next
        self.asking: list[tuple[str, Question]] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @initialize(sweep=some.booleans(), group=some.sampled_from(GROUPS), days=some.integers(1, 300))
    def begin(self, sweep: bool, group: tuple[str, ...], days: int) -> None:
        self.beside.sweep, self.group = sweep, group
        self.world.today = plus_days(scene.SIGNED, days)
        self._look()

    @invariant()
    def product_and_model_agree(self) -> None:
        for who, question in self.asking:
            self.beside.ask(who, question)

    # What may come at any time -----------------------------------------------------------------------------------------

    @rule(data=DATA)
    def is_dealt_with(self, data: some.DataObject) -> None:
        self._go_on(data, DEALT_WITH, self.group)

    @rule(data=DATA)
    def asks(self, data: some.DataObject) -> None:
        self._go_on(data, ASKS, self.group)

    @rule(data=DATA)
    def something_becomes_known(self, data: some.DataObject) -> None:
        self._go_on(data, FROM_OUTSIDE, self.group)

    @rule(data=DATA)
    def anything_at_all(self, data: some.DataObject) -> None:
        self._go_on(data, sorted(STEPS), self.group)

    # A step ------------------------------------------------------------------------------------------------------------

    def _go_on(self, data: some.DataObject, words: list[str], whom: tuple[str, ...] | list[str]) -> None:
        """A day, one of the words for one of them, and what is asked afterwards: about it and about another."""
        who = data.draw(some.sampled_from(whom))
        self.world.today = next_day(data.draw, self.world, who)
        drawn = STEPS[data.draw(some.sampled_from(words))](data.draw, self.world, who)
        self._do(drawn, who)
        other = data.draw(some.sampled_from([each for each in scene.POSTS if each != who]))
        self.asking = [(each, data.draw(QUESTIONS)) for each in (who, other)]
        self._look()

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

    def _look(self) -> None:
        self.follows = {}
        for who in self.group:
            for word in following(self.world, who):
                self.follows.setdefault(word, []).append(who)


def _comes_next(word: str) -> Any:
    """The rule of a word that follows from a state: drawn while it does so for one of the institutions."""

    def go_on(self: Histories, data: some.DataObject) -> None:
        self._go_on(data, [word], self.follows[word])

    go_on.__name__ = word
    return precondition(lambda self: word in self.follows)(rule(data=DATA)(go_on))


for _word in (
    "apply", "accept", "evaluate", "sign", "decide_suspension", "decide_termination", "decide_renewal", "order_full_check",
    "close_full_check", "record_rectification", "amend_suspension", "request_resumption", "resume", "prevent_lapse", "release_hold",
    "fulfil_penalty", "fulfil_liability", "void", "annul",
):  # fmt: skip
    setattr(Histories, _word, _comes_next(_word))
