"""The processes of a running site: web, Celery worker and beat, watched until somebody says stop."""

import ctypes
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from launch import commands
from launch.saying import Stop, say
from launch.state import CLONE

STOP_SECONDS = 15
# A process that ends by itself is started again, but not for ever.
RESTARTS = 3
LOG_LIMIT = 5_000_000
# Method, path without what was searched for, status, seconds: no personal data.
ACCESS = "%(t)s %(m)s %(U)s %(s)s %(L)s"
_libc = ctypes.CDLL(None)


def die_with_parent() -> None:
    """The kernel ends the process when its parent is killed (prctl PR_SET_PDEATHSIG)."""
    _libc.prctl(1, signal.SIGTERM)


class Service:
    """One process with its log; in a session of its own, so that Ctrl-C reaches only the start itself."""

    def __init__(self, name: str, command: list[str], environ: Mapping[str, str], logs: Path, handles: tuple[int, ...] = ()) -> None:
        self.name = name
        self.command = command
        self.environ = environ
        self.log = logs / f"{name}.log"
        self.handles = handles
        self.restarts = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._open_log() as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=CLONE,
                env=dict(self.environ),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=self.handles,
                preexec_fn=die_with_parent,
            )

    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait_or_kill(self, until: float) -> None:
        """Wait for the process, then end whatever is left of its session."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(f"  {self.name} does not end by itself and is killed")
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _open_log(self) -> IO[bytes]:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.old"))
        return self.log.open("ab")


def services(python: Path, listening: socket.socket, environ: Mapping[str, str], logs: Path) -> list[Service]:
    """The three processes; the web server gets the socket that already listens, so nobody can take the port in between."""
    handle = listening.fileno()
    run = [str(python), "-m"]
    web = [*run, "gunicorn", "config.wsgi", "--bind", f"fd://{handle}", "--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    web += ["--preload", "--timeout", "120", "--graceful-timeout", "5", "--access-logfile", "-", "--access-logformat", ACCESS]
    web += ["--no-control-socket"]
    celery = [*run, "celery", "--app", "config", "--quiet"]
    worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    beat = [*celery, "beat", "--loglevel", "WARNING", "--pidfile="]
    return [
        Service("web", web, environ, logs, (handle,)),
        Service("worker", worker, environ, logs),
        Service("beat", beat, environ, logs),
    ]


def wait_until_answering(address: str, web: Service, seconds: float = 90) -> None:
    """Until the web server says that it is well."""
    until = time.monotonic() + seconds
    directly = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < until:
        if web.ended():
            break
        try:
            with directly.open(f"{address}health/", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(0.1)
    raise Stop(f"The web server does not answer. The end of {web.log}:\n{commands.tail(web.log)}")


def watch(running: list[Service]) -> None:
    """Stand by; start again what ends by itself, and give up on what keeps ending."""
    while True:
        time.sleep(0.5)
        for service in running:
            if not service.ended():
                continue
            service.restarts += 1
            if service.restarts > RESTARTS:
                raise Stop(f"{service.name} keeps ending. The end of {service.log}:\n{commands.tail(service.log)}")
            say(f"{service.name} ended by itself and is started again ({service.log} says why)")
            service.start()


def stop(running: list[Service]) -> None:
    """Ask all, wait a while, kill what is left."""
    for service in running:
        service.ask_to_stop()
    until = time.monotonic() + STOP_SECONDS
    for service in running:
        service.wait_or_kill(until)
