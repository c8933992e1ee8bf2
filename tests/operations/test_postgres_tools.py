"""Which programs of PostgreSQL are called for a server."""

from pathlib import Path

import pytest

from launch import postgres_tools
from launch.postgres_tools import tools_for
from launch.saying import Stop


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[int, Path]:
    """Folders with programs that only tell their version; the last one lacks psql."""
    made = {}
    for version in (14, 15, 18, 19):
        folder = made[version] = tmp_path / str(version)
        folder.mkdir()
        for program in ("pg_dump", "pg_restore", "psql") if version != 19 else ("pg_dump", "pg_restore"):
            file = folder / program
            told = f"{program} (PostgreSQL) {version}.3 (Debian 1)"
            file.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "{told}" && exit\necho "$PGDATABASE" >&2; exit 3\n')
            file.chmod(0o755)
    monkeypatch.setattr(postgres_tools, "_folders", lambda: list(made.values()))
    return made


@pytest.mark.parametrize(("server", "chosen"), [(15, 15), (16, 18), (18, 18)])
def test_those_of_the_servers_version_come_before_newer_ones_and_older_ones_never(
    versions: dict[int, Path], server: int, chosen: int
) -> None:
    assert tools_for(server, {}).folder == versions[chosen]


def test_where_none_fits_the_package_is_named(versions: dict[int, Path]) -> None:
    with pytest.raises(Stop, match="apt-get install postgresql-client-19"):
        tools_for(19, {})


def test_a_program_that_fails_is_told_with_its_own_words(versions: dict[int, Path]) -> None:
    with pytest.raises(Stop, match=r"psql failed:\n    the-database"):
        tools_for(15, {"NAME": "the-database", "PASSWORD": "secret"}).run("psql")
