"""Taking in the list of dishonest persons (M12.8), by command, page or program alike: by identity number, through the one door.

Whoever is on the list and holds no post yet is kept, so that an institution is barred once that person comes into one of its
three posts. A complete list also takes off whom it no longer names. A file can be read again at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

import pghistory
from django.db import transaction

from casework.door import perform
from casework.refusals import NotDone
from deadlines import clock
from institutions.identity import BadIdentityNumber, compact, hashes_of, masked, resident_number_of
from institutions.importing import Entry, Summary
from institutions.imports.batch import REFUSED, UNCHANGED
from institutions.imports.cells import Refuse, date_cell, read_cells
from institutions.imports.columns import Columns
from institutions.imports.files import Table, open_table
from institutions.models import Person
from institutions.names import tidy_name
from institutions.posts import institutions_of
from offices.actors import Actor, system_run_by
from standing.acts.dishonest import removed_on
from standing.reading import listed_on

__all__ = ["COLUMNS", "Entry", "Summary", "import_table", "read_and_import"]

LISTED, TAKEN_OFF = "列入", "移出"
COLUMNS = Columns(
    {
        "name": ("姓名", "被执行人姓名", "名称"),
        "id_number": ("身份证件号码", "身份证号", "身份证号码", "证件号码", "公民身份号码"),
        "since": ("列入日期", "列入之日", "列入时间", "发布日期", "发布时间"),
        "source": ("来源", "依据", "列入依据", "案号", "执行依据文号"),
    },
    [("name",), ("id_number",)],
    "没有认出表头：第一行要有“姓名”（name）和“身份证件号码”（id_number）两栏。",
)
OnRow = Callable[[Entry], None]


@dataclass(frozen=True)
class Candidate:
    """One person of the list. The number is never told to anybody but masked (M35)."""

    row: int
    name: str
    id_number: str
    since: date | None
    source: str

    def entry(self, outcome: str, reason: str = "", notes: tuple[str, ...] = ()) -> Entry:
        return Entry(self.row, masked(self.id_number), self.name, outcome, reason, notes)


def read_and_import(
    name: str, file: BinaryIO, on_row: OnRow = lambda entry: None, *, by: str, complete: bool = False, dry_run: bool = False
) -> Summary:
    """An uploaded file in one go; ``by``: who lets it be read. BadFile where nothing can be made of it."""
    return import_table(open_table(name, file, COLUMNS), on_row, by=by, complete=complete, dry_run=dry_run, source=name)


def import_table(
    table: Table, on_row: OnRow = lambda entry: None, *, by: str, complete: bool = False, dry_run: bool = False, source: str = ""
) -> Summary:
    """Takes the table in; with ``complete`` whoever it does not name is taken off, but only if every row could be read."""
    summary = Summary(unknown_columns=tuple(table.unknown), dry_run=dry_run)
    unread: list[int] = []

    def tell(entry: Entry) -> None:
        summary.count(entry)
        if entry.outcome == REFUSED:
            unread.append(entry.number)
        on_row(entry)

    actor = system_run_by(by)
    with pghistory.context(command="import_dishonest", by=by, source=source):
        candidates = _readable(table, tell)
        people = _known(candidates)
        before = set(listed_on(clock.today()).values_list("pk", flat=True))
        for candidate in candidates:
            tell(_listed(candidate, people.get(candidate.row), before, actor, source, dry_run))
        if complete and (unread or not candidates):
            summary.notes["名单没有全部读懂，或没有数据行，因此没有移出任何人"] = unread
        elif complete:
            named = {person.pk for person in people.values()}
            for person in listed_on(clock.today()).exclude(pk__in=named).order_by("pk"):
                if person.pk in before:
                    on_row(_taken_off(person, actor, source, dry_run))
                    summary.outcomes[TAKEN_OFF] += 1
    return summary


def _readable(table: Table, tell: OnRow) -> list[Candidate]:
    candidates: dict[str, Candidate] = {}
    for number, row in table:
        try:
            candidate = _read(number, row)
            earlier = candidates.setdefault(candidate.id_number, candidate)
            if earlier is not candidate:
                tell(candidate.entry(UNCHANGED, notes=(f"与第 {earlier.row} 行是同一人",)))
        except Refuse as error:
            tell(Entry(number, masked(compact(row.get("id_number", ""))), row.get("name", ""), REFUSED, str(error)))
    return list(candidates.values())


def _read(number: int, row: Mapping[str, str]) -> Candidate:
    values, wrong = read_cells(row, {"since": date_cell("列入日期")})
    name = tidy_name(row.get("name", ""))
    if not name:
        wrong.append("没有姓名。")
    elif len(name) > 100:
        wrong.append("姓名超过 100 字。")
    try:
        id_number = resident_number_of(row.get("id_number", ""))
    except BadIdentityNumber as error:
        wrong.append(str(error))
    since = values.get("since")
    if since and since > clock.today():
        wrong.append("列入日期晚于今天。")
    if wrong:
        raise Refuse(" ".join(wrong))
    return Candidate(number, name, id_number, since, row.get("source", "")[:300])


def _known(candidates: list[Candidate]) -> dict[int, Person]:
    """Row → the person with that number, if there is one. One query; numbers hashed under older keys are found too."""
    hashes = {each: candidate.row for candidate in candidates for each in hashes_of(candidate.id_number)}
    return {hashes[str(person.id_number_hash)]: person for person in Person.objects.filter(id_number_hash__in=hashes)}


def _listed(candidate: Candidate, person: Person | None, before: set[int], actor: Actor, source: str, dry_run: bool) -> Entry:
    notes = []
    if person is not None and person.name != candidate.name:
        notes.append("证件号码已登记为另一姓名，以号码为准")
    if person is not None and person.pk in before:
        return candidate.entry(UNCHANGED, notes=tuple(notes))
    since = candidate.since
    if person is not None and since is not None:
        removed = removed_on(person)
        if removed and since < removed:
            since = removed
            notes.append("曾移出名单，自移出之日起重新列入")
    try:
        with transaction.atomic():
            if person is None:
                registered = perform("register_person", actor=actor, data={"name": candidate.name, "id_number": candidate.id_number})
                person = Person.objects.get(pk=registered.record.data["person"])
            elif institutions_of([person.pk]):
                notes.append("现任机构的法定代表人、主要负责人或实际控制人，请留意其申请和协议")
            perform("list_dishonest", person, actor=actor, data={"since": since, "source": candidate.source or source})
            if dry_run:
                transaction.set_rollback(True)
    except NotDone as error:
        return candidate.entry(REFUSED, str(error))
    return candidate.entry(LISTED, notes=tuple(notes))


def _taken_off(person: Person, actor: Actor, source: str, dry_run: bool) -> Entry:
    with transaction.atomic():
        perform("unlist_dishonest", person, actor=actor, data={"source": f"不在完整名单{source}中"[:300]})
        if dry_run:
            transaction.set_rollback(True)
    return Entry(0, person.masked_id_number, person.name, TAKEN_OFF)
