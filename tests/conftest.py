"""Shared by all tests; the hostile settings are in tests/settings.py, the pytest options in pyproject.toml."""
import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings


@pytest.fixture(scope="session", autouse=True)
def files_of_the_session() -> Iterator[None]:
    """Removes what the tests uploaded, rendered and encrypted with."""
    yield
    shutil.rmtree(settings.MEDIA_ROOT.parent, ignore_errors=True)
