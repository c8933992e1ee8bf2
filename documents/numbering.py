"""Numbers of documents: gapless per issuer, kind and year, whatever happens at the same time.

Two schemes. A form of decision or notice: 朝医保定受〔2026〕第0001号. Red-headed documents and letters: 京医保中心公告〔2026〕1号
(GB/T 9704-2012: six-sided brackets, no 第, no zeros in front).
"""

from django.db import connection
from django.db.models import Count, Max

from documents.catalogue import PADDED, Kind
from documents.models import Counter, Document
from offices.models import Office


def next_serial(issuer: Office, catalogue: int, year: int) -> int:
    """The next serial number; a rollback gives it back, a commit makes it final.

    One lock per issuer, held to the end of the transaction: whoever issues several documents in one act can do it in any
    order. An act takes it last, after the cases' locks; an act with documents of two issuers starts with the lower id.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('documents.numbering'), %s)", [issuer.pk])
        cursor.execute(
            "insert into documents_counter (issuer_id, catalogue, year, last) values (%s, %s, %s, 1)"
            " on conflict (issuer_id, catalogue, year) do update set last = documents_counter.last + 1 returning last",
            [issuer.pk, catalogue, year],
        )
        return int(cursor.fetchone()[0])


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
