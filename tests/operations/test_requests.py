"""What every answer carries, whatever page gives it."""

import os
import subprocess
import sys

import pytest
from django.test import Client
from pytest_django import Settings

from launch.state import CLONE

pytestmark = pytest.mark.django_db


def test_health_says_ok_and_nothing_else(client: Client) -> None:
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert client.post("/health/").status_code == 405


def test_health_says_so_when_the_database_does_not_answer() -> None:
    script = "import django; django.setup(); from django.test import Client; a = Client().get('/health/'); print(a.status_code, a.json())"
    environ = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "DJANGO_SETTINGS_MODULE": "config.settings"}
    answer = subprocess.run([sys.executable, "-c", script], cwd=CLONE, env=environ, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "503 {'status': 'database unreachable'}"


def test_no_script_or_style_of_a_stranger_or_inline_runs(client: Client) -> None:
    policy = client.get("/health/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "script-src 'self';" in policy + ";"
    assert "unsafe" not in policy
    assert "object-src 'none'" in policy


def test_headers_against_sniffing_framing_and_devices(client: Client) -> None:
    headers = client.get("/health/").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_each_request_has_an_id_its_own_or_the_proxys(client: Client) -> None:
    one, two = (client.get("/health/").headers["X-Request-ID"] for _ in range(2))
    assert one != two
    given = client.get("/health/", headers={"X-Request-ID": "0123456789abcdef"})
    assert given.headers["X-Request-ID"] == "0123456789abcdef"
    forged = client.get("/health/", headers={"X-Request-ID": "x\tforged line"})
    assert "forged" not in forged.headers["X-Request-ID"]


def test_a_request_that_is_too_large_gets_a_sentence_before_it_is_read(client: Client, settings: Settings) -> None:
    settings.REQUEST_MAX_BYTES = 1024 * 1024
    answer = client.post("/health/", data=b"x" * (1024 * 1024 + 1), content_type="application/octet-stream")
    assert answer.status_code == 413
    assert "1 MB" in answer.content.decode()


@pytest.mark.parametrize(("proxies", "expected"), [(0, "127.0.0.1"), (1, "10.0.0.9"), (2, "203.0.113.7"), (3, "127.0.0.1")])
def test_only_ones_own_proxies_are_believed(proxies: int, expected: str, settings: Settings, client: Client) -> None:
    settings.TRUSTED_PROXIES = proxies
    answer = client.get("/health/", headers={"X-Forwarded-For": "203.0.113.7, 10.0.0.9"})
    assert answer.wsgi_request.META["REMOTE_ADDR"] == expected
