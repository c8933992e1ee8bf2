"""Ctrl-C, SIGTERM and a closed terminal: all three stop in the same order."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def listen() -> None:
    """From now on each of them raises KeyboardInterrupt."""
    for number in STOPPING:
        signal.signal(number, interrupt)


def ignore() -> None:
    """Stopping is not stopped: a second Ctrl-C would leave processes behind."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def deferred() -> Iterator[None]:
    """Holds them back for a short work that must not be left half done."""
    came: list[int] = []
    before = {number: signal.signal(number, lambda got, _: came.append(got)) for number in STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if came and before[signal.SIGINT] is not signal.SIG_IGN:
        raise KeyboardInterrupt
