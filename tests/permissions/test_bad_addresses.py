"""Nonsense in the address of every page that is read: a clear answer, never a fault (clear words for people are tests of each page)."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.permissions.pages import PAGES
from tests.permissions.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Every name that a page reads from its address; a page that does not know one leaves it alone.
NAMES = (
    "q", "after", "page", "state", "matter", "kind", "due", "owner", "district", "holder", "day", "month", "year", "whose", "sort", "mine",
    "unread", "role", "next", "what", "start", "n", "item", "word", "id", "limit", "first", "last", "institution", "from", "to", "on",
)  # fmt: skip
NONSENSE = {
    "nothing": "",
    "zero character": "%00",
    "half a character": "%ff%fe",
    "lone surrogate": "%ed%a0%80",
    "huge number": "9" * 400,
    "larger than a column": str(2**63),
    "negative": "-1",
    "other digits": "%D9%A3%C2%B2",
    "impossible date": "2026-02-30",
    "last date": "9999-12-31",
    "first date": "0001-01-01",
    "month of no year": "0000-13",
    "unknown word": "%E4%B8%8D%E5%AD%98%E5%9C%A8",
    "very long": "a" * 3000,
    "script": "%3Cscript%3Ealert(1)%3C/script%3E",
    "template": "%7B%7B1%7D%7D%25s%7B0%7D",
}
READ = [(name, row) for name, row in PAGES.items() if 200 in row.get.values()]


@pytest.mark.parametrize(("name", "row"), READ, ids=[name for name, _ in READ])
def test_nonsense_in_the_address_is_no_fault(world: World, name: str, row) -> None:
    address = reverse(name, kwargs=row.named(world))
    who = next(who for who, status in row.get.items() if status == 200)
    found = {}
    for title, value in NONSENSE.items():
        answer = world.ask(who, "GET", f"{address}?" + "&".join(f"{each}={value}" for each in NAMES), row.of)
        if answer.status_code not in (200, 302, 400, 404):
            found[title] = answer.status_code
        assert b"<script>alert(1)" not in getattr(answer, "content", b""), title
    assert found == {}
