"""A page that is only read must not write: what a GET changes, a crawler, a preview or another site's link changes too."""

import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

WRITE = re.compile(r"^\s*(INSERT INTO|UPDATE|DELETE FROM|MERGE INTO)\s+\"?(\w+)", re.IGNORECASE)
# The session keeps itself alive and signs people out; the lockout list counts; a paper not yet rendered is when first opened.
ALLOWED_TABLES = {"django_session", "axes_accesslog", "axes_accessattempt", "documents_document"}


def refuse(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Lets a statement through unless it writes to a table that reading may not touch."""
    written = WRITE.match(str(sql))
    if written and written[2] not in ALLOWED_TABLES:
        raise AssertionError(f"a GET request wrote to {written[2]}: {str(sql)[:200]}")
    return execute(sql, params, many, context)


def writes_refused_on_reading(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """The middleware, for tests only."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            return get_response(request)
        with connection.execute_wrapper(refuse):
            return get_response(request)

    return answer
