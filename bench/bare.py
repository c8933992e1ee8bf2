"""The least that a view behind the same middleware and the same sign-in can do: read one row by key."""

from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import View
from api.settlement_access import CountedThrottle
from institutions.models import Institution


class Bare(View):
    """One row by key as JSON."""

    permission_classes = [IsAuthenticated]
    throttle_classes = [CountedThrottle]
    rate = "settlement"

    def get(self, request: Request, code: str) -> Response:
        row = Institution.objects.filter(national_code=code).values_list("pk", "name").first()
        return Response({"code": code, "institution": row[0] if row else None, "name": row[1] if row else ""})
