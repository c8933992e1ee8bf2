"""The embedded PostgreSQL: a server of this clone alone, reached only through a Unix socket with a password.

Whoever uses it holds a shared lock; the last to leave stops the server. So `./run manage` works beside `./run`, and
neither leaves a server behind.
"""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from launch import commands, signals
from launch.locks import Lock, alone
from launch.saying import Stop

NAME = "dingdian"
NOBODY = 65534
SOCKET_LIMIT = 107
SOCKET_FILE = ".s.PGSQL.5432"
# For tests: what a crash would lose is made anew anyway.
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum_naptime=10min")


class Cluster:
    """The server whose data lie in `folder`; `programs` is the folder of the wheel with `bin/`."""

    def __init__(self, folder: Path, programs: Path, log: Path, forgetful: bool = False) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.programs = programs
        self.log = log
        self.forgetful = forgetful
        self.socket = self._socket_folder()

    @property
    def url(self) -> str:
        return f"postgresql://{NAME}:{self._password()}@/{NAME}?host={quote(str(self.socket))}"

    @contextmanager
    def used(self) -> Iterator[str]:
        """Runs while anybody uses it; gives the address."""
        self._make_folders()
        users = Lock(self.folder / "users.lock")
        try:
            with alone(self.folder / "server.lock"), signals.deferred():
                users.together()
                if not self.answers():
                    self._start()
            yield self.url
        finally:
            with alone(self.folder / "server.lock"), signals.deferred():
                if users.try_alone() and self.answers():
                    self._stop()
            users.release()

    def in_use(self) -> bool:
        if not self.folder.exists():
            return False
        users = Lock(self.folder / "users.lock")
        try:
            return not users.try_alone()
        finally:
            users.release()

    def drop(self) -> None:
        """Stop a server that a killed start left behind, and forget all data."""
        if self.answers():
            self._stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.socket / SOCKET_FILE))
            except OSError:
                return False
        return True

    def _socket_folder(self) -> Path:
        """Beside the data, or in the folder for temporary files where that path is too long for a socket."""
        beside = self.folder / "socket"
        if len(os.fsencode(beside / SOCKET_FILE)) < SOCKET_LIMIT:
            return beside
        mark = sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"dingdian-{os.geteuid()}-{mark}"

    def _make_folders(self) -> None:
        for folder in (self.folder, self.socket):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            owner = folder.stat().st_uid
            if os.geteuid() == 0 and owner == 0:
                os.chown(folder, NOBODY, NOBODY)
            elif owner not in {os.geteuid(), NOBODY}:
                raise Stop(f"{folder} belongs to somebody else; remove it or set DINGDIAN_STATE to another folder.")
            folder.chmod(0o700)

    def _start(self) -> None:
        if not self.data.exists():
            self._create()
        self._forget_stale_pid()
        self._check_version()
        options = ["listen_addresses=", "max_connections=200", "shared_buffers=128MB", "log_min_messages=warning"]
        options += FORGETFUL if self.forgetful else ()
        line = " ".join(f"-c {option}" for option in options) + f" -k '{self.socket}'"
        self._call("pg_ctl", "-D", self.data, "-l", self.folder / "server.log", "-w", "-t", "60", "-o", line, "start")
        self._create_database()

    def _stop(self) -> None:
        self._call("pg_ctl", "-D", self.data, "-m", "fast", "-w", "-t", "60", "stop")

    def _create(self) -> None:
        """In a folder of another name first: an interrupted start leaves no half cluster."""
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        password = self.folder / "password"
        if not password.exists():
            with os.fdopen(os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(24) + "\n")
            if os.geteuid() == 0:
                os.chown(password, NOBODY, NOBODY)
        places = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        self._call("initdb", "-D", draft, "-U", NAME, "--auth=scram-sha-256", f"--pwfile={password}", *places)
        draft.rename(self.data)

    def _create_database(self) -> None:
        environ = {"PGPASSWORD": self._password(), "PGHOST": str(self.socket), "PGUSER": NAME}
        question = f"SELECT 1 FROM pg_database WHERE datname = '{NAME}'"  # noqa: S608
        ask = [str(self.programs / "bin" / "psql"), "-X", "-A", "-t", "-d", "postgres", "-c", question]
        answer = subprocess.run(ask, env={**os.environ, **environ}, capture_output=True, text=True, check=False)
        if answer.returncode != 0:
            raise Stop(f"The embedded PostgreSQL does not answer: {answer.stderr.strip()}")
        if not answer.stdout.strip():
            self._call("createdb", NAME, environ=environ)

    def _forget_stale_pid(self) -> None:
        """A crash leaves a process id; another process may bear it by now, and PostgreSQL would refuse to start."""
        file = self.data / "postmaster.pid"
        if not file.exists():
            return
        lines = file.read_text().splitlines()
        try:
            program = Path(f"/proc/{int(lines[0])}/cmdline").read_bytes().split(b"\0")[0]
        except (OSError, ValueError, IndexError):
            program = b""
        if not program.endswith(b"postgres") or Path(lines[1]) != self.data:
            file.unlink()

    def _check_version(self) -> None:
        ours = (self.data / "PG_VERSION").read_text().strip()
        answer = subprocess.run([str(self.programs / "bin" / "postgres"), "-V"], capture_output=True, text=True, check=True)
        theirs = answer.stdout.split()[-1].split(".")[0]
        if ours != theirs:
            raise Stop(
                f"The data in {self.data} were written by PostgreSQL {ours}, and this is PostgreSQL {theirs}. Take them over with "
                f"pg_dumpall of the old version, or start anew with ./run --reset."
            )

    def _password(self) -> str:
        return (self.folder / "password").read_text().strip()

    def _call(self, program: str, *arguments: Any, environ: dict[str, str] | None = None) -> None:
        """Call a program of the server as the user that may run it, apart from the terminal's Ctrl-C."""
        options: dict[str, Any] = {"cwd": self.folder, "start_new_session": True}
        if os.geteuid() == 0:
            options |= {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        commands.run(
            [self.programs / "bin" / program, *arguments], self.log, f"The embedded PostgreSQL failed ({program}).", environ, **options
        )
