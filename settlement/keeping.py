"""Keeps each institution's line in the transaction of the act that changes it (R7)."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from agreements.models import Agreement
from agreements.projecting import kept_above
from deadlines import clock
from institutions.models import Institution, Person
from settlement.answer import Line
from settlement.lines import dump, line_of
from settlement.models import SettlementLine


def derived_line(institution: Institution, moment: datetime | None = None) -> Line:
    """The line from the facts: as known now, or as it was known at a moment."""
    agreements = (
        Agreement.objects.filter(institution=institution).select_related("main", "previous").prefetch_related("facts").order_by("pk")
    )
    terms = [agreement.term_known(moment) for agreement in agreements]
    ids = {each.person for term in terms for each in term.parts if isinstance(each.person, int)}
    names = dict(Person.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    return line_of(institution.kind, terms, names)


def keep(institution_id: int) -> None:
    """Write the line if it has changed."""
    institution = Institution.objects.get(pk=institution_id)
    data = dump(derived_line(institution))
    stored = SettlementLine.objects.filter(institution=institution).first()
    if stored is not None and stored.data == data:
        return
    SettlementLine.objects.update_or_create(
        institution=institution, defaults={"data": data, "changed_in": transaction_id(), "changed_at": clock.now()}
    )


def transaction_id() -> int:
    """The number of the transaction under way."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_xact_id()::text::bigint")
        return int(cursor.fetchone()[0])


kept_above.append(keep)
