"""Locks in one fixed order: institutions by id, then people by id, then the case rows (craft rule 7).

Two acts that touch the same institution or the same person wait for one another, so that a termination here and a signing
for the same person there can never both succeed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps

# Set by the institutions floor when it starts: institution ids → ids of the people in their three posts.
people_of: Callable[[Iterable[int]], set[int]] = lambda institutions: set()  # noqa: E731


def take(institutions: set[int], people: set[int]) -> None:
    """Lock rows in the fixed order. Nobody takes a post of a locked institution: its row is needed for that, too."""
    _lock("institutions.Institution", institutions)
    _lock("institutions.Person", people | people_of(institutions))


def _lock(model: str, ids: set[int]) -> None:
    if ids:
        rows: Any = apps.get_model(model)._default_manager
        list(rows.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
