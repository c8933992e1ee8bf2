"""`./run`: from a fresh clone to a site that answers, and back to nothing at Ctrl-C."""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from launch import preparing, services, signals, state
from launch.locks import Lock, alone
from launch.saying import Stop, say
from launch.state import CLONE, State

PORT = 8000
PORTS_TO_TRY = 50


def main(arguments: list[str]) -> int:
    """The exit status of `./run ARGUMENTS`."""
    signals.listen()
    try:
        if arguments[:1] == ["manage"]:
            return manage(arguments[1:])
        if arguments[:1] == ["backup"]:
            return back_up(arguments[1:])
        if arguments[:1] == ["restore"]:
            return restore(arguments[1:])
        return serve(parse(arguments))
    except Stop as stop:
        return preparing.explain_stop(stop)
    except KeyboardInterrupt:
        say("Stopped.")
        return 130


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./run",
        description="Starts Dingdian with everything it needs; Ctrl-C stops all of it and keeps the data.",
        epilog="./run manage COMMAND … runs a management command in the same environment; ./run backup FILE writes all data and "
        "keys to one file, also while the site runs; ./run restore FILE [--yes] lays them out again.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (0.0.0.0: everybody in the network)")
    parser.add_argument("--port", type=int, help=f"the port; without it {PORT}, or the next one that is free")
    parser.add_argument("--no-demo", action="store_true", help="make no demo data")
    parser.add_argument("--reset", action="store_true", help="drop all data of this clone first")
    chosen = parser.parse_args(arguments)
    if chosen.port is not None and not 0 < chosen.port < 65536:
        parser.error("--port is a number from 1 to 65535")
    return chosen


def serve(options: argparse.Namespace) -> int:
    """Set up, start, stand by, stop."""
    here = state.state()
    running = Lock(here.folder / "run.lock")
    if not running.try_alone():
        note = here.folder / "address"
        where = f" at {note.read_text()}" if note.exists() else ""
        raise Stop(f"This clone is running already{where}. Stop that one first with Ctrl-C (or give another clone to the second).")
    listening = listen(options.host, options.port)
    host, port = options.host, listening.getsockname()[1]
    address = f"http://{shown(host)}:{port}/"
    # Stands in the QR codes of papers, those of the demo data included.
    os.environ.setdefault("DINGDIAN_BASE_URL", address)
    if options.reset:
        reset(here)
    with ready(here, demo=not options.no_demo, site=True) as environ:
        environ |= site_variables(here, host)
        processes = services.services(here.python, listening, environ, here.logs)
        try:
            # The web first: a newcomer waits for it, and nobody waits for the others.
            web, *others = processes
            web.start()
            logins = steps(here, environ, "logins") if here.stamp(named("demo")) == "made" else ""
            services.wait_until_answering(address, web)
            for service in others:
                service.start()
            (here.folder / "address").write_text(address)
            sys.stdout.write(greeting(here, address, environ, logins))
            sys.stdout.flush()
            services.watch(processes)
        except KeyboardInterrupt:
            pass
        finally:
            signals.ignore()
            (here.folder / "address").unlink(missing_ok=True)
            say("Stopping …")
            services.stop(processes)
    return 0


def manage(arguments: list[str]) -> int:
    """One management command; nothing but its own output on standard output, its own exit status."""
    here = state.state()
    with ready(here, demo=False, site=False) as environ:
        process = subprocess.Popen([here.python, CLONE / "manage.py", *arguments], env=environ)
        return wait(process)


def back_up(arguments: list[str]) -> int:
    """`./run backup FILE`: also while the site runs; migrates nothing."""
    parser = argparse.ArgumentParser(prog="./run backup", description="Writes database, uploads, papers and keys to one file (mode 600).")
    parser.add_argument("file", help="a new file")
    chosen = parser.parse_args(arguments)
    here = state.state()
    if "DATABASE_URL" not in os.environ and not (here.postgres / "data").exists():
        raise Stop("There is nothing to back up: this clone was never started.")
    return in_database(here, "launch.backup", os.path.abspath(chosen.file))


def restore(arguments: list[str]) -> int:
    """`./run restore FILE`: with nothing running; the next start brings the tables up to date."""
    parser = argparse.ArgumentParser(prog="./run restore", description="Lays out what ./run backup wrote.")
    parser.add_argument("file")
    parser.add_argument("--yes", action="store_true", help="replace the data that are there")
    chosen = parser.parse_args(arguments)
    here = state.state()
    running = Lock(here.folder / "run.lock")
    if not running.try_alone():
        raise Stop("This clone is running. Stop it first with Ctrl-C.")
    here.set_stamp(named("tables"), "")
    status = in_database(here, "launch.restore", os.path.abspath(chosen.file), *(["--yes"] if chosen.yes else []))
    if status == 0:
        shutil.rmtree(here.folder / "broker", ignore_errors=True)
        here.set_stamp(named("demo"), "declined")
    return status


def in_database(here: State, module: str, *arguments: str) -> int:
    """Run a module of ours in the environment with the database up, whatever tables there are; its exit status."""
    with alone(here.folder / "setup.lock", "Another start is setting this clone up; waiting for it …"):
        environ = {**os.environ, **preparing.provide(here, "requirements.txt")}
    with database(here) as url:
        process = subprocess.Popen([here.python, "-m", module, *arguments], cwd=CLONE, env={**environ, "DATABASE_URL": url})
        try:
            return wait(process)
        finally:
            signals.ignore()


def wait(process: "subprocess.Popen[bytes]") -> int:
    """Wait for a command. The terminal's Ctrl-C reaches it directly; what reaches only us is passed on."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _: process.send_signal(got))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    status = process.wait()
    return status if status >= 0 else 128 - status


@contextmanager
def ready(here: State, *, demo: bool, site: bool) -> Iterator[dict[str, str]]:
    """The environment for Django's processes, with a database that is up, migrated and seeded."""
    waiting = "Another start is setting this clone up; waiting for it …"
    with alone(here.folder / "setup.lock", waiting):
        environ = {**os.environ, **preparing.provide(here, "requirements.txt")}
    with database(here) as url:
        environ["DATABASE_URL"] = url
        with alone(here.folder / "setup.lock", waiting):
            bring_up_to_date(here, environ, demo=demo, site=site)
        try:
            yield environ
        finally:
            signals.ignore()


def database(here: State) -> Any:
    """The embedded server while it is used, or the one of DATABASE_URL."""
    url = os.environ.get("DATABASE_URL")
    return nullcontext(url) if url else preparing.cluster(here).used()


def named(stamp: str) -> str:
    """The name of a stamp about the database in use: each database has its own."""
    url = os.environ.get("DATABASE_URL")
    return f"{stamp} {state.digest([], url)[:12]}" if url else stamp


def bring_up_to_date(here: State, environ: dict[str, str], *, demo: bool, site: bool) -> None:
    """Migrations, seeds, static files and demo data, each only when something changed since the last time."""
    external = "DATABASE_URL" in os.environ
    tables = state.digest(list(CLONE.glob("[!.]*/migrations/*.py")), here.stamp("environment"))
    if external or here.stamp("tables") != tables:
        say("Preparing the database")
        if "fresh" in steps(here, environ, "migrate", "seed"):
            here.set_stamp(named("demo"), "due")
        here.set_stamp(named("tables"), tables)
    if site:
        collect(here, environ)
        make_demo(here, environ, wanted=demo)


def collect(here: State, environ: dict[str, str]) -> None:
    files = [path for path in CLONE.glob("[!.]*/static/**/*") if path.is_file()]
    static = state.digest([*files, CLONE / "config" / "static.py"], here.stamp("environment"))
    if here.stamp("static") != static or not (here.folder / "static" / "staticfiles.json").exists():
        say("Collecting static files")
        steps(here, environ, "collect")
        here.set_stamp("static", static)


def make_demo(here: State, environ: dict[str, str], *, wanted: bool) -> None:
    """Once, in a database that was empty; a site without demo data still starts."""
    if here.stamp(named("demo")) != "due":
        return
    if not wanted:
        here.set_stamp(named("demo"), "declined")
        return
    say("Making demo data (people and institutions are invented)")
    try:
        if "made" in steps(here, environ, "demo"):
            here.set_stamp(named("demo"), "made")
    except Stop:
        say("The demo data could not be made, for the reason above. Dingdian starts without; ./run --reset tries again.")


def steps(here: State, environ: dict[str, str], *names: str) -> str:
    """Run steps of launch/steps.py in the environment; what they write to standard output."""
    command = [str(here.python), "-m", "launch.steps", *names]
    done = subprocess.run(command, cwd=CLONE, env=environ, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise Stop(f"The start stopped at: {', '.join(names)} (the reason stands above).")
    return done.stdout


def site_variables(here: State, host: str) -> dict[str, str]:
    """Names by which the site may be called; a cookie of its own, since cookies do not tell ports apart."""
    everybody = host in {"0.0.0.0", "::", ""}  # noqa: S104
    names = ["*"] if everybody else ["localhost", "127.0.0.1", "[::1]"]
    chosen = os.environ.get("DINGDIAN_HOSTS", "").split(",")
    return {
        "DINGDIAN_HOSTS": ",".join(filter(None, [*(chosen if any(chosen) else names), shown(host)])),
        "DINGDIAN_COOKIE": os.environ.get("DINGDIAN_COOKIE", "dingdian_" + state.digest([], str(here.folder))[:8]),
    }


def listen(host: str, port: int | None) -> socket.socket:
    """A listening socket on the wanted port, or on the first free one from PORT upward."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in [port] if port else range(PORT, PORT + PORTS_TO_TRY):
        listening = socket.socket(family)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, candidate))
            listening.listen(128)
            return listening
        except socket.gaierror as error:
            raise Stop(f"{host} is no address of this machine.") from error
        except OSError as error:
            listening.close()
            if error.errno not in {13, 98} or port:
                reason = {98: "is taken by another program", 13: "may not be used by this user"}.get(error.errno or 0, str(error))
                raise Stop(f"Port {candidate} on {host} {reason}. Choose another with --port, or leave --port out.") from error
    raise Stop(f"No port from {PORT} to {PORT + PORTS_TO_TRY - 1} is free. Choose one with --port.")


def shown(host: str) -> str:
    """How a browser on this machine writes the host."""
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def reset(here: State) -> None:
    """Drop the embedded database with everything that belongs to its rows."""
    if "DATABASE_URL" in os.environ:
        raise Stop("--reset drops only the embedded database; the one of DATABASE_URL is yours to drop.")
    if here.python.exists():
        cluster = preparing.cluster(here)
        if cluster.in_use():
            raise Stop("A ./run manage of this clone still uses the data. Let it end, then start again.")
        cluster.drop()
    for name in ("media", "broker", "keys"):
        shutil.rmtree(here.folder / name, ignore_errors=True)
    for stamp in ("tables", "demo"):
        here.set_stamp(stamp, "")
    say("All data of this clone are dropped.")


def greeting(here: State, address: str, environ: dict[str, str], logins: str) -> str:
    """What a newcomer needs to know."""
    embedded = "DATABASE_URL" not in os.environ
    where = here.folder if embedded else f"the database of DATABASE_URL; files in {here.folder}"
    lines = ["", f"  Dingdian 定点通 runs at {address}", f"  Data: {where}", f"  Logs: {here.logs}"]
    if logins.strip():
        lines += ["", *("  " + line for line in logins.rstrip().splitlines())]
    return "\n".join([*lines, "", "  Ctrl-C stops it.", ""]) + "\n"
