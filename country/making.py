"""A country's worth of institutions with their past, present and open matters, every row as the rules would have written it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.db.models import F, Model

from agreements.models import Agreement, AgreementFact
from agreements.projecting import MATTERS
from applications.models import Application, ApplicationFact
from casework.models import ActRecord
from country.loading import bare, copy, count_on, next_id
from country.mould import Mould, Moulding, licence, text_of
from country.people import Made, people, person
from country.stories import VARIANTS, WEIGHTS, Tell, ending, tell
from deadlines import clock
from deadlines.calendar_changes import seed as seed_calendar
from deadlines.loading import working_calendar
from deadlines.models import CalendarEdition, Deadline, Firing
from institutions.models import Institution, Licence, Person, Post
from offices.models import Office
from offices.seeding import seed_offices
from settlement.keeping import transaction_id
from settlement.models import SettlementLine
from standing.models import StandingFact

AT_ONCE = 2000
# Letter of an id in a mould → the table it counts in.
LETTERS: dict[str, type[Model]] = {
    "i": Institution, "c": Licence, "a": Agreement, "f": AgreementFact, "r": ActRecord, "p": Application, "q": ApplicationFact,
    "g": StandingFact, "h": Person, "o": Post, "l": Deadline, "u": Firing,
    **{f"m{model._meta.model_name}_": model for model in MATTERS},
}  # fmt: skip
MODELS: list[type[Model]] = [*LETTERS.values(), SettlementLine]


class NotEmpty(Exception):
    """There are agreements already: this is no place for made-up ones."""


class Making:
    """Writes institutions in batches; ``told`` is called after each with how many."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311  made-up data that can be made again
        self.calendar, self.today = working_calendar(), clock.today()
        self.office = Office.objects.get(role="city_agency", active=True)
        self.moulds: dict[tuple[Tell, str, int], Mould] = {}
        self.next: dict[str, int] = {letter: next_id(model) for letter, model in LETTERS.items()}
        self.counts: Counter[type[Model]] = Counter()
        self.texts: dict[type[Model], list[str]] = defaultdict(list)
        self.transaction = transaction_id()
        self.licence = licence()
        blank = Institution(ownership="private", complete=True, opened_on=self.today.replace(year=2018), insurance_department=True)
        for name in (
            "kind",
            "category",
            "district_id",
            "name",
            "initials",
            "uscc",
            "national_code",
            "address",
            "phone",
            "beds",
            "departments",
        ):
            setattr(blank, name, f"§{name}§")
        blank.pk = "§i§"
        self.institution = text_of(blank)

    def due(self, kind: str) -> Mould:
        """The mould of what is due since midnight: everything as it stood yesterday."""
        key = (ending, kind, 0)
        if key not in self.moulds:
            told = tell(ending, kind, self.today - timedelta(days=1), 0)
            self.moulds[key] = Moulding(told, self.calendar, self.office).make()
        return self.moulds[key]

    def mould(self, kind: str) -> Mould:
        """The mould of a story drawn by its weight."""
        story = self.random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        key = (story, kind, self.random.randrange(VARIANTS))
        if key not in self.moulds:
            self.moulds[key] = Moulding(tell(story, kind, self.today, key[2]), self.calendar, self.office).make()
        return self.moulds[key]

    def one(self, made: Made, number: int, due: bool) -> None:
        """One institution with its story."""
        mould = self.due(made.kind) if due else self.mould(made.kind)
        counting = self.next
        names: dict[str, Any] = {"i": counting["i"], "c": counting["c"], "s": number, "d": made.district, "x": self.transaction}
        counting["i"] += 1
        counting["c"] += 1
        for letter, needed in mould.needs.items():
            first = counting[letter]
            counting[letter] = first + needed
            for each in range(needed):
                names[f"{letter}{each + 1}"] = first + each
        if mould.has_person:
            names |= {"h": counting["h"], "who": person(self.random)}
            counting["h"] += 1
        names["lk"] = "practice_licence" if made.kind == "hospital" else "drug_licence"
        own = {
            "i": names["i"], "kind": made.kind, "category": made.category, "district_id": made.district, "name": made.name,
            "initials": made.initials, "uscc": made.uscc, "national_code": made.national_code, "address": f"北京市示例路{number}号",
            "phone": f"010-{60_000_000 + number % 30_000_000}", "beds": made.beds,
            "departments": '["内科", "外科"]' if made.kind == "hospital" else "[]",
        }  # fmt: skip
        self.texts[Institution].append(self.institution % own)
        self.texts[Licence].append(self.licence % names)
        self.counts[Institution] += 1
        self.counts[Licence] += 1
        for model, text in mould.texts.items():
            self.texts[model].append(text % names)
        self.counts.update(mould.rows)

    def flush(self) -> None:
        """Everything gathered goes into the tables."""
        for model, texts in self.texts.items():
            copy(model, "".join(texts))
        self.texts.clear()

    def finish(self) -> None:
        for letter, model in LETTERS.items():
            count_on(model, self.next[letter] - 1)


@transaction.atomic
def make(number: int, seed: int, told: Callable[[int], None], say: Callable[[str], None], due: int = 0) -> Counter[type[Model]]:
    """So many institutions in an empty database, of ``due`` of them the term is over since midnight; the rows of each table."""
    if Agreement.objects.exists() or Institution.objects.exists():
        raise NotEmpty
    seed_offices()
    seed_calendar()
    # Every deadline written below is counted by this calendar: nothing has to be derived anew because it is new.
    CalendarEdition.objects.update(recomputed=F("token"))
    making = Making(seed)
    with bare(MODELS, say):
        for count, made in enumerate(people(number, making.random), start=1):
            making.one(made, count, due=count <= due)
            if count % AT_ONCE == 0:
                making.flush()
                told(AT_ONCE)
        making.flush()
        told(number % AT_ONCE)
        making.finish()
    return making.counts
