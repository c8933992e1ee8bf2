"""Every failure as ``application/problem+json`` (RFC 9457), with the clauses and the sentences that the pages show."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from casework.acts import Act
from casework.refusals import Conflict, Invalid, Missing, Refusal, Refused, Stale
from casework.requests import request_id
from documents.rendering import LostPdf
from offices.models import Role

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
NOTHING_HERE = "没有找到，或您所在机构无权查看。"

# kind → status, title
KINDS: dict[str, tuple[int, str]] = {
    "invalid": (400, "输入有误"),
    "unauthenticated": (401, "需要登录"),
    "forbidden": (403, "不属于您所在机构的职责"),
    "missing": (404, "没有找到"),
    "method": (405, "此地址不支持该方法"),
    "gone": (410, "已经失效"),
    "stale": (409, "该事项已被他人办理"),
    "conflict": (409, "与他人同时办理相冲突"),
    "too-large": (413, "提交的内容过大"),
    "media-type": (415, "不支持这种内容类型"),
    "refused": (422, "依规定不能办理"),
    "throttled": (429, "请求过于频繁"),
    "fault": (500, "系统出现故障"),
    "unavailable": (503, "暂时无法提供"),
}


class NotYours(exceptions.PermissionDenied):
    """An act that the actor's role never does, on something the actor may see (403)."""

    def __init__(self, act: Act, office: str) -> None:
        roles = "、".join(str(Role(role).label) for role in act.roles)
        super().__init__(f"“{act.title}”由{roles}办理，不属于{office or '社会公众'}的职责。")


class Unusable(exceptions.APIException):
    """Input that cannot be used; ``errors`` maps field → sentences (400)."""

    def __init__(self, errors: Mapping[str, list[str]], detail: str = "") -> None:
        self.errors = dict(errors)
        super().__init__(detail or said(self.errors))


class Gone(exceptions.APIException):
    """What the caller holds on to is no longer there; ``detail`` says where to begin anew (410)."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)


def said(errors: Mapping[str, list[str]]) -> str:
    """The sentences of all fields as one text."""
    return ";".join(f"{name}:{sentence}" if name != "__all__" else sentence for name, sentences in errors.items() for sentence in sentences)


def problem(kind: str, detail: str, **more: Any) -> dict[str, Any]:
    """The members of a problem; ``instance`` is the request's id, which the server's log carries too."""
    status, title = KINDS[kind]
    found = {"type": f"urn:dingdian:problem:{kind}", "title": title, "status": status, "detail": detail}
    return {**found, "instance": f"urn:request:{request_id.get() or '-'}", **more}


def refusals(found: tuple[Refusal, ...]) -> list[dict[str, str | None]]:
    """Each reason with its clause and the first day on which it is gone."""
    days = [(each, each.earliest_on.isoformat() if each.earliest_on else None) for each in found]
    return [{"clause": each.clause, "message": each.message, "earliest_on": day} for each, day in days]


def of(error: BaseException) -> dict[str, Any]:
    """The problem that an exception is."""
    match error:
        case Refused():
            clauses = [clause for clause in error.clauses if clause not in ("permission", "state")]
            return problem("refused", str(error), clauses=clauses, refusals=refusals(error.refusals))
        case Invalid() | Unusable():
            return problem("invalid", said(error.errors), errors=error.errors)
        case Stale():
            at = error.at.isoformat() if error.at else None
            return problem("stale", str(error), changed_by=error.changed_by, act=error.title, at=at)
        case Gone():
            return problem("gone", str(error.detail))
        case Conflict():
            return problem("conflict", str(error))
        case Missing() | Http404() | exceptions.NotFound():
            return problem("missing", NOTHING_HERE)
        case exceptions.ValidationError():
            errors = _flat(error.detail)
            return problem("invalid", said(errors), errors=errors)
        case exceptions.ParseError():
            return problem("invalid", "请求的内容无法读取，应为合乎规范的 JSON 或表单。", errors={})
        case exceptions.NotAuthenticated():
            return problem("unauthenticated", "请先签发令牌，并在 Authorization: Bearer 中带上。")
        case exceptions.AuthenticationFailed():
            return problem("unauthenticated", str(error.detail))
        case NotYours():
            return problem("forbidden", str(error.detail))
        case exceptions.PermissionDenied() | PermissionDenied():
            return problem("forbidden", "您所在机构无权使用此地址。")
        case exceptions.MethodNotAllowed():
            return problem("method", "请查阅接口说明 /api/docs/。")
        case exceptions.UnsupportedMediaType():
            return problem("media-type", "请用 application/json;上传文件时用 multipart/form-data。")
        case exceptions.Throttled():
            return problem("throttled", f"请在{_wait(error)}秒后再试。")
        case RequestDataTooBig():
            return problem("too-large", "一次提交的内容过大，请减少后重新提交。")
        case SuspiciousOperation():
            return problem("invalid", "请求的内容无法接受。", errors={})
        case LostPdf():
            return problem("unavailable", str(error))
    return problem("fault", "请稍后再试；如仍不能办理，请把 instance 中的编号告诉平台管理员。")


def respond(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's EXCEPTION_HANDLER: also what nobody expected is told as a problem, and logged with its traceback."""
    body = of(error)
    if body["status"] >= 500:
        logger.error("API request failed", exc_info=error)
    headers = {}
    if body["status"] == 401:
        headers["WWW-Authenticate"] = getattr(error, "auth_header", "") or 'Bearer realm="dingdian"'
    if isinstance(error, exceptions.Throttled):
        headers["Retry-After"] = str(_wait(error))
    return Response(body, status=body["status"], headers=headers, content_type=MEDIA_TYPE)


def _wait(error: exceptions.Throttled) -> int:
    return int(getattr(error, "wait", None) or 0) + 1


def _flat(detail: Any) -> dict[str, list[str]]:
    """DRF's nested errors as field → sentences."""
    if isinstance(detail, Mapping):
        return {("__all__" if name == "non_field_errors" else str(name)): _sentences(value) for name, value in detail.items()}
    return {"__all__": _sentences(detail)}


def _sentences(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [f"{name}:{sentence}" for name, inner in value.items() for sentence in _sentences(inner)]
    if isinstance(value, list | tuple):
        return [sentence for inner in value for sentence in _sentences(inner)]
    return [str(value)]
