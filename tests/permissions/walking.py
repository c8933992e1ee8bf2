"""Every address of the product by name, and the comparison of what somebody was answered with the list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from tests.permissions.world import ANONYMOUS, LEFT, LOCKED, World


def patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every (name, pattern) below a resolver."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        else:
            yield f"{namespace}{entry.name}", entry


def page_names() -> set[str]:
    return {name for name, _ in patterns(get_resolver()) if not name.startswith(f"{settings.API_NAMESPACE}:")}


def routes() -> dict[str, Any]:
    """Every route of the API with the class that answers it; None for the page that shows its description."""
    found = {name: getattr(entry.callback, "cls", None) for name, entry in patterns(get_resolver())}
    return {name: view for name, view in found.items() if name.startswith(f"{settings.API_NAMESPACE}:")}


def surprises(world: World, method: str, address: str, expected: dict[str, int], of: str, **how: Any) -> dict[str, str]:
    """Who was answered something else than the list says."""
    found = {}
    for who, status in expected.items():
        answer = world.ask(who, method, address, of, **how)
        if answer.status_code != status:
            found[who] = f"{answer.status_code} instead of {status}"
    return found


def turned_away(world: World, method: str, address: str, of: str) -> dict[str, str]:
    """Who was let in though not signed in, locked, or in no office any more."""
    found = {}
    for who, way in ((ANONYMOUS, "/login/"), (LOCKED, "/login/"), (LEFT, "/account/no-office/")):
        answer = world.ask(who, method, address, of)
        if answer.status_code != 302 or not answer["Location"].startswith(way):
            found[who] = f"{answer.status_code} instead of the way to {way}"
    return found
