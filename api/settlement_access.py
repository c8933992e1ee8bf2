"""Who may ask about settlement, and how often (M3, R8, R16)."""

from __future__ import annotations

import time
from threading import Lock
from typing import Any

from django.conf import settings
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from api.authentication import SignedIn
from offices.models import Role

WHOLE_CITY = frozenset({Role.CITY_AGENCY, Role.CITY_BUREAU, Role.AUDITOR})
DISTRICT = frozenset({Role.DISTRICT_AGENCY, Role.DISTRICT_BUREAU})
# How often one token may ask in each process, unless settings.API_RATES says otherwise.
PERIODS = {"second": 1, "minute": 60, "hour": 3600}


class MayAsk(BasePermission):
    """The city's offices and the auditor for all, a district's for their own, an institution for itself."""

    roles = WHOLE_CITY | DISTRICT | {Role.INSTITUTION}

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, SignedIn) and request.auth.actor.role in self.roles


class MayCopy(MayAsk):
    """Whoever keeps a copy: offices, not institutions."""

    roles = WHOLE_CITY | DISTRICT


class CountedThrottle(BaseThrottle):
    """So many in each stretch of time, counted by one number: a list of every moment, as elsewhere, would cost more than an answer."""

    _counts: dict[str, tuple[int, int]] = {}
    _lock = Lock()
    left = 0.0

    def allow_request(self, request: Request, view: Any) -> bool:
        allowed = settings.API_RATES.get(view.rate)
        if not allowed or not isinstance(request.auth, SignedIn):
            return True
        number, _, period = allowed.partition("/")
        seconds = next(length for name, length in PERIODS.items() if name.startswith(period))
        window, key = int(time.time() // seconds), f"{view.rate}:{request.auth.token.pk}"
        with self._lock:
            begun, count = self._counts.get(key, (window, 0))
            count = count + 1 if begun == window else 1
            self._counts[key] = (window, count)
        self.left = seconds - time.time() % seconds
        return count <= int(number)

    def wait(self) -> float:
        return self.left
