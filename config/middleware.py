"""What every request passes through: an id, the caller's true address, security headers, a limit on size; a page reads a thing once."""

import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from casework.remembering import reading
from casework.requests import request_id

ID_SHAPE = re.compile(r"[A-Za-z0-9-]{8,64}")
Respond = Callable[[HttpRequest], HttpResponseBase]

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def identify(get_response: Respond) -> Respond:
    """Gives each request an id, its own or a proxy's, for the log and for people who report a fault."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        mark = given if ID_SHAPE.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(mark)
        try:
            response = get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = mark
        return response

    return answer


def client_address(get_response: Respond) -> Respond:
    """Puts the caller's address in place of the proxy's, when TRUSTED_PROXIES of our own stand in front.

    Each proxy appends the address that it was called from, so only the last TRUSTED_PROXIES entries can be believed.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        trusted = settings.TRUSTED_PROXIES
        if trusted and len(chain) >= trusted:
            request.META["REMOTE_ADDR"] = chain[-trusted]
        return get_response(request)

    return answer


def security_headers(get_response: Respond) -> Respond:
    """Headers that Django does not set: no device access, and nothing of a signed-in person in a shared cache."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return answer


def request_size(get_response: Respond) -> Respond:
    """Refuses a request larger than REQUEST_MAX_BYTES before reading it."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.REQUEST_MAX_BYTES:
            limit = settings.REQUEST_MAX_BYTES // (1024 * 1024)
            sentence = f"一次提交的内容不能超过 {limit} MB。请减少文件后重新提交。"
            return HttpResponse(sentence, status=413, content_type="text/plain; charset=utf-8")
        return get_response(request)

    return answer


def read_once(get_response: Respond) -> Respond:
    """A page that only reads asks once for settings, for the calendar and for each case's facts."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        with reading():
            return get_response(request)

    return answer
