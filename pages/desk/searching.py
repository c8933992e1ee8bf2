"""Words in the search field of a list of cases."""

from typing import Any

from django.db.models import Q, QuerySet

from institutions.models import Institution
from offices.models import SignUp

SHORTEST_NUMBER = 3


def searched(rows: QuerySet[Any], text: str, number: str = "") -> QuerySet[Any]:
    """Rows whose institution has the words in its name, initials or codes.

    A text with a figure in it may also be a part of the case's own number; ``number`` leads to that.
    """
    if rows.model is SignUp:
        return rows.filter(Q(name__contains=text) | Q(uscc__startswith=text.upper()))
    named = Q(institution_id__in=Institution.objects.search(text).values("pk"))
    if not number or len(text) < SHORTEST_NUMBER or not any(sign.isdigit() for sign in text):
        return rows.filter(named)
    # Each found by an index of its own and then put together: one condition over both would be asked of every row.
    whole = rows.model._default_manager.order_by().values("pk")
    return rows.filter(pk__in=whole.filter(named).union(whole.filter(**{f"{number}__contains": text}), all=True))
