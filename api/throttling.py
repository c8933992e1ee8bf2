"""How often one caller may ask: by token, else by address. Rates are set in settings.API_RATES; None means no limit.

Reading is counted in each process by itself, for a count in the database would cost more than the answer. What strangers
send (names and passwords, objections) is counted for all processes together.
"""

from __future__ import annotations

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from api import tallies
from api.authentication import SignedIn

TOGETHER = ("sign_in", "public_act")


class Throttle(SimpleRateThrottle):
    """A view's ``rate`` names its own entry of API_RATES."""

    left: float | None = None

    def __init__(self) -> None:
        """The rate depends on the view, so it is read in ``allow_request``."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        self.scope = getattr(view, "rate", "") or ("token" if isinstance(request.auth, SignedIn) else "public")
        self.rate = settings.API_RATES.get(self.scope)
        self.num_requests, self.duration = self.parse_rate(self.rate)
        if self.num_requests is not None and self.duration is not None and self.scope in TOGETHER:
            counted = tallies.count(f"api:{self.scope}", request.META.get("REMOTE_ADDR", ""), self.duration)
            self.left = counted.seconds_left
            return counted.count <= self.num_requests
        return bool(super().allow_request(request, view))

    def wait(self) -> float | None:
        return self.left if self.left is not None else super().wait()

    def get_cache_key(self, request: Request, view: APIView) -> str:
        who = f"token-{request.auth.token.pk}" if isinstance(request.auth, SignedIn) else request.META.get("REMOTE_ADDR", "")
        return f"api:{self.scope}:{who}"
