"""Keyset pages: the next page starts after the last row shown, so rows added meanwhile are neither lost nor shown twice."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.problems import Unusable

USUAL, MOST = 50, 200
LARGEST = 2**63 - 1


def whole(request: Request, name: str, usual: int, most: int) -> int:
    """A whole number of the query, from 1. Raises Unusable."""
    given = request.query_params.get(name, "")
    if not given:
        return usual
    if not (given.isascii() and given.isdecimal()) or len(given) > 19 or not 1 <= int(given) <= most:
        raise Unusable({name: [f"请填1至{most}之间的整数。"]})
    return int(given)


class KeysetPagination(BasePagination):
    """``after`` is the id of the last row of the page before; ``limit`` the number of rows. Newest first."""

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        limit = whole(request, "limit", USUAL, MOST)
        after = whole(request, "after", 0, LARGEST)
        rows = queryset.order_by("-pk")
        if after:
            rows = rows.filter(pk__lt=after)
        found = list(rows[: limit + 1])
        self.next = self._address(request, found[limit - 1].pk) if len(found) > limit else None
        return found[:limit]

    @staticmethod
    def _address(request: Request, after: int) -> str:
        query = {**request.query_params.dict(), "after": str(after)}
        return f"{request.path}?{urlencode(query)}"

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        next_page = {"type": ["string", "null"], "description": "下一页的地址；没有更多时为 null。"}
        return {"type": "object", "required": ["next", "results"], "properties": {"next": next_page, "results": schema}}

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        after = {"type": "integer", "minimum": 1, "maximum": LARGEST}
        limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
        return [
            {"name": "after", "in": "query", "required": False, "schema": after, "description": "上一页最后一行的编号。"},
            {"name": "limit", "in": "query", "required": False, "schema": limit, "description": "每页行数。"},
        ]
