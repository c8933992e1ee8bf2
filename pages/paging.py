"""Keyset pages: the next page starts after the last row shown, so that rows added meanwhile are neither lost nor shown twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

PAGE_SIZE = 50


@dataclass(frozen=True)
class Page:
    rows: Sequence[Any]
    next_url: str
    first_url: str


def page_of(
    request: HttpRequest,
    queryset: QuerySet[Any],
    *,
    size: int = PAGE_SIZE,
    by: str = "",
    newest_first: bool = True,
    shown: QuerySet[Any] | None = None,
) -> Page:
    """A page of rows by id, or by a day (``by``) and then by id. ``after`` in the address is the last one of the page before; nonsense
    there shows the first page.

    ``shown``: the rows with what the list says about them. Only those of the page are read whole and joined, not all
    that a search finds; in the same statement.
    """
    order = [f"{'-' if newest_first else ''}{name}" for name in (by, "pk") if name]
    ordered = queryset.order_by(*order)
    start = _start(request.GET.get("after", ""), dated=bool(by))
    if start is not None:
        day, pk = start
        beyond = "lt" if newest_first else "gt"
        here = Q(**{f"pk__{beyond}": pk})
        if by:  # the day also by itself: by it the index is entered
            here = Q(**{f"{by}__{beyond}e": day}) & (Q(**{f"{by}__{beyond}": day}) | here)
        ordered = ordered.filter(here)
    page = ordered[: size + 1]
    rows = list(page if shown is None else shown.filter(pk__in=page.values("pk")).order_by(*order))
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, _address(request, _key(rows[-1], by)) if more else "", _address(request, "") if start is not None else "")


def _start(after: str, *, dated: bool) -> tuple[date | None, int] | None:
    """The day, where rows stand by days, and the id that the page comes after."""
    day, _, pk = after.rpartition(".")
    if not pk.isdecimal() or len(pk) > 18 or bool(day) is not dated:
        return None
    try:
        return (date.fromisoformat(day) if dated else None), int(pk)
    except ValueError:
        return None


def _key(row: Any, by: str) -> str:
    return f"{getattr(row, by).isoformat()}.{row.pk}" if by else str(row.pk)


def _address(request: HttpRequest, after: str) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    if after:
        query["after"] = after
    return f"{request.path}?{query.urlencode()}" if query else request.path
