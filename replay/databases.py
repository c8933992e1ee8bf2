"""A database of its own for each case: a copy of a migrated and seeded template on the same server, dropped afterwards.

The working database is never written to. Where databases may not be created, ``REPLAY_DATABASE_URL`` names one that
replay may empty; it must be empty, or replay's own from before.
"""

from __future__ import annotations

import hashlib
import inspect
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.utils import Error, ProgrammingError

import agreements.seeding
import applications.seeding
import evaluations.seeding
import offices.seeding
from replay import people

SEEDS = (offices.seeding, applications.seeding, evaluations.seeding, agreements.seeding, people)
LEFT_OVER_SECONDS = 6 * 60 * 60
MARK = "dingdian replay"


class NoDatabase(Exception):
    """No database to play in; the message says what to do."""


class Databases:
    """Where the cases of one call are played."""

    def __init__(self) -> None:
        self.working = dict(connection.settings_dict)
        self.given: dict[str, Any] | None = getattr(settings, "REPLAY_DATABASE", None)
        self.prefix = f"{self.working['NAME'][:24]}_replay_"
        self.fingerprint = fingerprint()
        self.count = 0

    @contextmanager
    def fresh(self) -> Iterator[None]:
        """Within, Django's connection is one to a database that holds seeds and nothing else."""
        try:
            playing = self._emptied() if self.given else self._copied()
            with playing:
                yield
        except ProgrammingError as error:
            if getattr(error.__cause__, "pgcode", "") != "42501":
                raise
            raise NoDatabase("数据库用户无权建立数据库:请授予CREATEDB,或以REPLAY_DATABASE_URL指定一个专供推演的空数据库。") from error

    # A copy of the template -------------------------------------------------------------------------------------------

    @contextmanager
    def _copied(self) -> Iterator[None]:
        self.count += 1
        name = f"{self.prefix}run_{int(time.time())}_{os.getpid()}_{self.count}"
        with self._server() as server:
            # Held until this connection closes: nobody drops the template while it is being copied.
            server.execute("select pg_advisory_lock(hashtext(%s))", [MARK])
            template = self._template(server)
            _create(server, name, template)
        try:
            with _connected({"NAME": name}):
                yield
        finally:
            with self._server() as server:
                server.execute(f"drop database if exists {_quoted(name)} with (force)")

    def _template(self, server: Any) -> str:
        """The template for today's migrations and seeds, built when it is not there."""
        name = self.prefix + self.fingerprint
        if not _exists(server, name):
            building = name + "_new"
            server.execute(f"drop database if exists {_quoted(building)} with (force)")
            _create(server, building, "template0")
            with _connected({"NAME": building}):
                _fill()
            server.execute(f"alter database {_quoted(building)} rename to {_quoted(name)}")
        if self.count == 1:
            self._tidy(server, name)
        return name

    def _tidy(self, server: Any, template: str) -> None:
        """Drop older templates, and copies that a killed replay has left behind; only what replay made itself."""
        ours = "select datname from pg_database where starts_with(datname, %s) and shobj_description(oid, 'pg_database') = %s"
        server.execute(ours, [self.prefix, MARK])
        for (name,) in server.fetchall():
            run = re.fullmatch(r"run_(\d+)_\d+_\d+", name.removeprefix(self.prefix))
            still_playing = run is not None and time.time() - int(run[1]) < LEFT_OVER_SECONDS
            if name != template and not still_playing:
                with suppress(Error):
                    server.execute(f"drop database if exists {_quoted(name)}")

    @contextmanager
    def _server(self) -> Iterator[Any]:
        """A connection beside Django's own, to the working database, for creating and dropping others."""
        beside: BaseDatabaseWrapper = connection.copy()
        beside.settings_dict.update(self.working)
        try:
            with beside.cursor() as cursor:
                yield cursor
        finally:
            beside.close()

    # A database that was given ----------------------------------------------------------------------------------------

    @contextmanager
    def _emptied(self) -> Iterator[None]:
        assert self.given is not None
        if _place(self.given) == _place(self.working):
            raise NoDatabase("REPLAY_DATABASE_URL不能是工作数据库。")
        with _connected(self.given):
            mark = f"{MARK} {self.fingerprint}"
            found = _mark()
            if found == mark:
                call_command("flush", verbosity=0, interactive=False)
                _seed()
            else:
                self._rebuild(found)
                _set_mark(mark)
            yield

    @staticmethod
    def _rebuild(found: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from pg_tables where schemaname = 'public'")
            if cursor.fetchone()[0] and not found.startswith(MARK):
                raise NoDatabase("REPLAY_DATABASE_URL指定的数据库不是空的,也不是推演以前用过的,不能使用。")
            cursor.execute("drop schema public cascade")
            cursor.execute("create schema public")
        _fill()


def fingerprint() -> str:
    """Changes when a migration, a seed or this module does."""
    modules: list[ModuleType] = [*SEEDS, sys.modules[__name__]]
    migrations = MigrationLoader(None).disk_migrations
    modules += [sys.modules[type(migration).__module__] for _, migration in sorted(migrations.items())]
    digest = hashlib.sha256()
    for module in modules:
        digest.update(Path(inspect.getfile(module)).read_bytes())
    return digest.hexdigest()[:12]


def _fill() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    _seed()


def _seed() -> None:
    offices.seeding.seed_offices()
    applications.seeding.seed_slots()
    evaluations.seeding.seed_rubrics()
    agreements.seeding.seed_templates()
    people.seed_people()


@contextmanager
def _connected(place: Mapping[str, Any]) -> Iterator[None]:
    """Django's connection, elsewhere for a while."""
    before = dict(connection.settings_dict)
    _move(place)
    try:
        yield
    finally:
        _move(before)


def _move(place: Mapping[str, Any]) -> None:
    connection.close()
    connection.settings_dict.update(place)
    ContentType.objects.clear_cache()


def _create(server: Any, name: str, template: str) -> None:
    server.execute(f"create database {_quoted(name)} template {_quoted(template)} encoding 'UTF8'")
    server.execute(f"comment on database {_quoted(name)} is %s", [MARK])


def _exists(server: Any, name: str) -> bool:
    server.execute("select 1 from pg_database where datname = %s", [name])
    return server.fetchone() is not None


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _place(database: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(database.get(key) or "") for key in ("NAME", "HOST", "PORT"))


def _mark() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select obj_description('public'::regnamespace)")
        return cursor.fetchone()[0] or ""


def _set_mark(mark: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("comment on schema public is %s", [mark])
