"""What a request brings for an act: JSON with types, or a form with files. Unknown and unfit members are told, never dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from rest_framework.request import Request

from api.fields import complaint, kind_of
from api.paging import LARGEST
from api.problems import Unusable
from casework.acts import Act
from casework.inputs import LinesField

VERSION = "version"


@dataclass
class Given:
    """An act's input: ``version`` is the version of the case that the caller has seen."""

    data: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Any] = field(default_factory=dict)
    version: int | None = None


def has_files(act: Act) -> bool:
    """Whether the act takes files, and so multipart/form-data."""
    return any(isinstance(each, forms.FileField) for each in act.form.base_fields.values())


def body_of(request: Request) -> Mapping[str, Any]:
    """The body as an object; a body of another shape cannot be used."""
    body: Any = request.data
    if body is None or body == "":
        return {}
    if not isinstance(body, Mapping):
        raise Unusable({"__all__": ["请求的内容应为一个对象。"]})
    unsavable(body)
    return body


def act_input(request: Request, act: Act) -> Given:
    """The flat body of one act. Raises Unusable."""
    body = body_of(request)
    version = body.get(VERSION)
    fields = act.form.base_fields
    if isinstance(body, QueryDict):
        return Given(_from_form(body, fields), _files(request, fields), _version(_number(version)))
    data = {name: value for name, value in body.items() if name != VERSION}
    return Given(typed(data, fields), {}, _version(version))


def typed(data: Mapping[str, Any], fields: Mapping[str, forms.Field], prefix: str = "") -> dict[str, Any]:
    """JSON members as the form takes them, their types checked."""
    errors = {f"{prefix}{name}": ["没有这一项。"] for name in data if name not in fields}
    errors |= {f"{prefix}{name}": [said] for name, each in fields.items() if name in data and (said := complaint(each, data[name]))}
    if errors:
        raise Unusable(errors)
    return {name: value for name, value in data.items() if value is not None}


def _from_form(body: QueryDict, fields: Mapping[str, forms.Field]) -> dict[str, Any]:
    unknown = [name for name in body if name not in fields and name != VERSION]
    if unknown:
        raise Unusable({name: ["没有这一项。"] for name in unknown})
    data: dict[str, Any] = {}
    for name in body:
        if name == VERSION or isinstance(fields[name], forms.FileField):
            continue
        several = isinstance(fields[name], LinesField | forms.MultipleChoiceField | forms.ModelMultipleChoiceField)
        data[name] = body.getlist(name) if several else body[name]
    return data


def _files(request: Request, fields: Mapping[str, forms.Field]) -> dict[str, Any]:
    unknown = [name for name in request.FILES if name not in fields or kind_of(fields[name]).field is not forms.FileField]
    if unknown:
        raise Unusable({name: ["这一项不是文件。"] for name in unknown})
    return dict(request.FILES.items())


def _number(value: Any) -> Any:
    """A form's text as a number where it is one."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 19 else value


def _version(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST:
        raise Unusable({VERSION: ["应为打开该事项时的版本号(整数)。"]})
    return value


def flag(request: Request, name: str) -> bool:
    """A yes or no of the query. Raises Unusable."""
    value = request.query_params.get(name, "")
    if value not in ("", "0", "1", "true", "false"):
        raise Unusable({name: ["请填 true 或 false。"]})
    return value in ("1", "true")


def unsavable(value: Any, depth: int = 0) -> None:
    """Stops what no database text can hold: zero characters and halves of characters. Raises Unusable."""
    if depth > 20:
        raise Unusable({"__all__": ["内容嵌套过深。"]})
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise Unusable({"__all__": ["内容含有不能保存的字符。"]})
    elif isinstance(value, QueryDict):
        for name, values in value.lists():
            unsavable(name, depth + 1)
            unsavable(values, depth + 1)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            unsavable(name, depth + 1)
            unsavable(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            unsavable(inner, depth + 1)
