"""Taking in a list of institutions, by command, page or program alike.

Rows go in by batches, each in a transaction of its own: a file that breaks off can simply be read again, for what is there
already stays as it is. A dry run does the same and takes all of it back.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO

import pghistory
from django.db import IntegrityError, transaction

from institutions.imports.batch import REFUSED, Batch
from institutions.imports.cells import Refuse
from institutions.imports.files import BadFile, Table, open_table
from institutions.imports.rows import Candidate, read_row
from institutions.places import CODES
from offices.models import District

__all__ = ["BadFile", "Entry", "Summary", "import_table", "open_table", "read_and_import"]

BATCH = 1000


@dataclass(frozen=True)
class Entry:
    """What became of one row of the file: taken or not, why not, and what somebody should look at."""

    number: int
    code: str
    name: str
    outcome: str
    reason: str = ""
    notes: tuple[str, ...] = ()


@dataclass
class Summary:
    """Figures of a whole file; ``incomplete`` counts the rows taken that cannot apply yet, ``notes`` the row numbers by note."""

    rows: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    notes: dict[str, list[int]] = field(default_factory=dict)
    incomplete: int = 0
    unknown_columns: tuple[str, ...] = ()
    dry_run: bool = False

    def count(self, entry: Entry) -> None:
        self.rows += 1
        self.outcomes[entry.outcome] += 1
        for note in entry.notes:
            self.notes.setdefault(note, []).append(entry.number)


def read_and_import(name: str, file: BinaryIO, on_row: Callable[[Entry], None] = lambda entry: None, **options: object) -> Summary:
    """An uploaded file in one go; BadFile where nothing can be made of it."""
    return import_table(open_table(name, file), on_row, **options)  # type: ignore[arg-type]


def import_table(
    table: Table,
    on_row: Callable[[Entry], None] = lambda entry: None,
    *,
    dry_run: bool = False,
    default_kind: str = "",
    source: str = "",
) -> Summary:
    """Takes the table in; ``on_row`` hears of each row in the order of its batch, the refused first."""
    missing = CODES - set(District.objects.values_list("code", flat=True))
    if missing:
        raise BadFile("数据库中还没有建立各区，请先运行 seed_offices。")
    summary = Summary(unknown_columns=tuple(table.unknown), dry_run=dry_run)
    seen: dict[int, int] = {}
    rows = iter(table)
    with transaction.atomic() if dry_run else nullcontext(), pghistory.context(command="import_institutions", source=source):
        while chunk := list(islice(rows, BATCH)):
            for entry in _take(chunk, seen, default_kind, summary):
                summary.count(entry)
                on_row(entry)
        if dry_run:
            transaction.set_rollback(True)
    return summary


def _take(chunk: list[tuple[int, dict[str, str]]], seen: dict[int, int], default_kind: str, summary: Summary) -> Iterator[Entry]:
    texts = dict(chunk)
    candidates = []
    for number, row in chunk:
        try:
            candidates.append(read_row(number, row, default_kind))
        except Refuse as error:
            yield _entry(number, row, REFUSED, str(error))
    batch = _written(candidates, seen)
    for candidate, reason in batch.refused:
        yield _entry(candidate.number, texts[candidate.number], REFUSED, reason)
    for each in batch.taken:
        seen[each.institution.pk] = each.candidate.number
        summary.incomplete += not each.institution.complete
        yield _entry(each.candidate.number, texts[each.candidate.number], each.outcome, notes=tuple(dict.fromkeys(each.candidate.notes)))


def _written(candidates: list[Candidate], seen: dict[int, int]) -> Batch:
    """Once more if somebody else wrote one of the same codes at the same moment: now it is there to be matched."""
    batch = Batch(candidates, seen)
    try:
        batch.write()
    except IntegrityError:
        batch = Batch(candidates, seen)
        batch.write()
    return batch


def _entry(number: int, row: dict[str, str], outcome: str, reason: str = "", notes: tuple[str, ...] = ()) -> Entry:
    code = row.get("uscc") or row.get("national_code") or row.get("legacy_code") or ""
    return Entry(number, code, row.get("name", ""), outcome, reason, notes)
