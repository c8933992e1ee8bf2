"""Random histories of the road: whatever is tried in whatever order, nothing breaks and stored and derived states agree (R7)."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agreements.models import Agreement
from applications.models import Application
from casework.acts import acts_for
from casework.models import ActRecord
from casework.refusals import NotDone
from deadlines import clock, timers
from institutions.posts import holders
from tests.casework.test_combinations import INPUT
from tests.driving import PDF, Driver
from tests.factories import HospitalFactory, PharmacyFactory

pytestmark = pytest.mark.django_db

STEPS = 30


class History:
    """One institution, one seed: random acts on random days, with timers or without."""

    def __init__(self, seed: int, kind: Any, sweep: bool):
        self.random = random.Random(seed)
        self.driver = Driver(kind(district="110105"))
        self.day = date(2026, 2, 10)
        self.sweep = sweep
        self.done: list[str] = []

    def step(self) -> None:
        self.day += timedelta(days=self.random.choice([0, 0, 0, 1, 1, 3, 8, 31]))
        with clock.frozen(clock.at(self.day)):
            if self.sweep:
                timers.sweep(clock.now())
        with clock.frozen(clock.at(self.day, 9)):
            with suppress(NotDone):
                self.act()
            self.check()

    def act(self) -> None:
        if not Application.objects.filter(institution=self.driver.institution).exists():
            self.start_application()
            return
        choice = self.random.random()
        if choice < 0.12:
            word = self.random.choice(["start_application", "upload", "submit", "list", "unlist", "void"])
            self.done.append(word)
            getattr(self, word)()
            return
        road = [act for act in acts_for(Application) if self.driver.application.derived(self.day) in act.sources or not act.sources]
        act = self.random.choice(road if road and choice < 0.85 else acts_for(Application))
        data = {name: self._own(value) for name, value in INPUT.get(act.word, {}).items()}
        if act.word == "upload_material":
            self.upload()
        elif act.word == "record_result" and self.driver.application.evaluations.exists():
            self.driver.record_result(self.random.choice(["pass", "fail"]))
        elif act.word == "invite_to_sign":
            self.driver.sign()
        else:
            self.driver.do(act.word, role=self.random.choice(act.roles), **data)
        self.done.append(act.word)

    def _own(self, value: Any) -> Any:
        """Clauses and slots in the numbering of the institution's kind."""
        if self.driver.institution.kind == "hospital":
            return value
        text = {"M7(1)": "P6(1)", "M12.8": "P11.6"}
        if isinstance(value, list):
            return [self._own(each) for each in value]
        if isinstance(value, dict):
            return {name: self._own(each) for name, each in value.items()}
        return text.get(value, value)

    def start_application(self) -> None:
        self.driver.do("start_application")

    def upload(self) -> None:
        items = ["M7(1)"] if self.driver.institution.kind == "hospital" else ["P6(1)"]
        if self.random.random() < 0.8:
            self.driver.upload()
        else:
            self.driver.do("upload_material", item=items[0], file=SimpleUploadedFile("a.pdf", PDF))

    def submit(self) -> None:
        if Application.objects.filter(institution=self.driver.institution).exists():
            self.driver.do("submit_application", insist=self.random.random() < 0.5)

    def list(self) -> None:
        self.driver.do("list_dishonest", holders(self.driver.institution)["principal"])

    def unlist(self) -> None:
        self.driver.do("unlist_dishonest", holders(self.driver.institution)["principal"])

    def void(self) -> None:
        records = list(ActRecord.objects.filter(institution_id=self.driver.institution.pk, role__in=["district_agency", "city_agency"]))
        if records:
            record = self.random.choice([each for each in records if each.word != "void"] or records)
            self.driver.do("void", record, role=record.role, reason="误")

    def check(self) -> None:
        """Stored states, brought up to date, are the derived ones; projections and bans can be asked."""
        for model in (Application, Agreement):
            for case in model.objects.filter(institution=self.driver.institution):
                case.catch_up(self.day)
                assert case.state == case.derived(self.day), (self.day, self.done[-10:])
        living = Agreement.objects.filter(institution=self.driver.institution).in_force_on(self.day)
        assert living.count() <= 1
        signed = Application.objects.filter(institution=self.driver.institution, state="signed")
        assert all(Agreement.objects.filter(application=each).exists() for each in signed)


def answers(history: History) -> list[Any]:
    """What anybody may ask at the end: the same whether timers ran or not."""
    institution, day = history.driver.institution, history.day
    cases = [*Application.objects.filter(institution=institution), *Agreement.objects.filter(institution=institution)]
    return [case.derived(day) for case in cases]


@pytest.mark.slow
@pytest.mark.clause("R7", "M26")
@pytest.mark.parametrize("kind", [HospitalFactory, PharmacyFactory])
@pytest.mark.parametrize("seed", range(1))
def test_random_histories_agree_with_and_without_timers(seed: int, kind: Any) -> None:
    with_timers, without = played(seed, kind)
    assert with_timers == without


@pytest.mark.long
@pytest.mark.clause("R7")
@pytest.mark.parametrize("seed", range(100, 300))
def test_many_random_histories(seed: int) -> None:
    with_timers, without = played(seed, HospitalFactory if seed % 2 else PharmacyFactory)
    assert with_timers == without


def played(seed: int, kind: Any) -> list[tuple[list[Any], list[Any]]]:
    """What was done and what may be asked in the end, with timers and without."""
    histories = [History(seed, kind, sweep=True), History(seed, kind, sweep=False)]
    for history in histories:
        for _ in range(STEPS):
            history.step()
    return [(history.done, answers(history)) for history in histories]
