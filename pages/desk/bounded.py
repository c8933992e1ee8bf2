"""Counting no further than anybody reads: a list of a whole country says "1000+", and costs what a thousand rows cost."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

MOST = 1000
MOST_FOUND = 50  # a page: with words each row's institution is asked for them, and many are looked at for one that is found


def counts(lists: Iterable[QuerySet[Any]], most: int = MOST) -> list[int]:
    """How many rows each has (or different values, where they are distinct), at most one beyond ``most``; one statement for all."""
    parts: list[str] = []
    values: list[Any] = []
    for rows in lists:
        try:
            rows = rows.order_by()
            limited = rows if rows.query.distinct else rows.values("pk")
            statement, given = limited[: most + 1].query.sql_with_params()
        except EmptyResultSet:  # nothing can pass its filters
            parts.append("0")
            continue
        parts.append(f"(select count(*) from ({statement}) as counted)")  # noqa: S608  the ORM's statement, its values apart
        values += given
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(parts)}", values)
        return list(cursor.fetchone())


def shown(number: int, most: int = MOST) -> int | str:
    """The number, or that there are more."""
    return number if number <= most else f"{most}+"


def total(numbers: Iterable[int], most: int = MOST) -> int | str:
    """The sum, or that there are more than it says."""
    listed = list(numbers)
    whole = sum(min(number, most) for number in listed)
    return f"{whole}+" if any(number > most for number in listed) else whole
