"""A story as rows: folded once by the product's own rules, then written again and again under other ids.

An id that is not known yet is a mark: ``§f3§`` the third fact, ``§a1§`` the first agreement. Each table's rows become one text for
COPY in which every mark is a place to fill in.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import JSONField, Model

from agreements.deadlines import wanted
from agreements.folding import read
from agreements.models import Agreement, AgreementFact
from agreements.projecting import MATTERS
from agreements.term import Term
from applications import deadlines as road_deadlines
from applications import road
from applications.models import Application, ApplicationFact
from casework.facts import PlainFact
from casework.models import ActRecord
from country.stories import Story
from deadlines import clock, registry
from deadlines.calendar import WorkingCalendar
from deadlines.models import Deadline, Firing
from deadlines.sync import _filled, _wake
from deadlines.wakes import due_moment
from deadlines.wanted import WantedDeadline
from institutions.models import Institution, Licence, Person, Post
from offices.models import Office
from settlement.lines import dump, line_of
from settlement.models import SettlementLine
from standing.models import StandingFact

MARK, QUOTED = re.compile(r"§(\w+)§"), re.compile(r'"§(\w+)§"')
# What facts name by id, and what kind of id it is.
NAMED = {"of": "f", "intention": "f", "agreement": "a"}
TITLES = {"signed": "签约", "filed": "备案", "suspended": "中止协议", "terminated": "解除协议", "drafted": "新建申请", "accepted": "受理"}


@dataclass
class Mould:
    """Texts to fill in by table; ``needs`` says how many ids of each letter a filling takes."""

    texts: dict[type[Model], str] = field(default_factory=dict)
    rows: Counter[type[Model]] = field(default_factory=Counter)
    needs: Counter[str] = field(default_factory=Counter)
    has_person: bool = False


class Moulding:
    """Makes the rows of one story."""

    def __init__(self, story: Story, calendar: WorkingCalendar, office: Office) -> None:
        self.story, self.calendar, self.office = story, calendar, office
        self.rows: dict[type[Model], list[Model]] = defaultdict(list)
        self.needs: Counter[str] = Counter()
        self.institution = Institution(kind=story.kind)
        self.institution.pk = "§i§"

    def make(self) -> Mould:
        self._agreements()
        self._application()
        self._standing()
        mould = Mould(needs=self.needs, has_person=any(person for _, person in self.story.standing))
        for model, rows in self.rows.items():
            mould.texts[model] = "".join(text_of(row) for row in rows)
            mould.rows[model] = len(rows)
        return mould

    def number(self, letter: str) -> str:
        self.needs[letter] += 1
        return f"§{letter}{self.needs[letter]}§"

    def add(self, row: Any, letter: str) -> Any:
        row.pk = self.number(letter)
        self.rows[type(row)].append(row)
        return row

    def _act(self, fact: PlainFact, label: str, case: Any) -> str:
        """The record of the act behind a fact."""
        assert fact.at is not None
        act = ActRecord(
            word=fact.kind, title=TITLES.get(fact.kind, "办理"), case_label=label, case_id=case, institution_id="§i§", on=fact.at.date(),
            at=fact.at, role=self.office.role, office_id=self.office.pk, office_name=self.office.name, user_name="示例", version=1,
        )  # fmt: skip
        return str(self.add(act, "r").pk)

    def _placed(self, row: Any) -> Any:
        """The row with what the database would take over from its institution, were its triggers not off."""
        row.district, row.institution_kind = "§d§", self.story.kind
        return row

    def _fact(self, model: type[Model], fact: PlainFact, pk: str, act: str, **of: Any) -> None:
        data = {name: f"§{NAMED[name]}{value}§" if name in NAMED and value else value for name, value in fact.data.items()}
        row: Any = model(kind=fact.kind, on=fact.on, at=fact.at, data=data, **of)
        row.pk, row.act_id = pk, act
        self.rows[model].append(row)

    def _agreements(self) -> None:
        today = self.story.today
        found: list[Term] = []
        rows: list[Agreement] = []
        for plan in self.story.plans:
            previous = found[plan.previous - 1] if plan.previous else None
            found.append(read(plan.facts, None, previous))
            row = Agreement(institution=self.institution, number=f"京示〔§s§〕{len(found)}", kind=plan.kind, version=len(plan.facts))
            row.first_day, row.last_day, row.ended_on = plan.first_day, plan.last_day, found[-1].ended_on
            row.state, row.end_state, row.filed_on = found[-1].state(today), found[-1].end.state, found[-1].filed_on
            row.renewal_stage = found[-1].renewal_stage
            for name, since in found[-1].waiting.items():
                setattr(row, name, since)
            self.add(self._placed(row), "a")
            row.previous_id = rows[plan.previous - 1].pk if plan.previous else None
            rows.append(row)
        for plan, row, term in zip(self.story.plans, rows, found, strict=True):
            for fact in plan.facts:
                self.needs["f"] = max(self.needs["f"], fact.id)
                self._fact(AgreementFact, fact, f"§f{fact.id}§", self._act(fact, "agreement", row.pk), agreement=row)
            self._matters(row, term)
            for each in wanted(row, term, self.calendar, today):
                self._deadline(each, "agreement", row.pk, f"§f{each.key}§" if each.key.isdigit() else each.key)
        if rows:
            line = SettlementLine(data=dump(line_of(self.story.kind, found, {})), changed_in="§x§", changed_at=clock.now())
            line.institution_id = "§i§"
            self.rows[SettlementLine].append(line)

    def _matters(self, agreement: Agreement, term: Term) -> None:
        for model in MATTERS:
            for each in model.pure(term):
                row: Any = model(agreement=agreement, institution=self.institution, opened_by=f"§f{each.id}§")
                row.fill(each)
                row.state = model.state_on(each, term, self.story.today)
                self.add(self._placed(row), f"m{model._meta.model_name}_")

    def _application(self) -> None:
        facts, today = self.story.application, self.story.today
        if not facts:
            return
        row = Application(institution=self.institution, number="京示申〔§s§〕", started_on=facts[0].on, version=len(facts))
        self.add(self._placed(row), "p")
        folded = road.read(facts, self.calendar, 0)
        rows = road_deadlines.wanted(row, folded, today)
        row.state, row.filed_on, row.accepted_on = folded.state(today), folded.filed_on, folded.accepted_on
        row.waits_for, row.due_on, row.paused_since = road_deadlines.waits_for(folded, rows, today)
        for fact in facts:
            self._fact(ApplicationFact, fact, self.number("q"), self._act(fact, "application", row.pk), application=row)
        for each in rows:
            self._deadline(each, "application", row.pk, each.key)

    def _standing(self) -> None:
        for fact, of_person in self.story.standing:
            act = self._act(fact, "institution", "§i§")
            of = {"institution": None, "person_id": "§h§"} if of_person else {"institution": self.institution}
            self._fact(StandingFact, fact, self.number("g"), act, **of)
        if any(person for _, person in self.story.standing):
            person = Person(name="§who§")
            person.pk = "§h§"
            self.rows[Person].append(person)
            post = Post(institution=self.institution, post="legal_representative", from_on=date(2020, 1, 1))
            post.person_id = "§h§"
            self.add(post, "o")

    def _deadline(self, each: WantedDeadline, label: str, case: Any, key: str) -> None:
        """The row as the timer has left it: warned of every mark gone by, fired when its day was over."""
        row = _filled(Deadline(case_label=label, case_id=0, kind=each.kind, key=each.key), each, 0, "")
        today = self.story.today
        row.case_id, row.institution_id, row.district, row.key = case, "§i§", "§d§", key
        warnings = registry.warn_days(row.kind)
        over = row.due_on is not None and row.due_on < today
        waiting = row.state not in ("cancelled", "paused") and not (row.nature == "duty" and row.state == "met")
        if row.due_on is not None and waiting:
            row.warned = sorted((n for n in warnings if over or row.due_on - timedelta(days=n) <= today), reverse=True)
        if over and waiting and row.due_on is not None:
            row.fired_at = due_moment(row.due_on)
            row.escalated_at = row.fired_at if row.state == "missed" else None
        _wake(row)
        self.add(row, "l")
        if row.fired_at is not None and row.due_on is not None:
            firing = Firing(due_on=row.due_on, fired_at=row.fired_at)
            firing.deadline_id = row.pk
            self.add(firing, "u")


def licence() -> str:
    """The licence that every institution has."""
    row = Licence(kind="§lk§", number="京示§s§", valid_from=date(2020, 1, 1), valid_to=None)
    row.institution_id, row.pk = "§i§", "§c§"
    return text_of(row)


def columns_of(model: type[Model]) -> list[str]:
    return [str(each.column) for each in model._meta.concrete_fields]


def text_of(row: Any) -> str:
    """One line for COPY, its marks as places to fill in."""
    cells: list[str] = []
    for each in row._meta.concrete_fields:
        value = getattr(row, each.attname)
        text = escaped(plain(each, value)).replace("%", "%%")
        if isinstance(each, JSONField):
            text = QUOTED.sub(r"%(\1)s", text)
        cells.append(MARK.sub(r"%(\1)s", text))
    return "\t".join(cells) + "\n"


def plain(column: Any, value: Any) -> str | None:
    """A value as PostgreSQL reads it."""
    if value is None:
        return None
    if isinstance(column, JSONField):
        return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)
    if isinstance(column, ArrayField):
        return "{" + ",".join('"' + str(each).replace("\\", "\\\\").replace('"', '\\"') + '"' for each in value) + "}"
    if isinstance(value, bool):
        return "t" if value else "f"
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def escaped(text: str | None) -> str:
    if text is None:
        return r"\N"
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
