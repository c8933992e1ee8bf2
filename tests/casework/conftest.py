import pytest


@pytest.fixture
def race_count(request: pytest.FixtureRequest) -> int:
    """How often a race is run: 100 times in the long run, 12 otherwise."""
    return 100 if "long" in (request.config.getoption("-m") or "") else 12
