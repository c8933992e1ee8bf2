"""What a settlement system needs to keep a copy: the whole city on one day, and what has changed since (R7, R8).

A cursor names a series (``Feed.token``), a transaction and an institution. Rows carry the number of the transaction that wrote
them; a reader of changes takes only rows older than any transaction still under way, so that whatever commits later is still
ahead of the cursor and none is missed. A change may be told twice, never not at all.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Q

from settlement.answer import Answer, Query, settle
from settlement.lines import load
from settlement.models import Feed, SettlementLine

FIRST_SERIES = UUID(int=0)
READ_AT_ONCE = 2000
SHORT = 600
LARGEST = 2**63 - 1
SELECT = """
    select i.id, i.kind, i.uscc, i.national_code, i.legacy_code, i.name, l.data::text
    from settlement_settlementline l join institutions_institution i on i.id = l.institution_id
"""


class Unreadable(ValueError):
    """No cursor of this product."""


class OtherSeries(Exception):
    """A cursor of another series: the database was restored since; only a new snapshot helps."""


@dataclass(frozen=True)
class Cursor:
    """Everything before it has been told: transactions, and within one the institutions through ``institution_id``."""

    series: UUID
    transaction: int
    institution_id: int = 0

    def text(self) -> str:
        plain = f"{self.series.hex}.{self.transaction}.{self.institution_id}"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> Cursor:
        """Raises Unreadable, OtherSeries."""
        try:
            plain = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode("ascii")
            series, number, institution = plain.split(".")
            found = cls(UUID(hex=series), int(number), int(institution))
        except (binascii.Error, ValueError) as error:
            raise Unreadable(text) from error
        if not (0 <= found.transaction <= LARGEST and 0 <= found.institution_id <= LARGEST):
            raise Unreadable(text)
        # A transaction that has not been yet: counted in a database that this one is no continuation of.
        if found.series != series_now() or found.transaction > horizon():
            raise OtherSeries
        return found


@dataclass(frozen=True)
class Kept:
    """One institution as the snapshot tells it; ``line`` is the JSON text of its time line."""

    institution_id: int
    kind: str
    uscc: str | None
    national_code: str | None
    legacy_code: str | None
    name: str
    line: str

    def answer(self, day: date) -> Answer:
        """For an ordinary service on a day: no stay, no department or person named."""
        return (_remembered if len(self.line) <= SHORT else _ordinary)(self.kind, self.line, day)


def _ordinary(kind: str, line: str, day: date) -> Answer:
    return settle(load(kind, json.loads(line)), Query(day))


# Thousands of agreements run from January 1 to December 31: their lines are alike, and short.
_remembered = lru_cache(maxsize=10_000)(_ordinary)


def series_now() -> UUID:
    """The series that cursors count in."""
    return Feed.objects.values_list("token", flat=True).first() or FIRST_SERIES


def new_series() -> UUID:
    """Called when a database was restored: what was read of the other one's future must be read anew."""
    token = uuid4()
    Feed.objects.update_or_create(id=1, defaults={"token": token})
    return token


# Transactions of other databases of the same server do not matter here, so that their length delays nobody. The snapshot comes
# first: whatever began before its upper end is then either over, or seen under way. Numbers under way have 32 bits only.
UNDER_WAY = """
    with now as (
        select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as low, pg_snapshot_xmax(pg_current_snapshot())::text::bigint as high
    ), sessions as (
        select backend_xid as xid, pg_has_role(usesysid, 'usage') or pg_has_role('pg_read_all_stats', 'usage') as seen
        from pg_stat_activity where datname = current_database() and usesysid is not null
        union all select transaction, true from pg_prepared_xacts where database = current_database()
    ), numbers as (
        select xid::text::bigint + (high / 4294967296 - (xid::text::bigint > high % 4294967296)::int) * 4294967296 as number
        from sessions, now where xid is not null
    )
    select case when (select bool_and(seen) from sessions) then least(high, (select min(number) from numbers)) else low end from now
"""


def horizon() -> int:
    """The first transaction that may still be under way; all before it have ended."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_stat_clear_snapshot()")
        cursor.execute(UNDER_WAY)
        return int(cursor.fetchone()[0])


def start() -> Cursor:
    """The cursor to go on from after a snapshot: taken before the rows are read, so that nothing falls between."""
    return Cursor(series_now(), horizon())


def snapshot(district: str | None = None) -> Iterator[Kept]:
    """Every institution that ever had an agreement, read by one statement through a cursor in the server: flat memory."""
    where, given = (" where i.district_id = %s", [district]) if district is not None else ("", [])
    # The order of the table itself: sorting a million rows first would cost memory and time.
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(SELECT + where, given)
        while rows := cursor.fetchmany(READ_AT_ONCE):
            yield from (Kept(*row) for row in rows)


@dataclass(frozen=True)
class Changed:
    """A page of changes: rows, where to go on, whether there are more already."""

    rows: list[SettlementLine]
    cursor: Cursor
    more: bool


def changes(since: Cursor, limit: int, among: Any = None) -> Changed:
    """Lines written since a cursor, by writing transaction and institution; two queries whatever is asked."""
    until = horizon()
    after = Q(changed_in__gt=since.transaction) | Q(changed_in=since.transaction, institution__gt=since.institution_id)
    rows = SettlementLine.objects.filter(after, changed_in__gte=since.transaction, changed_in__lt=until)
    if among is not None:
        rows = rows.filter(institution__in=among)
    found = list(rows.select_related("institution").order_by("changed_in", "institution")[: limit + 1])
    if len(found) > limit:
        last = found[limit - 1]
        return Changed(found[:limit], Cursor(since.series, last.changed_in, last.institution_id), more=True)
    return Changed(found, Cursor(since.series, max(until, since.transaction)), more=False)
