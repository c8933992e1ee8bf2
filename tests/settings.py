"""Settings for the tests: those of the product, made hostile to mistakes and quick where safety is not the question."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE, STORAGES

DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
MIDDLEWARE = ["tests.browser.hand.set_by_hand", "tests.readonly.writes_refused_on_reading", *MIDDLEWARE]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# What the tests upload, render and encrypt with; gone with the process.
_FOLDER = Path(tempfile.mkdtemp(prefix="dingdian-test-"))
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
MEDIA_ROOT = _FOLDER / "media"
IDENTITY_KEYS_FILE = _FOLDER / "identity.json"
WHITENOISE_AUTOREFRESH = True
# Messages go to the broker of CELERY_BROKER_URL, or nowhere: what a worker does is tested by calling it, or with real
# processes (mark `processes`).
if "CELERY_BROKER_URL" not in os.environ:
    CELERY_BROKER_URL = "memory://"
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {}
# Whoever tests the limits sets them.
API_RATES: dict[str, str | None] = {}
