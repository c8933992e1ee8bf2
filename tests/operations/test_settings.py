"""Settings follow the environment."""

import json
import os
import subprocess
import sys

from config.settings import database
from launch.state import CLONE

NAMES = (
    "ALLOWED_HOSTS",
    "CELERY_BROKER_URL",
    "CSRF_COOKIE_SECURE",
    "DEBUG",
    "SECURE_HSTS_SECONDS",
    "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_NAME",
    "SESSION_COOKIE_SECURE",
)


def settings_with(**variables: str) -> dict[str, object]:
    """The product's settings as a new process reads them."""
    script = f"import json, config.settings as s; print(json.dumps({{n: getattr(s, n) for n in {NAMES!r}}}))"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DINGDIAN_", "CELERY_"))}
    answer = subprocess.run(
        [sys.executable, "-c", script], cwd=CLONE, env={**kept, **variables}, capture_output=True, text=True, check=True
    )
    return dict(json.loads(answer.stdout))


def test_an_address_of_a_server() -> None:
    entry = database("postgresql://user:p%40ss@db.example:6432/site")
    assert (entry["NAME"], entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"]) == ("site", "user", "p@ss", "db.example", "6432")


def test_an_address_of_a_socket_and_further_options() -> None:
    entry = database("postgresql://user:word@/site?host=/run/some%20where&sslmode=disable")
    assert (entry["HOST"], entry["PORT"]) == ("/run/some where", "")
    assert entry["OPTIONS"] == {"sslmode": "disable", "options": "-c jit=off -c max_parallel_workers_per_gather=0"}


def test_behind_tls_cookies_never_travel_in_the_clear() -> None:
    site = settings_with(DINGDIAN_HTTPS="1", DINGDIAN_HOSTS="a.example,b.example")
    assert site["SESSION_COOKIE_SECURE"] is True
    assert site["CSRF_COOKIE_SECURE"] is True
    assert site["SECURE_SSL_REDIRECT"] is True
    assert site["SECURE_HSTS_SECONDS"]
    assert site["ALLOWED_HOSTS"] == ["a.example", "b.example"]


def test_without_a_word_in_the_environment_it_is_a_closed_site_on_this_machine() -> None:
    plain = settings_with()
    assert plain["DEBUG"] is False
    assert "*" not in plain["ALLOWED_HOSTS"]
    assert plain["SESSION_COOKIE_SECURE"] is False
    assert plain["CELERY_BROKER_URL"] == "filesystem://"


def test_a_broker_and_a_cookie_of_ones_own() -> None:
    site = settings_with(CELERY_BROKER_URL="redis://127.0.0.1:6379/3", DINGDIAN_COOKIE="mine")
    assert site["CELERY_BROKER_URL"] == "redis://127.0.0.1:6379/3"
    assert site["SESSION_COOKIE_NAME"] == "mine"
