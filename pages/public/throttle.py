"""Holds back whoever sends the same kind of thing too often from one address. Counts live in the cache and expire by themselves."""

from django.core.cache import cache
from django.http import HttpRequest


def too_often(request: HttpRequest, what: str, *, limit: int, seconds: int) -> bool:
    """Counts this time; True once there were more than ``limit`` within the time that began with the first."""
    key = f"throttle:{what}:{request.META.get('REMOTE_ADDR', '')}"
    if cache.add(key, 1, seconds):
        return False
    try:
        return bool(cache.incr(key) > limit)
    except ValueError:  # it expired between the two steps
        return False
