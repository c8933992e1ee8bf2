"""A town with its people on a live server whose clock is moved by hand."""

from collections.abc import Iterator

import pytest

from tests.browser import hand
from tests.browser.town import Town, founded


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def town(transactional_db, chromium, live_server, request) -> Iterator[Town]:
    """Everything that no page may ever show is reported when the town is left."""
    hand.move_to("2026-03-02")
    yield from founded(chromium, live_server.url, getattr(request.config, "shutter", None))
    hand.let_go()
