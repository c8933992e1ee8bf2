"""Plays a case: each step at its own moment, in a transaction that a refusal undoes; answers are asked between steps."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.files.storage import InMemoryStorage
from django.db import transaction
from django.test.utils import override_settings

from casework.refusals import Missing, NotDone, Refused
from casework.remembering import reading
from deadlines import clock
from documents.issuing import without_rendering
from replay import timers, words
from replay.case import Case, Step
from replay.clause_text import standard
from replay.expectations import holds
from replay.scene import build
from replay.stage import Stage

logger = logging.getLogger(__name__)


@dataclass
class Played:
    """What became of one step. ``held`` is None where nothing was expected and nothing was refused."""

    step: Step
    result: str = ""  # done or refused (error: a fault of the program); empty for a question
    clauses: list[str] = field(default_factory=list)
    message: str = ""
    answer: Any = None
    held: bool | None = None


def play(case: Case, *, sweep: bool | None = None) -> list[Played]:
    """The whole case in the database that Django is connected to now. Raises Unusable for a scene that cannot be."""
    sweeping = case.sweep if sweep is None else sweep
    storages = {"default": {"BACKEND": f"{InMemoryStorage.__module__}.InMemoryStorage"}}
    first = case.steps[0].on
    from django.conf import settings

    with override_settings(STORAGES={**settings.STORAGES, **storages}), without_rendering():
        with clock.frozen(clock.at(first)):
            stage = Stage(build(case.scene))
        played = []
        swept = first - timedelta(days=1)
        for step in case.steps:
            if sweeping and step.on > swept:
                timers.run_until(step.on, swept)
                swept = step.on
            with clock.frozen(step.at):
                played.append(_asked(stage, step) if step.asks else _done(stage, step))
        return played


def _done(stage: Stage, step: Step) -> Played:
    try:
        with transaction.atomic():
            stage.play(step)
    except NotDone as error:
        clauses = clauses_of(error)
        held = step.refused is not None and {standard(each) for each in clauses} >= set(step.refused)
        return Played(step, "refused", clauses, str(error), held=held)
    except Exception as error:
        # A fault of the program, not of the case: told, and the case goes on.
        logger.exception("第%s步(%s)程序出错", step.n, step.word)
        return Played(step, "error", message=f"程序出错:{type(error).__name__}", held=False)
    return Played(step, "done", held=None if step.refused is None else False)


def clauses_of(error: NotDone) -> list[str]:
    """Why the door stayed shut, as clauses: what an office may not see or do is ``permission``, what fits no clause ``state``."""
    if isinstance(error, Refused):
        return error.clauses
    return ["permission"] if isinstance(error, Missing) else ["state"]


def _asked(stage: Stage, step: Step) -> Played:
    with reading():
        answer = plain(words.questions[step.word].answer(stage, step))
    return Played(step, answer=answer, held=holds(step.expect, answer) if step.expects else None)


def plain(value: Any) -> Any:
    """An answer as text, numbers, yes and no, lists and mappings."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
