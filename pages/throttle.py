"""Holds back whoever sends the same kind of thing too often from one address, whichever process it comes to."""

from django.http import HttpRequest

from api import tallies

AN_HOUR = 3600


def too_often(request: HttpRequest, what: str, *, limit: int, seconds: int = AN_HOUR) -> bool:
    """Counts this time; True once there were more than ``limit`` within the time that began with the first."""
    return tallies.count(what, request.META.get("REMOTE_ADDR", ""), seconds).count > limit
