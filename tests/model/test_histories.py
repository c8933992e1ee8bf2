"""Random histories of both kinds: after each step the product and the model of the readings agree."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.files.storage import InMemoryStorage
from django.test.utils import override_settings
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from deadlines import clock
from documents.issuing import without_rendering
from replay.case import Step
from replay.case_file import case_of
from replay.databases import Databases
from replay.playing import _done
from replay.scene import build
from replay.stage import Stage
from tests.model import scene
from tests.model.machine import Histories

STEPS = (4, 5, 7, 8)  # of a history in each part
LONG = os.environ.get("TEST_KIND") == "long"
EACH = (2000 if LONG else 200) // len(STEPS)
AT_ONCE = 10  # from the eleventh on hypothesis varies those it has drawn, and they resemble one another


@contextmanager
def designated() -> Iterator[tuple[Stage, Step]]:
    """A database where the scene has gone down its road."""
    from django.conf import settings as of_project

    case = case_of(scene.document(), "random")
    storages = {"default": {"BACKEND": f"{InMemoryStorage.__module__}.InMemoryStorage"}}
    with override_settings(STORAGES={**of_project.STORAGES, **storages}), without_rendering():
        with clock.frozen(clock.at(case.steps[0].on)):
            stage = Stage(build(case.scene))
        for step in case.steps:
            with clock.frozen(step.at):
                played = _done(stage, step)
            assert played.result == "done", played
        yield stage, case.steps[-1]


@pytest.mark.slow
@pytest.mark.clause(
    "R4",
    "R5",
    "R6",
    "R7",
    "R8",
    "R9",
    "R10",
    "R11",
    "R14",
    "M5.2",
    "M33",
    "M40.1",
    "M41.1",
    "M41.3",
    "M42.1",
    "M42.5",
    "M43",
    "M44.1",
    "M45",
)
@pytest.mark.parametrize("part", range(len(STEPS)))
def test_the_product_agrees_with_the_model_after_every_step(part: int, django_db_setup: None, django_db_blocker) -> None:
    with django_db_blocker.unblock(), Databases().fresh(), designated() as (stage, before):
        played: list[Histories] = []

        def history() -> Histories:
            played.append(Histories(stage, before))
            return played[-1]

        wanted = settings(
            max_examples=AT_ONCE,
            stateful_step_count=1 + STEPS[part],  # one step begins it
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
            report_multiple_bugs=False,
        )
        # The same ones each time, so that whoever changes something else is not stopped by a new find; new ones in the long run.
        for number in range(EACH // AT_ONCE):
            run_state_machine_as_test(history if LONG else seed(100 * part + number)(history), settings=wanted)
        assert len(played) >= EACH
