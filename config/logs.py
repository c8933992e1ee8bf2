"""Log lines that name the request and never an identity or telephone number."""

import logging
import re

from casework.requests import request_id

IDENTITY = re.compile(r"(?<![\d.])(\d{6})(?:\d{11}[\dXx]|\d{9})(?!\d)")
TELEPHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")


class RequestIdFilter(logging.Filter):
    """Adds `request_id` to each record; a dash outside of requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get() or "-"
        return True


def masked(text: str) -> str:
    """The text with identity numbers (18 or 15 places) and mobile numbers made unreadable."""
    return TELEPHONE.sub(r"\1****\2", IDENTITY.sub(r"\1************", text))


class MaskingFormatter(logging.Formatter):
    """Masks the whole line, traceback included: database errors quote the offending row."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))
