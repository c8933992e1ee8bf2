"""The words of a case: which fields each takes and what plays it. Filled by ``replay.steps`` and ``replay.questions``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from replay.fields import Reader

if TYPE_CHECKING:
    from replay.case import Step
    from replay.stage import Stage


@dataclass(frozen=True)
class StepWord:
    """A word after ``do``. ``act`` is the act it ends with; ``who`` whether it needs an institution."""

    play: Callable[[Stage, Step], None]
    act: str
    fields: Mapping[str, Reader]
    required: tuple[str, ...] = ()
    who: bool = True


@dataclass(frozen=True)
class QuestionWord:
    """A word after ``ask``. ``fields`` names what an answer, or each item of a listed answer, has; none: plain items."""

    answer: Callable[[Stage, Step], Any]
    fields: tuple[str, ...] = ()
    listed: bool = False
    options: Mapping[str, Reader] = field(default_factory=dict)
    required: tuple[str, ...] = ()


steps: dict[str, StepWord] = {}
questions: dict[str, QuestionWord] = {}

# Words of the contract whose acts do not exist yet.
LATER_STEPS = frozenset({"open_breach", "take_measure", "assess"})


def step(
    word: str, act: str = "", fields: Mapping[str, Reader] | None = None, required: tuple[str, ...] = (), who: bool = True
) -> Callable[[Callable[[Stage, Step], None]], Callable[[Stage, Step], None]]:
    """Decorator: this function plays the word."""

    def add(play: Callable[[Stage, Step], None]) -> Callable[[Stage, Step], None]:
        steps[word] = StepWord(play, act or word, fields or {}, required, who)
        return play

    return add


def question(
    word: str, *fields: str, listed: bool = False, options: Mapping[str, Reader] | None = None, required: tuple[str, ...] = ()
) -> Callable[[Callable[[Stage, Step], Any]], Callable[[Stage, Step], Any]]:
    """Decorator: this function answers the question."""

    def add(answer: Callable[[Stage, Step], Any]) -> Callable[[Stage, Step], Any]:
        questions[word] = QuestionWord(answer, fields, listed, options or {}, required)
        return answer

    return add
