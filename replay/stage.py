"""Where a case is played: its institutions and people, and the one way to do an act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from agreements.models import Agreement
from agreements.reading import agreement_of
from applications.models import Application
from casework import door
from casework.acts import registry
from casework.models import ActRecord
from casework.refusals import Refusal, Refused
from deadlines import clock
from institutions.models import Institution, Person
from law.clauses import numbered
from offices.actors import Actor
from offices.models import DISTRICT_ROLES, Office, Role
from replay.case import As, Step
from replay.people import Cast
from replay.scene import Built
from replay.words import steps

FILE = b"%PDF-1.4\n% made up for a written case\n"


class Stage:
    """One case being played. What a page asks a person for and no case says stands here: files, evidence."""

    finding = "推演案例:现场核查记录。"
    facts = "见推演案例所列事实。"
    approval = "推演案例所列批准文件"

    def unmet(self, item: str) -> str:
        """Why an item of the rubric is not met where the case says no more than fail; empty where this one is met all the same."""
        return self.finding

    def __init__(self, built: Built, cast: Cast | None = None):
        self.built = built
        self.cast = cast or Cast()
        self.records: dict[str, ActRecord] = {}  # id of a step → the record of the act it ended with
        self._done: list[ActRecord] = []  # by the step being played

    def play(self, step: Step) -> None:
        """Do the step. Raises NotDone; the caller's transaction undoes what came before the refusal."""
        self._done.clear()
        try:
            steps[step.word].play(self, step)
        except Refused as refused:
            raise Refused([*refused.refusals, *self._unsigned(step, refused)]) from None
        if step.id and self._done:
            self.records[step.id] = self._done[-1]

    # What a step is about ----------------------------------------------------------------------------------------------

    def institution(self, step: Step) -> Institution:
        assert step.who is not None
        return Institution.objects.get(pk=self.built.institutions[step.who].pk)

    def person(self, name: str) -> Person:
        return self.built.people[name]

    def latest_application(self, step: Step) -> Application | None:
        return Application.objects.filter(institution=self.institution(step)).order_by("-id").first()

    def application(self, step: Step) -> Application:
        """The latest application; without one every act on it is refused."""
        found = self.latest_application(step)
        if found is None:
            raise Refused([Refusal("state", "该机构没有申请。")])
        return found

    def agreement(self, step: Step) -> Agreement:
        """The agreement of today, else the latest; without one every act on it is refused."""
        found = agreement_of(self.institution(step), clock.today())
        if found is None:
            raise Refused([Refusal("state", "该机构没有协议。")])
        return found

    # Who does it, and doing it -----------------------------------------------------------------------------------------

    def act(
        self,
        step: Step,
        word: str,
        subject: Any,
        data: Mapping[str, Any] | None = None,
        *,
        acting: As | None = None,
        files: Mapping[str, Any] | None = None,
    ) -> None:
        """One act through the door: by ``acting`` if given, else by whom the step names, else by the office of R16."""
        act = registry[word]
        handler, reviewer = self._actors(step, acting or step.acting or As(act.roles[0]))
        if step.same_reviewer:
            reviewer = handler
        signed = reviewer if act.signatures > 1 else None
        self._done.append(door.perform(word, subject, actor=handler, reviewer=signed, data=data, files=files).record)

    @contextmanager
    def telling_all(self, step: Step, word: str, subject: Any, data: Mapping[str, Any]) -> Iterator[None]:
        """What comes before an act is refused: what speaks against the act itself is told with it."""
        try:
            yield
        except Refused as early:
            if "permission" in early.clauses:
                raise
            try:
                self.act(step, word, subject, data)
            except Refused as late:
                raise Refused([*early.refusals, *late.refusals]) from None
            raise

    def file(self, step: Step, item: str) -> SimpleUploadedFile:
        """What is handed in for an item of the materials."""
        return SimpleUploadedFile("材料.pdf", FILE)

    def maker_of(self, record: ActRecord) -> As:
        """The office that did an act, to undo it."""
        if record.role == Role.INSTITUTION:
            named = (name for name, institution in self.built.institutions.items() if institution.office_id == record.office_id)
            return As(record.role, next(named))
        office = Office.objects.get(pk=record.office_id) if record.office_id else None
        return As(record.role, office.district_id if office else None)

    def _actors(self, step: Step, acting: As) -> tuple[Actor, Actor]:
        if acting.role == Role.INSTITUTION:
            office = self.built.institutions[acting.place or str(step.who)].office
            assert office is not None
            return self.cast.pair(office)
        if acting.role in DISTRICT_ROLES:
            return self.cast.of_office(acting.role, acting.place or self.institution(step).district_id)
        return self.cast.of_office(acting.role)

    def _unsigned(self, step: Step, refused: Refused) -> list[Refusal]:
        """A second signature by the same person is told even where an earlier part of the step was refused already (M29)."""
        clause = numbered("M29", self.institution(step).kind) if step.who else "M29"
        told = clause in refused.clauses or "permission" in refused.clauses
        if told or not step.same_reviewer or registry[steps[step.word].act].signatures < 2:
            return []
        return [Refusal(clause, "经办人和复核人不得为同一人。")]
