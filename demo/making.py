"""Plays the stories in the working database, each act on its own day through the one door, with the timers in between."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pghistory
from django.db import transaction

from casework.models import ActRecord
from deadlines import clock
from deadlines.loading import working_calendar
from deadlines.timers import sweep
from demo import logins
from demo.days import Days
from demo.stage import Clerks, DemoStage
from demo.stories import CHAINS, PEOPLE, stories
from demo.telling import Event, Story, in_order
from documents.issuing import without_rendering
from institutions.madeup import MadeUp
from institutions.models import Institution
from offices.models import Office, User
from replay import timers
from replay.case import Scene, Step
from replay.scene import build
from replay.scene_file import read_scene


class NotEmpty(Exception):
    """Demonstration data go into an empty database only; the message says what to do."""


@transaction.atomic
def make(progress: Callable[[int, int], None] = lambda done, total: None) -> None:
    """Everything or nothing. Raises NotEmpty."""
    if User.objects.exists() or Institution.objects.exists() or ActRecord.objects.exists():
        raise NotEmpty("数据库里已有用户、机构或办理记录。示例数据只放进空的数据库，以免与真实数据混在一起。")
    if not Office.objects.exists():
        raise NotEmpty("数据库里还没有各区和各级单位，请用 ./run 启动，或者先运行 python -m launch.steps seed。")
    told = stories(Days(clock.today(), working_calendar()))
    steps = list(_steps(told))
    with pghistory.context(command="make_demo"), without_rendering():
        before = steps[0].on - timedelta(days=1)
        with clock.frozen(clock.at(before, 8)):
            stage = _stage(told)
        for number, step in enumerate(steps):
            timers.run_until(step.on, before)
            before = step.on
            with clock.frozen(step.at):
                stage.play(step)
            progress(number + 1, len(steps))
        timers.run_until(clock.today(), before)
        while not sweep(clock.now()).done:
            pass


def _stage(told: list[Story]) -> DemoStage:
    logins.hire_clerks()
    built = build(_scene(told), employ=lambda office: None)
    logins.hire_at(built.institutions, MadeUp(start=4000))
    logins.open_accounts()
    return DemoStage(built, Clerks())


def _scene(told: list[Story]) -> Scene:
    institutions = {story.id: {"kind": story.kind, "district": story.district, **story.given} for story in told if story.id}
    return read_scene({"people": PEOPLE, "chains": CHAINS, "institutions": institutions})


def _steps(told: list[Story]) -> Iterator[Step]:
    """Every event as a step, in the order of days; those of one day some minutes apart, from nine o'clock."""
    events: list[tuple[Event, Story]] = [(event, story) for story in told for event in in_order(story.events)]
    of_day: Counter[object] = Counter()
    for number, (event, story) in enumerate(sorted(events, key=lambda row: row[0].on), 1):
        at: datetime = clock.at(event.on, 9) + timedelta(minutes=7 * of_day[event.on])
        of_day[event.on] += 1
        yield Step(number, at, event.word, who=story.id or None, id=event.id, given=dict(event.given))
