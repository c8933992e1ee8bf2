"""WSGI entry point for gunicorn; refuses to serve with the keys that are only for tests and tools."""

import gc
import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402

if not settings.OWN_SECRET_KEY:
    raise ImproperlyConfigured(f"no key in {settings.KEYS_DIR}: make one with `python -m launch.keys {settings.KEYS_DIR}`")

# What is loaded stays: the collector need not walk it again whenever a large answer fills the memory (a tenth of a second each).
gc.collect()
gc.freeze()
