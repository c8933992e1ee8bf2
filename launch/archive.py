"""The file that a backup is: a tar archive whose first member says what it is, with every file's SHA-256 in a manifest at its end.

The digests find damage, not malice: whoever can write the file can write other digests too. Keep it where the keys are kept.
"""

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

from launch.saying import Stop

FORMAT = "dingdian-backup"
VERSION = 1
MANIFEST = "manifest.json"
FOREIGN = "{path} is no backup of Dingdian."
DAMAGED = "{path} is damaged ({what}) and cannot be restored. Nothing was changed; take another backup."
CHUNK = 1 << 20


class Writer:
    """An archive that is being written."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.files: dict[str, dict[str, Any]] = {}

    def add(self, name: str, path: Path) -> None:
        """One file under a name of the archive; a file that grows meanwhile is taken as long as it was."""
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            counted = _Digesting(file)
            self.tar.addfile(_member(name, size), counted)
        self.files[name] = {"size": size, "sha256": counted.digest.hexdigest()}


@contextmanager
def written(path: Path, about: Mapping[str, Any]) -> Iterator[Writer]:
    """A new archive, readable by its owner only; it bears its name once it is whole, and no other file is written over."""
    if path.exists():
        raise Stop(f"{path} is there already; name another file.")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                tar.addfile(_member(FORMAT, 0))
                writer = Writer(tar)
                yield writer
                manifest = {"format": FORMAT, "version": VERSION, **about, "files": writer.files}
                text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
                tar.addfile(_member(MANIFEST, len(text)), io.BytesIO(text))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)


def unpacked(path: Path, into: Path) -> dict[str, Any]:
    """Lay out an archive in an empty folder and give its manifest; Stop unless every byte is the one that was written."""
    try:
        with tarfile.open(path, mode="r:") as tar:
            found = {member.name: _laid_out(tar, member, into, path) for member in tar}
    except FileNotFoundError as absent:
        raise Stop(f"{path} does not exist.") from absent
    except tarfile.ReadError as problem:
        raise Stop(DAMAGED.format(path=path, what=_unreadable(problem)) if _is_ours(path) else FOREIGN.format(path=path)) from problem
    except OSError as problem:
        raise Stop(f"{path} cannot be read: {problem.strerror or problem}.") from problem
    manifest = _manifest(into, path, found)
    stated = {name: (row["size"], row["sha256"]) for name, row in manifest["files"].items()}
    del found[FORMAT], found[MANIFEST]
    for name in sorted({*stated, *found}):
        if stated.get(name) != found.get(name):
            raise Stop(DAMAGED.format(path=path, what=f"{name} is not as it was written"))
    return manifest


def _manifest(into: Path, path: Path, found: Mapping[str, Any]) -> dict[str, Any]:
    if FORMAT not in found:
        raise Stop(FOREIGN.format(path=path))
    if MANIFEST not in found:
        raise Stop(DAMAGED.format(path=path, what="its end is missing"))
    try:
        manifest = json.loads((into / MANIFEST).read_bytes())
        version = int(manifest["version"])
        {(row["size"], row["sha256"]) for row in manifest["files"].values()}
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise Stop(DAMAGED.format(path=path, what="its manifest cannot be read")) from problem
    if version > VERSION:
        raise Stop(f"{path} was written by a newer Dingdian; restore it with that one.")
    return dict(manifest)


def _laid_out(tar: tarfile.TarFile, member: tarfile.TarInfo, into: Path, path: Path) -> tuple[int, str]:
    """Write one member below the folder, never beside it; its size and digest."""
    name = PurePosixPath(member.name)
    if not member.isreg() or name.is_absolute() or ".." in name.parts or not name.parts:
        raise Stop(FOREIGN.format(path=path))
    target = into.joinpath(*name.parts)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    source = tar.extractfile(member)
    if source is None:
        raise Stop(FOREIGN.format(path=path))
    counted = _Digesting(source)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while chunk := counted.read(CHUNK):
            file.write(chunk)
    return target.stat().st_size, counted.digest.hexdigest()


def _is_ours(path: Path) -> bool:
    """Whether a file begins as every backup does, whatever became of the rest."""
    with path.open("rb") as file:
        return file.read(len(FORMAT) + 1) == FORMAT.encode() + b"\0"


def _unreadable(problem: tarfile.ReadError) -> str:
    return "it ends too early" if "end of" in str(problem) or "truncated" in str(problem) else "it cannot be read to its end"


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


class _Digesting:
    """A file whose digest is taken while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        found = self.file.read(size)
        self.digest.update(found)
        return found
