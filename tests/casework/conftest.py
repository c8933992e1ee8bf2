import os

import pytest


@pytest.fixture
def race_count() -> int:
    """How often a race is run: 100 times in ./test long, 12 otherwise."""
    return 100 if os.environ.get("TEST_KIND") == "long" else 12
