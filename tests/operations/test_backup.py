"""Backup and restore with real processes and real databases: taken while acts go on, laid out again and compared."""

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg2
import pytest
from django.conf import settings

from launch.state import CLONE, State
from tests.operations import test_start
from tests.operations.test_start import here, manage, started  # noqa: F401

pytestmark = pytest.mark.processes
SERVER = {key: settings.DATABASES["default"][key] for key in ("HOST", "PORT", "USER", "PASSWORD")}


class Site:
    """A database and a state folder of its own, as a real site has them."""

    def __init__(self, folder: Path) -> None:
        self.state = folder
        self.name = f"test_backup_{uuid4().hex[:12]}"
        server(f'CREATE DATABASE "{self.name}"')

    @property
    def environ(self) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("DINGDIAN_", "DATABASE_URL", "DJANGO_", "CELERY_"))
        }
        address = f"postgresql://{SERVER['USER']}:{SERVER['PASSWORD']}@/{self.name}?host={SERVER['HOST']}&port={SERVER['PORT'] or 5432}"
        own = {"DINGDIAN_STATE": str(self.state), "DATABASE_URL": address, "DINGDIAN_FONTS": str(settings.FONT_DIR)}
        # No broker: what would be handed to a worker is left lying.
        return {**kept, **own, "CELERY_BROKER_URL": "memory://", "DJANGO_SETTINGS_MODULE": "config.settings"}

    def run(self, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.run(command, cwd=CLONE, env=self.environ, capture_output=True, text=True, check=False)

    def rows(self) -> dict[str, str]:
        """Every table with the digest of its rows; the series of changes is new in a restored site."""
        listed = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        digest = "SELECT count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))), '') FROM \"{}\" t"
        return {table: str(self.ask(digest.format(table))[0][0]) for (table,) in self.ask(listed) if table != "settlement_feed"}

    def ask(self, question: str) -> list[tuple[object, ...]]:
        return server(question, self.name)

    def files(self) -> dict[str, str]:
        found = {}
        for folder in ("media", "keys"):
            for path in (self.state / folder).rglob("*"):
                if path.is_file():
                    found[path.relative_to(self.state).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
        return found

    def drop(self) -> None:
        server(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


def server(question: str, database: str = "postgres") -> list[tuple[object, ...]]:
    connection = psycopg2.connect(
        dbname=database, host=SERVER["HOST"], port=SERVER["PORT"] or 5432, user=SERVER["USER"], password=SERVER["PASSWORD"]
    )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Callable[[str], Site]]:
    made: list[Site] = []

    def make(name: str) -> Site:
        made.append(Site(tmp_path / name))
        return made[-1]

    yield make
    for each in made:
        each.drop()


@contextmanager
def acting(place: Site) -> Iterator["subprocess.Popen[str]"]:
    """Somebody goes on filing, accepting and reading papers; each line read is one application more."""
    command = [sys.executable, "-m", "tests.operations.acting"]
    process = subprocess.Popen(command, cwd=CLONE, env=place.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def a_line(process: "subprocess.Popen[str]") -> int:
    assert process.stdout
    assert process.stderr
    line = process.stdout.readline()
    return int(line) if line else pytest.fail(process.stderr.read())


def test_a_backup_taken_while_acts_go_on_is_whole_and_lays_out_the_same_site(site: Callable[[str], Site], tmp_path: Path) -> None:
    old, new = site("old"), site("new")
    assert old.run("launch.keys", str(old.state / "keys")).returncode == 0
    assert old.run("launch.steps", "migrate", "seed").returncode == 0
    with acting(old) as process:
        for _ in range(2):
            before = a_line(process)
        done = old.run("launch.backup", str(tmp_path / "busy.tar"))
        assert done.returncode == 0, done.stderr
        assert "missing" not in done.stderr
        # Acts did go on: there are more papers now than the dump can know.
        while a_line(process) <= before + 2:
            pass
    assert new.run("launch.restore", str(tmp_path / "busy.tar")).returncode == 0
    [[papers]] = new.ask("SELECT count(*) FROM documents_document")
    [[later]] = old.ask("SELECT count(*) FROM documents_document")
    assert before <= papers < later
    kept, there = new.files(), old.files()
    named = [
        *new.ask("SELECT pdf, pdf_digest FROM documents_document WHERE pdf <> ''"),
        *new.ask("SELECT file, digest FROM applications_material WHERE file <> ''"),
    ]
    assert len(named) > 10
    for name, digest in named:
        assert kept[f"media/{name}"] == there[f"media/{name}"] == digest
    assert kept["keys/identity.json"] == there["keys/identity.json"]
    assert new.run("launch.steps", "migrate", "seed").returncode == 0


def test_a_quiet_site_comes_back_row_for_row_and_file_for_file(site: Callable[[str], Site], tmp_path: Path) -> None:
    old, new = site("old"), site("new")
    assert old.run("launch.keys", str(old.state / "keys")).returncode == 0
    assert old.run("launch.steps", "migrate", "seed").returncode == 0
    with acting(old) as process:
        a_line(process)
    path = tmp_path / "quiet.tar"
    done = old.run("launch.backup", str(path))
    assert done.returncode == 0, done.stderr
    assert path.stat().st_mode & 0o777 == 0o600
    assert "It holds the keys" in done.stderr
    assert "there already" in old.run("launch.backup", str(path)).stderr
    done = new.run("launch.restore", str(path))
    assert done.returncode == 0, done.stderr
    assert new.rows() == old.rows()
    # Copies kept elsewhere must begin again: the restored site counts its changes in a series of its own.
    assert len(new.ask("SELECT token FROM settlement_feed")) == 1
    assert new.files() == old.files()
    # The people's numbers can be read with the keys that came along, and sequences go on behind the rows.
    read = (
        "from institutions.models import Person; print(all(p.reveal_id_number() for p in Person.objects.all()), Person.objects.count() > 0)"
    )
    assert new.run("django", "shell", "--no-imports", "-c", read).stdout.split() == ["True", "True"]
    with acting(new) as process:
        a_line(process)

    refused_without_yes_or_while_running(new, path)
    refused_when_damaged(new, path)
    done = new.run("launch.restore", str(path), "--yes")
    assert done.returncode == 0, done.stderr
    assert (new.rows(), new.files()) == (old.rows(), old.files())


def refused_without_yes_or_while_running(place: Site, path: Path) -> None:
    done = place.run("launch.restore", str(path))
    assert (done.returncode, "Say --yes" in done.stderr) == (1, True)
    with acting(place) as process:
        a_line(process)
        done = place.run("launch.restore", str(path), "--yes")
        assert (done.returncode, "The site is running" in done.stderr) == (1, True)


def refused_when_damaged(place: Site, path: Path) -> None:
    before = place.rows(), place.files()
    content = path.read_bytes()
    cut, changed, newer = path.with_name("cut.tar"), path.with_name("changed.tar"), path.with_name("newer.tar")
    cut.write_bytes(content[: len(content) * 2 // 3])
    changed.write_bytes(content.replace(b"PGDMP", b"PGDMQ"))
    with tarfile.open(path) as old, tarfile.open(newer, "w") as new:
        for member in old:
            body = old.extractfile(member)
            assert body
            text = body.read()
            if member.name == "manifest.json":
                text = json.dumps({**json.loads(text), "migrations": ["offices.9999_later"]}).encode()
                member.size = len(text)
            new.addfile(member, io.BytesIO(text))
    for file, sentence in ((cut, "is damaged"), (changed, "is damaged"), (newer, "newer Dingdian"), (Path(__file__), "is no backup")):
        done = place.run("launch.restore", str(file), "--yes")
        assert (done.returncode, sentence in done.stderr, "Traceback" in done.stderr) == (1, True, False), done.stderr
    assert (place.rows(), place.files()) == before


def run(where: State, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "run", *arguments]
    return subprocess.run(command, cwd=CLONE, env=test_start.environ(where), capture_output=True, text=True, check=False)


@pytest.mark.long
def test_run_backs_up_the_embedded_database_while_the_site_runs_and_restores_it_when_it_does_not(
    here: State,  # noqa: F811
    tmp_path: Path,
) -> None:
    path, phone = tmp_path / "embedded.tar", "SELECT DISTINCT phone FROM offices_office"
    nothing = run(here, "backup", str(path))
    assert (nothing.returncode, "nothing to back up" in nothing.stderr) == (1, True)
    with started(here, "--no-demo"):
        test_start.ask(here, "UPDATE offices_office SET phone = '7' RETURNING id")
        done = run(here, "backup", str(path))
        assert done.returncode == 0, done.stderr
        test_start.ask(here, "UPDATE offices_office SET phone = '8' RETURNING id")
        refused = run(here, "restore", str(path), "--yes")
        assert (refused.returncode, "is running" in refused.stderr) == (1, True)
    refused = run(here, "restore", str(path))
    assert (refused.returncode, "Say --yes" in refused.stderr) == (1, True)
    done = run(here, "restore", str(path), "--yes")
    assert done.returncode == 0, done.stderr
    assert test_start.processes_of(here) == []
    with started(here, "--no-demo"):
        assert test_start.ask(here, phone) == [("7",)]
