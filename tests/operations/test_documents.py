"""The pages about running and testing the product say what the code does."""

import re

from launch import testing
from launch.state import CLONE


def test_every_variable_that_settings_read_is_explained() -> None:
    sources = [*CLONE.glob("config/*.py"), CLONE / "documents" / "conf.py"]
    shape = r"environ(?:\.get\(|\[)\"([A-Z_]+)\""
    read = {name for source in sources for name in re.findall(shape, source.read_text())} - {"TEST_DATABASE"}
    assert "DATABASE_URL" in read
    explained = (CLONE / "docs" / "deploy.md").read_text()
    unexplained = [
        name for name in sorted(read) if f"`{name}`" not in explained and f"`{name.removeprefix('DINGDIAN_EMAIL')}`" not in explained
    ]
    assert unexplained == []


def test_every_part_has_its_line() -> None:
    explained = (CLONE / "docs" / "testing.md").read_text()
    assert [part.name for part in testing.parts(["long"]) if f"| {part.name} |" not in explained] == []
