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


def page_of(request: HttpRequest, queryset: QuerySet[Any], *, size: int = PAGE_SIZE, newest_first: bool = True) -> Page:
    """A page of rows by id. ``after`` in the address is the last id of the page before; nonsense there shows the first page."""
    after = request.GET.get("after", "")
    ordered = queryset.order_by("-pk" if newest_first else "pk")
    started = after.isdecimal() and len(after) < 19
    if started:
        ordered = ordered.filter(**{"pk__lt" if newest_first else "pk__gt": int(after)})
    rows = list(ordered[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, _address(request, str(rows[-1].pk)) if more else "", _address(request, "") if started else "")


def _address(request: HttpRequest, after: str) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    if after:
        query["after"] = after
    return f"{request.path}?{query.urlencode()}" if query else request.path
