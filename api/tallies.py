"""Counts what strangers send, across all processes: one row per address and kind of thing, which begins anew when its time is over."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.utils.crypto import salted_hmac

# One statement, so that two processes never count from the same number; the clock is the database's, so that all have one.
COUNT = """
    insert into api_tally as row (key, count, until)
    values (%(key)s, 1, clock_timestamp() + make_interval(secs => %(seconds)s))
    on conflict (key) do update set
        count = case when row.until <= clock_timestamp() then 1 else row.count + 1 end,
        until = case when row.until <= clock_timestamp() then excluded.until else row.until end
    returning count, extract(epoch from until - clock_timestamp())
"""
FORGET = "delete from api_tally where key in (select key from api_tally where until <= clock_timestamp() limit 20 for update skip locked)"


@dataclass(frozen=True)
class Counted:
    """How many there were within the time that began with the first, and how many seconds of it are left."""

    count: int
    seconds_left: float


def count(what: str, address: str, seconds: int) -> Counted:
    """Counts this time. Addresses that come only once are forgotten by the way."""
    key = salted_hmac("api.tallies", f"{what}:{address}", algorithm="sha256").hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": key, "seconds": seconds})
        number, left = cursor.fetchone()
        if number == 1:
            cursor.execute(FORGET)
    return Counted(number, float(left))
