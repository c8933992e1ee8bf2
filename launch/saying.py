"""What the start says to people: on standard error, so that standard output belongs to commands alone."""

import sys


class Stop(Exception):
    """Nothing can go on; the message is a plain sentence that says what to do."""


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
