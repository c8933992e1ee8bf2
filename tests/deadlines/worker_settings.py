"""Settings of the worker processes that test_processes.py starts: the product's own, without pages, with the ledger."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.deadlines.ledger.urls"
MIDDLEWARE: list[str] = []
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "pgtrigger",
    "pghistory",
    "deadlines",
    "offices",
    "tests.deadlines.ledger",
]
