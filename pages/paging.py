"""Keyset pages: the next page starts after the last row shown, so that rows added meanwhile are neither lost nor shown twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

PAGE_SIZE = 50


@dataclass(frozen=True)
class Page:
    rows: Sequence[Any]
    next_url: str
    first_url: str


def page_of(
    request: HttpRequest, queryset: QuerySet[Any], *, size: int = PAGE_SIZE, newest_first: bool = True, shown: QuerySet[Any] | None = None
) -> Page:
    """A page of rows by id. ``after`` in the address is the last id of the page before; nonsense there shows the first page.

    ``shown``: the rows with what the list says about them. Only those of the page are read whole and joined, not all
    that a search finds; in the same statement.
    """
    after = request.GET.get("after", "")
    order = "-pk" if newest_first else "pk"
    ordered = queryset.order_by(order)
    started = after.isdecimal() and len(after) < 19
    if started:
        ordered = ordered.filter(**{"pk__lt" if newest_first else "pk__gt": int(after)})
    page = ordered[: size + 1]
    rows = list(page if shown is None else shown.filter(pk__in=page.values("pk")).order_by(order))
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, _address(request, str(rows[-1].pk)) if more else "", _address(request, "") if started else "")


def _address(request: HttpRequest, after: str) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    if after:
        query["after"] = after
    return f"{request.path}?{query.urlencode()}" if query else request.path
