"""Shared by all tests; the hostile settings are in tests/settings.py, the pytest options in pyproject.toml."""

import os
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from offices.models import Membership, Office

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_keepdb: bool, django_db_blocker) -> None:
    """A kept database may hold what the last test of a killed run had committed; the first test that commits too would fail over it."""
    database = connection.settings_dict
    # Where no chosen test asks for the tests' database, this is still the connection to another one, which is nobody's to empty.
    if django_db_keepdb and database["NAME"] == database["TEST"]["NAME"]:
        with django_db_blocker.unblock():
            if Office.objects.exists():
                call_command("flush", verbosity=0, interactive=False, reset_sequences=False)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's browser, without a download. Its driver keeps an event loop in this thread, which Django must put up with."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        # The browser's own words, in date and file inputs, are Chinese where Debian's chromium-l10n is installed.
        chinese = {**os.environ, "LANGUAGE": "zh_CN"}
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--lang=zh-CN"], env=chinese)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def window(chromium: Browser, live_server, client: Client) -> Iterator[Callable[..., BrowserContext]]:
    """A browser window on the live server: ``window(membership, width=390)``; without a membership nobody is signed in."""
    opened: list[BrowserContext] = []

    def open_window(place: Membership | None = None, *, width: int = 1366, height: int = 768, **options) -> BrowserContext:
        context = chromium.new_context(base_url=live_server.url, viewport={"width": width, "height": height}, locale="zh-CN", **options)
        opened.append(context)
        if place is not None:
            client.force_login(place.user, backend=MODEL_BACKEND)
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        return context

    yield open_window
    for context in opened:
        context.close()
