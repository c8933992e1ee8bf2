"""Lays a backup out again: `./run restore FILE [--yes]`, or `python -m launch.restore FILE [--yes]` on a stopped site.

First every byte of the archive is checked; then the tables are replaced in one transaction; then the folders. What fails
before the folders leaves all as it was.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from launch.archive import unpacked
from launch.backup import DUMP, FOLDERS, folders, version_of
from launch.postgres_tools import tools_for
from launch.saying import Stop, say

NEW_SCHEMA = "DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public;"


def main(arguments: list[str]) -> int:
    files = [argument for argument in arguments if argument != "--yes"]
    if len(files) != 1:
        say("python -m launch.restore FILE [--yes]")
        return 2
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    try:
        restore(Path(files[0]).absolute(), replace="--yes" in arguments)
    except (Stop, OSError) as problem:
        say(str(problem))
        return 1
    return 0


def restore(path: Path, *, replace: bool) -> None:
    """Replace this site's data by the backup's, or Stop and change nothing."""
    from django.conf import settings
    from django.db import connection

    targets = folders(settings)
    state = Path(settings.STATE_DIR)
    state.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=state) as draft:
        staged = Path(draft)
        manifest = unpacked(path, staged)
        _refuse_newer(manifest, connection)
        _refuse_running(connection)
        if not replace and _has_data(connection, targets["media"]):
            raise Stop("This site has data. Say --yes to replace them all by the backup's; ./run backup saves them first.")
        _tables(staged, connection)
        _begin_new_series(connection)
        for name in FOLDERS:
            _folder(staged / name, targets[name])
    say(f"Restored the backup of {manifest.get('made_at', '')}: the database and {len(manifest['files']) - 1} files.")


def _refuse_newer(manifest: dict[str, Any], connection: Any) -> None:
    """A backup of a newer program or server cannot be read by this one."""
    from django.db.migrations.loader import MigrationLoader

    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = sorted(set(manifest.get("migrations", [])) - known)
    if unknown:
        raise Stop(f"The backup was written by a newer Dingdian (it knows {unknown[0]}); bring the program up to date first.")
    server = version_of(connection)
    if int(manifest.get("server", 0)) > server:
        raise Stop(f"The backup was written by PostgreSQL {manifest['server']} and cannot be restored into PostgreSQL {server}.")


def _refuse_running(connection: Any) -> None:
    """Whoever else is connected works on the data that would be replaced."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        others = cursor.fetchone()[0]
    connection.close()
    if others:
        raise Stop(f"The site is running: {others} connections use its database. Stop web, workers and beat first.")


def _has_data(connection: Any, media: Path) -> bool:
    tables = "django_migrations" in connection.introspection.table_names()
    connection.close()
    return tables or (media.is_dir() and any(each.is_file() for each in media.rglob("*")))


def _tables(staged: Path, connection: Any) -> None:
    """The dump as SQL, whole, before the first table is dropped; then all of it in one transaction."""
    tools = tools_for(version_of(connection), connection.settings_dict)
    connection.close()
    script = staged / "database.sql"
    options = ("--no-owner", "--no-privileges", "--no-comments")
    tools.run("pg_restore", *options, f"--file={script}", str(staged / DUMP))
    once = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
    tools.run("psql", *once, f"--command={NEW_SCHEMA}", f"--file={script}")
    tools.run("psql", "--no-psqlrc", "--quiet", "--command=ANALYZE")


def _begin_new_series(connection: Any) -> None:
    """Copies that settlement systems keep may know what this database does not: they start again from a snapshot."""
    if "settlement_feed" not in connection.introspection.table_names():
        return
    from settlement.feed import new_series
    from settlement.models import SettlementLine

    SettlementLine.objects.update(changed_in=0)  # numbers of another server's transactions mean nothing here
    new_series()
    connection.close()


def _folder(staged: Path, target: Path) -> None:
    """Put what the backup has in the place of what is there; the folder itself may be a disk of its own and stays."""
    if not staged.is_dir() and not target.is_dir():
        return
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    old = target / ".replaced"
    shutil.rmtree(old, ignore_errors=True)
    old.mkdir(mode=0o700)
    for each in target.iterdir():
        if each != old:
            each.rename(old / each.name)
    for each in staged.iterdir() if staged.is_dir() else ():
        shutil.move(each, target / each.name)
    shutil.rmtree(old)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
