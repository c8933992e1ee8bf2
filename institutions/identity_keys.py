"""The file of the keys for identity numbers (M35): made on first use with mode 0600, read again when it changes."""

import json
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet
from django.conf import settings


@dataclass(frozen=True)
class Key:
    """One generation: ``cipher`` encrypts, ``secret`` keys the hash."""

    name: str
    cipher: Fernet
    secret: bytes


_read: dict[Path, tuple[tuple[int, int], tuple[Key, ...]]] = {}


def _path() -> Path:
    return Path(settings.IDENTITY_KEYS_FILE)


def _new_row() -> dict[str, str]:
    return {"name": secrets.token_hex(4), "cipher": Fernet.generate_key().decode(), "secret": secrets.token_hex(32)}


def _written_beside(path: Path, rows: list[dict[str, str]]) -> str:
    """A finished file in the same folder, so that it can take its place in one step; mkstemp gives mode 0600."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(rows, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return name


def _make(path: Path) -> None:
    """Two processes may both be the first: the link is made by one of them only, and both read that one's keys."""
    finished = _written_beside(path, [_new_row()])
    try:
        os.link(finished, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(finished)


def keys() -> tuple[Key, ...]:
    """All generations, newest first."""
    path = _path()
    if not path.exists():
        _make(path)
    state = path.stat()
    stamp = (state.st_mtime_ns, state.st_ino)
    known = _read.get(path)
    if known is None or known[0] != stamp:
        rows = json.loads(path.read_text(encoding="utf-8"))
        known = (stamp, tuple(Key(row["name"], Fernet(row["cipher"]), bytes.fromhex(row["secret"])) for row in rows))
        _read[path] = known
    return known[1]


def add_key() -> None:
    """A new generation writes from now on; the older ones still read."""
    keys()
    rows = json.loads(_path().read_text(encoding="utf-8"))
    os.replace(_written_beside(_path(), [_new_row(), *rows]), _path())


def drop_old_keys() -> int:
    """Only the newest generation stays; how many went. What was encrypted with the others is lost, so ask first."""
    rows = json.loads(_path().read_text(encoding="utf-8"))
    os.replace(_written_beside(_path(), rows[:1]), _path())
    return len(rows) - 1
