"""Agreements with every fact their folds read, loaded once, however often a page asks for the fold."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import prefetch_related_objects

from agreements.models import Agreement


def with_chain(agreements: Iterable[Agreement]) -> list[Agreement]:
    """The agreements with the facts of themselves, their main ones and those before them (R6): three queries for each step back."""
    found = list(agreements)
    step = found
    while step:
        prefetch_related_objects(step, "facts", "main__facts", "previous")
        step = [row.previous for row in step if row.previous is not None]
    return found
