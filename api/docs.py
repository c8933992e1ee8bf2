"""The interface description as a file, and a page to read and try it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import Open
from api.description import document


class OpenApi(Open):
    schema = None

    def get(self, request: Request) -> Response:
        return Response(document(), headers={"Cache-Control": "max-age=300"})


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Swagger UI from the installed package: no CDN, and no script in the page itself, which the policy would refuse."""
    return render(request, "api/docs.html")
