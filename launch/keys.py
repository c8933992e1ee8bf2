"""The key that signs sessions: made once in the state folder, readable by its owner only.

The keys for identity numbers lie beside it in `identity.json`, made on first use by `institutions.identity_keys`. Whoever
loses that file loses the identity numbers; `launch.backup` takes the folder along.
"""

import os
import secrets
import sys
from pathlib import Path


def make(folder: Path) -> bool:
    """Make the folder and the key if missing; whether one was made."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    path = folder / "secret_key"
    if path.exists():
        return False
    draft = folder / f".secret_key.{os.getpid()}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(50) + "\n")
    try:
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    return True


def read(folder: Path) -> str:
    """The key; empty when none was made."""
    path = folder / "secret_key"
    return path.read_text().strip() if path.is_file() else ""


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("python -m launch.keys FOLDER")
    sys.stdout.write("made\n" if make(Path(sys.argv[1])) else "there already\n")
