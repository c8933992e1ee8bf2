"""Where a clone keeps what is not in the repository: environment, database, keys, uploads, logs.

An ordinary user's lies in `.state/` of the clone. Root's lies under /var/lib/dingdian: PostgreSQL refuses to run as root,
and the unprivileged user that it then runs as cannot reach a clone in a home folder that is closed to others.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CLONE = Path(__file__).resolve().parent.parent
SYSTEM = Path("/var/lib/dingdian")
MARK = ".state-of-root"


@dataclass(frozen=True)
class State:
    """The state folder of one clone, for running (`kind` is empty) or for testing (`test`)."""

    base: Path
    kind: str = ""

    @property
    def folder(self) -> Path:
        return self.base / self.kind if self.kind else self.base

    @property
    def venv(self) -> Path:
        return self.folder / "venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def fonts(self) -> Path:
        """Shared by running and testing."""
        return self.base / "fonts"

    def make(self) -> None:
        """The folders, closed to others except for root's, which the database server passes through."""
        mode = 0o711 if os.geteuid() == 0 else 0o700
        for folder in (self.base, self.folder):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(mode)
        self.logs.mkdir(mode=0o700, exist_ok=True)
        note = self.folder / "clone"
        if not note.exists() or note.read_text() != str(CLONE):
            note.write_text(str(CLONE))

    def stamp(self, name: str) -> str:
        """What was last done of this name; empty if never."""
        return str(self._stamps().get(name, ""))

    def set_stamp(self, name: str, value: str) -> None:
        stamps = {**self._stamps(), name: value}
        draft = self.folder / ".stamps.new"
        draft.write_text(json.dumps(stamps, indent=1))
        draft.replace(self.folder / "stamps.json")

    def _stamps(self) -> dict[str, str]:
        path = self.folder / "stamps.json"
        return dict(json.loads(path.read_text())) if path.exists() else {}


def base_folder(clone: Path, environ: Mapping[str, str], uid: int) -> Path:
    """The state folder of this clone for this user; `DINGDIAN_STATE` overrides it."""
    chosen = environ.get("DINGDIAN_STATE")
    if chosen:
        return Path(chosen).resolve()
    if uid != 0:
        return clone / ".state"
    return SYSTEM / hashlib.sha256(f"{clone}\n{clone_id(clone)}".encode()).hexdigest()[:12]


def clone_id(clone: Path) -> str:
    """A random mark left in the clone, so that a new clone at the same path does not meet an old one's data."""
    path = clone / MARK
    try:
        if not path.exists():
            path.write_text(secrets.token_hex(8) + "\n")
        return path.read_text().strip()
    except OSError:
        return ""


def state(kind: str = "") -> State:
    """This clone's state, made if need be."""
    made = State(base_folder(CLONE, os.environ, os.geteuid()), kind)
    made.make()
    return made


def digest(paths: list[Path], *more: str) -> str:
    """One value that changes when any of the files changes, comes or goes."""
    value = hashlib.sha256("\n".join(more).encode())
    for path in sorted(paths):
        value.update(f"\n{path}\n".encode())
        value.update(path.read_bytes())
    return value.hexdigest()
