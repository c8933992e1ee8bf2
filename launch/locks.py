"""Locks between processes of one clone. They are the kernel's: a killed process leaves none behind."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launch.saying import say


class Lock:
    """A lock file that is held alone, or together with others who share it."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def try_alone(self) -> bool:
        return self._take(fcntl.LOCK_EX | fcntl.LOCK_NB)

    def alone(self, waiting: str = "") -> None:
        if not self.try_alone():
            if waiting:
                say(waiting)
            self._take(fcntl.LOCK_EX)

    def together(self) -> None:
        self._take(fcntl.LOCK_SH)

    def release(self) -> None:
        os.close(self.handle)

    def _take(self, how: int) -> bool:
        try:
            fcntl.flock(self.handle, how)
        except BlockingIOError:
            return False
        return True


@contextmanager
def alone(path: Path, waiting: str = "") -> Iterator[None]:
    """One at a time."""
    lock = Lock(path)
    lock.alone(waiting)
    try:
        yield
    finally:
        lock.release()
