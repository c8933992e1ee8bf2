"""Taking over the agreements of a running district from its list, by command, page or program alike (R16: facts taken over).

Each row goes through the one door as ``take_over_agreement``; the log says that the system did it and who set it to work.
A file can be read again at any time: what is registered already stays as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import BinaryIO

import pghistory
from django.db import transaction

from agreements.import_rows import CODES, COLUMNS, Candidate, institutions_of, on_record, read_row
from agreements.models import Agreement
from casework.door import perform
from casework.refusals import NotDone
from institutions.importing import Entry, Summary
from institutions.imports.batch import CREATED, REFUSED, UNCHANGED
from institutions.imports.cells import Refuse
from institutions.imports.files import Table, open_table
from institutions.models import Institution
from institutions.posts import holders
from offices.actors import Actor, system_run_by

__all__ = ["COLUMNS", "Entry", "Summary", "import_table", "read_and_import"]

OnRow = Callable[[Entry], None]


def read_and_import(name: str, file: BinaryIO, on_row: OnRow = lambda entry: None, *, by: str, dry_run: bool = False) -> Summary:
    """An uploaded file in one go; ``by``: who lets it be read. BadFile where nothing can be made of it."""
    return import_table(open_table(name, file, COLUMNS), on_row, by=by, dry_run=dry_run, source=name)


def import_table(table: Table, on_row: OnRow = lambda entry: None, *, by: str, dry_run: bool = False, source: str = "") -> Summary:
    """Takes the table in, institution by institution; ``on_row`` hears of the rows that cannot be read first."""
    summary = Summary(unknown_columns=tuple(table.unknown), dry_run=dry_run)

    def tell(entry: Entry) -> None:
        summary.count(entry)
        on_row(entry)

    actor, basis = system_run_by(by), f"由{by}导入{source}"[:300]
    with pghistory.context(command="import_agreements", by=by, source=source):
        candidates = _readable(table, tell)
        for institution, rows in _by_institution(candidates, tell).items():
            for entry in _take(institution, rows, actor, basis, dry_run):
                tell(entry)
    return summary


def _readable(table: Table, tell: OnRow) -> list[Candidate]:
    candidates: dict[str, Candidate] = {}
    for number, row in table:
        try:
            candidate = read_row(number, row)
            earlier = candidates.setdefault(candidate.number, candidate)
            if earlier is not candidate:
                raise Refuse(f"与第 {earlier.row} 行的协议编号相同。")
        except Refuse as error:
            code = next((row[name] for name in ("code", *CODES) if row.get(name)), "")
            tell(Entry(number, code, row.get("name", ""), REFUSED, str(error)))
    return list(candidates.values())


def _by_institution(candidates: list[Candidate], tell: OnRow) -> dict[Institution, list[Candidate]]:
    found: dict[Institution, list[Candidate]] = defaultdict(list)
    for candidate, institution in institutions_of(candidates):
        if isinstance(institution, Refuse):
            tell(_entry(candidate, REFUSED, str(institution)))
        else:
            found[institution].append(candidate)
    return found


@transaction.atomic
def _take(institution: Institution, candidates: list[Candidate], actor: Actor, basis: str, dry_run: bool) -> list[Entry]:
    """All rows of one institution in one transaction, so that a dry run sees what they do to one another."""
    numbers = [candidate.number for candidate in candidates]
    there = {each.number: each for each in Agreement.objects.filter(number__in=numbers, annulled=False)}
    entries = []
    for candidate in candidates:
        try:
            if _is_there(candidate, institution, there.get(candidate.number)):
                entries.append(_entry(candidate, UNCHANGED, name=institution.name))
                continue
            perform("take_over_agreement", institution, actor=actor, data={**candidate.data, "source": basis})
            entries.append(_entry(candidate, CREATED, name=institution.name, notes=_notes(candidate, institution)))
        except (Refuse, NotDone) as error:
            entries.append(_entry(candidate, REFUSED, str(error), name=institution.name))
    if dry_run:
        transaction.set_rollback(True)
    return entries


def _is_there(candidate: Candidate, institution: Institution, agreement: Agreement | None) -> bool:
    """Whether the agreement is registered already. Refuse: something else is registered under its number."""
    if agreement is None:
        return False
    if agreement.institution_id != institution.pk:
        raise Refuse("这个协议编号已登记在另一家机构名下。")
    if on_record(agreement) != candidate.says():
        end = f"，{agreement.ended_on}起不再有效" if agreement.ended_on < agreement.last_day else ""
        term = f"{agreement.first_day}至{agreement.last_day}{end}"
        raise Refuse(f"已登记的同号协议内容不同（{agreement.get_kind_display()}，{term}）；如登记有误，请先更正。")
    return True


def _notes(candidate: Candidate, institution: Institution) -> tuple[str, ...]:
    notes = []
    if candidate.name and candidate.name != institution.name:
        notes.append("机构名称与库中不一致，以编码为准")
    if candidate.data.get("nature") == "serious_violation" and not holders(institution, candidate.data["terminated_on"]):
        notes.append("没有登记解除当日的三类人员，五年内不得申请的限制没有落到人")
    return tuple(notes)


def _entry(candidate: Candidate, outcome: str, reason: str = "", *, name: str = "", notes: tuple[str, ...] = ()) -> Entry:
    return Entry(candidate.row, candidate.code, name or candidate.name, outcome, reason, notes)
