"""One file with all that a site knows: `./run backup FILE`, or `python -m launch.backup FILE` on a real site.

Acts go on meanwhile. The database is dumped as of one moment (an exported snapshot); files are copied after that moment.
Every row's file is written before the row, and none is ever deleted: so the files that the dump names are in the archive.
The keys lie in it too: whoever has it can read the identity numbers.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from launch.archive import Writer, written
from launch.postgres_tools import Tools, tools_for
from launch.saying import Stop, say

DUMP = "database.dump"
FOLDERS = ("media", "keys", "seals")


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        say("python -m launch.backup FILE")
        return 2
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    try:
        back_up(Path(arguments[0]).absolute())
    except (Stop, OSError) as problem:
        say(str(problem))
        return 1
    return 0


def back_up(path: Path) -> None:
    """Write the archive, or Stop and leave none."""
    from django.conf import settings
    from django.db import connection, transaction

    from deadlines import clock

    if not path.parent.is_dir():
        raise Stop(f"There is no folder {path.parent}.")
    server = version_of(connection)
    tools = tools_for(server, connection.settings_dict)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=path.parent) as draft, transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = str(cursor.fetchone()[0])
        migrations = _migrations()
        about = {
            "made_at": clock.now().isoformat(),
            "server": server,
            "database": connection.settings_dict["NAME"],
            "migrations": migrations,
        }
        with written(path, about) as archive:
            dump = Path(draft) / DUMP
            _dump(tools, snapshot, dump)
            archive.add(DUMP, dump)
            dump.unlink()
            for name in FOLDERS:
                _add_folder(archive, name, folders(settings)[name])
            absent = [name for name in named_files() if f"media/{name}" not in archive.files]
    size, files = path.stat().st_size, len(archive.files) - 1
    say(f"Backed up to {path}: the database and {files} files, {size / 1e6:.1f} MB. It holds the keys: keep it from others.")
    if absent:
        say(f"{len(absent)} files that the database names were missing already, such as {absent[0]}.")


def version_of(connection: Any) -> int:
    """The server's major version."""
    return int(connection.pg_version // 10000)


def folders(settings: Any) -> dict[str, Path]:
    """Where the folders of an archive lie on this site."""
    return {"media": Path(settings.MEDIA_ROOT), "keys": Path(settings.KEYS_DIR), "seals": Path(settings.STATE_DIR) / "seals"}


def named_files() -> Iterator[str]:
    """Every file that a row names, below the media folder."""
    from django.apps import apps
    from django.db.models import FileField

    for model in apps.get_models():
        if model._meta.proxy or not model._meta.managed:
            continue
        for field in model._meta.local_fields:
            if isinstance(field, FileField):
                filled = model._base_manager.exclude(**{field.attname: ""}).exclude(**{f"{field.attname}__isnull": True})
                yield from filled.values_list(field.attname, flat=True).iterator()


def _migrations() -> list[str]:
    """The migrations that the tables have seen, as app.name."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _dump(tools: Tools, snapshot: str, to: Path) -> None:
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    tools.run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={to}")


def _add_folder(archive: Writer, name: str, folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            try:
                archive.add(f"{name}/{path.relative_to(folder).as_posix()}", path)
            except FileNotFoundError:
                # An upload that was given up before it belonged to any row.
                continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
