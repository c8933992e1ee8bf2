"""What all views share: who acts, JSON whatever a client says it accepts, problems instead of pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import Model
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import generics
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import BasePermission
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import BearerAuthentication, SignedIn
from api.paging import KeysetPagination
from api.parsers import BoundedJson
from api.throttling import Throttle
from offices.actors import PUBLIC, Actor


class AlwaysJson(DefaultContentNegotiation):
    """Files have their own type and everything else is JSON, so there is nothing to negotiate."""

    def select_renderer(self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None) -> Any:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


class View(APIView):
    """Base of every view: ``clauses`` and ``tag`` go into the interface description."""

    authentication_classes = [BearerAuthentication]
    parser_classes = [BoundedJson]
    content_negotiation_class = AlwaysJson
    throttle_classes = [Throttle]
    tag: str = ""
    clauses: Sequence[str] = ()
    title: str = ""
    description: str = ""
    request: Request

    @property
    def actor(self) -> Actor:
        """Who the token says acts; without one the public."""
        return self.request.auth.actor if isinstance(self.request.auth, SignedIn) else PUBLIC


class Open(View):
    """Base of what everybody may ask without signing in (M34)."""

    permission_classes: Sequence[type[BasePermission]] = []


Row = TypeVar("Row", bound=Model)


class Listing(View, generics.ListAPIView[Row]):
    """Base of lists: filtered by the address, cut by the key of the last row."""

    pagination_class = KeysetPagination
    filter_backends = [DjangoFilterBackend]


class OpenListing(Open, Listing[Row]):
    """Base of lists for everybody."""


class Nowhere(Open):
    """Any other address below /api/."""

    schema = None

    def handle(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise NotFound

    get = post = put = patch = delete = handle
