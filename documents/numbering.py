"""Numbers of documents: gapless per issuer, kind and year, whatever happens at the same time.

Two schemes. A form of decision or notice: 朝医保定受〔2026〕第0001号. Red-headed documents and letters: 京医保中心公告〔2026〕1号
(GB/T 9704-2012: six-sided brackets, no 第, no zeros in front).
"""

from collections.abc import Mapping

from django.db import connection
from django.db.models import Count, Max

from documents.catalogue import PADDED, Kind
from documents.models import Counter, Document
from offices.models import Office


def next_serials(wanted: Mapping[tuple[int, int, int], int]) -> dict[tuple[int, int, int], int]:
    """The first of so many further serial numbers for each (issuer, kind, year); a rollback gives them back, a commit makes them final.

    One lock per issuer, held to the end of the transaction: whoever issues several documents in one act can do it in any
    order. An act takes it last, after the cases' locks; an act with documents of two issuers starts with the lower id.
    """
    if not wanted:
        return {}
    rows = sorted(wanted)
    with connection.cursor() as cursor:
        # The rows come in the order of the list.
        issuers = sorted({issuer for issuer, _, _ in rows})
        cursor.execute("select pg_advisory_xact_lock(hashtext('documents.numbering'), id) from unnest(%s::int[]) as issuer(id)", [issuers])
        cursor.execute(
            "insert into documents_counter (issuer_id, catalogue, year, last)"
            " select * from unnest(%s::bigint[], %s::smallint[], %s::smallint[], %s::int[])"
            " on conflict (issuer_id, catalogue, year) do update set last = documents_counter.last + excluded.last"
            " returning issuer_id, catalogue, year, last",
            [*(list(each) for each in zip(*rows, strict=True)), [wanted[row] for row in rows]],
        )
        return {(issuer, kind, year): last - wanted[issuer, kind, year] + 1 for issuer, kind, year, last in cursor.fetchall()}


def number_text(kind: Kind, issuer: Office, year: int, serial: int) -> str:
    """The number as printed."""
    if not issuer.short_name:
        raise ValueError(f"{issuer.name}没有机关代字，不能编文号。")
    prefix = f"{issuer.short_name}{kind.word}〔{year}〕"
    return f"{prefix}第{serial:04d}号" if kind.form in PADDED else f"{prefix}{serial}号"


def gaps() -> list[Counter]:
    """Counters whose documents are not exactly 1 … last: always empty, asked by the nightly check."""
    counted = {
        (row["issuer"], row["catalogue"], row["year"]): (row["rows"], row["top"])
        for row in Document.objects.order_by().values("issuer", "catalogue", "year").annotate(rows=Count("id"), top=Max("serial"))
    }
    return [each for each in Counter.objects.all() if counted.get((each.issuer_id, each.catalogue, each.year)) != (each.last, each.last)]
