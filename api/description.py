"""The interface description (OpenAPI 3.1), derived from the views and the registry of acts: open and complete (M34)."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import forms
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated

from agreements.term import STATES as TERMS
from api.acts import MOST_ROWS, ActView, DoMany
from api.fields import Schema, schema_of
from api.given import VERSION, has_files
from api.outputs import OutcomeOut, PreviewOut, ProposalOut
from api.problems import KINDS, MEDIA_TYPE
from applications.road import STATES as ROAD
from casework.acts import Act
from documents.catalogue import CATALOGUE
from offices.models import Role

PROBLEM = {"$ref": "#/components/schemas/Problem"}
REASON = {
    "type": "object",
    "description": "一项理由。",
    "required": ["clause", "message", "earliest_on"],
    "properties": {
        "clause": {"type": "string", "description": "条款，按机构类别编号;permission 和 state 不是条款。"},
        "message": {"type": "string", "description": "说明。"},
        "earliest_on": {"type": ["string", "null"], "format": "date", "description": "此项理由最早消失的一日。"},
    },
}
PROBLEM_SCHEMA: Schema = {
    "type": "object",
    "description": "没有办成的原因(RFC 9457)。",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "enum": [f"urn:dingdian:problem:{kind}" for kind in KINDS], "description": "种类。"},
        "title": {"type": "string", "description": "种类的名称。"},
        "status": {"type": "integer", "description": "HTTP 状态码。"},
        "detail": {"type": "string", "description": "给人看的说明。"},
        "instance": {"type": "string", "description": "本次请求的编号，日志中可查。"},
        "clauses": {"type": "array", "items": {"type": "string"}, "description": "所依据的条款。"},
        "refusals": {"type": "array", "items": REASON, "description": "不能办理的全部理由。"},
        "errors": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
            "description": "哪一项有什么问题；`__all__` 指整体。",
        },
        "changed_by": {"type": "string", "description": "在您之后谁办理过。"},
        "act": {"type": "string", "description": "办理了什么。"},
        "at": {"type": ["string", "null"], "format": "date-time", "description": "何时办理的。"},
    },
}
# Which problems an operation can end in, besides those every one can.
ALWAYS = ("invalid", "unauthenticated", "throttled", "fault")
SAID_OF_STATES = {**ROAD, **TERMS}


class Description(AutoSchema):
    """How one operation is described."""

    view: Any

    def get_tags(self) -> list[str]:
        return [self.view.tag]

    def get_summary(self) -> str:
        return self.act.title if self.act else getattr(self.view, f"{self.method.lower()}_title", self.view.title)

    def get_auth(self) -> list[dict[str, list[str]]]:
        needed: list[dict[str, list[str]]] = [{"token": []}]
        if self._closed():
            super().get_auth()  # registers the scheme
            return needed
        return [{}, *needed] if self.act else []

    def _closed(self) -> bool:
        return any(isinstance(each, IsAuthenticated) for each in self.view.get_permissions())

    def get_description(self) -> str:  # type: ignore[override]
        said = [self.view.description, self._said_of_act() if self.act else ""]
        clauses = self.act.clauses if self.act else self.view.clauses
        said.append(f"依据：{'、'.join(clauses)}。" if clauses else "")
        return "\n\n".join(each for each in said if each)

    def get_operation_id(self) -> str:
        if not self.act:
            return f"{self.method.lower()}_{'_'.join(self._tokenize_path()).replace('-', '_')}{'_one' if self.path.endswith('}') else ''}"
        collection = self.path.split("/")[3]
        return self.act.word if collection == "acts" and not self.many else f"{collection}_{self.act.word}"

    def get_request_serializer(self) -> Any:
        return getattr(self.view, "body", None)

    def get_response_serializers(self) -> Any:
        if self.act:
            return {200: None}  # see _act_responses
        if self.method == "GET" and isinstance(self.view, ListAPIView):
            return super().get_response_serializers()
        status = getattr(self.view, "status", 200)
        if hasattr(self.view, "binary"):
            return {(status, self.view.binary): bytes}
        if status == 204:
            return {204: None}
        if hasattr(self.view, "answer"):
            return {status: self.view.answer}
        return super().get_response_serializers()

    @property
    def act(self) -> Act | None:
        return self.view.act if isinstance(self.view, ActView) else None

    @property
    def many(self) -> bool:
        return isinstance(self.view, DoMany)

    def _said_of_act(self) -> str:
        act = self.act
        assert act is not None
        said = [f"办理机构：{'、'.join(str(Role(role).label) for role in act.roles)}。"]
        if act.sources:
            said.append(f"可在状态：{'、'.join(SAID_OF_STATES.get(state, state) for state in act.sources)}。")
        if act.signatures > 1:
            said.append("须由经办人提出、另一名复核人签署：本地址形成一份待复核事项(202),复核后生效。")
        if act.papers:
            said.append(f"制发文书：{'、'.join(CATALOGUE[number].title for number in act.papers if number in CATALOGUE)}。")
        if self.many:
            said.append(f"一次最多{MOST_ROWS}项，在同一事务中逐项办理；不能办理的一项不影响其他各项。")
        return "".join(said)

    def _get_parameters(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = super()._get_parameters()
        for parameter in found:
            if parameter["in"] == "path":
                parameter.setdefault("description", "编号。")
        if self.act and not self.many and not has_files(self.act):
            said = "只看后果，不办理：返回将制发的文书、将改变的状态和时限。"
            found.append({"name": "preview", "in": "query", "schema": {"type": "boolean"}, "description": said})
        query: type[forms.Form] | None = getattr(self.view, "query", None)
        return [*found, *(_asked(name, field) for name, field in (query().fields.items() if query else ()))]

    def _get_filter_parameters(self) -> list[dict[str, Any]]:
        filters = getattr(self.view, "filterset_class", None) if self.method == "GET" else None
        return [_asked(name, each.field) for name, each in filters.base_filters.items()] if filters else []

    def _get_request_body(self, direction: Any = "request") -> Any:
        if self.act is None:
            return super()._get_request_body(direction)
        if self.many:
            return {"required": True, "content": {"application/json": {"schema": many_schema(self.act)}}}
        schema = act_schema(self.act)
        kinds = ["application/json"]
        if has_files(self.act):
            needed = any(isinstance(each, forms.FileField) and each.required for each in self.act.form.base_fields.values())
            kinds = ["multipart/form-data"] if needed else ["multipart/form-data", "application/json"]
        content = {kind: {"schema": schema if kind != "application/json" else without_files(schema)} for kind in kinds}
        return {"required": bool(schema.get("required")), "content": content}

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        found = self._act_responses() if self.act else super()._get_response_bodies(direction)
        for code in found.values():
            code["description"] = code["description"] or "成功。"
        for kind in self._problems():
            status, title = KINDS[kind]
            body = {"description": title, "content": {MEDIA_TYPE: {"schema": PROBLEM}}}
            if str(status) in found:
                body["description"] = f"{found[str(status)]['description']},或者{title}"
            found[str(status)] = body
        return dict(sorted(found.items()))

    def _act_responses(self) -> dict[str, Any]:
        act = self.act
        assert act is not None
        outcome = self.resolve_serializer(OutcomeOut, "response").ref
        if self.many:
            return {"200": _json("逐项的结果。", rows_schema(outcome))}
        if has_files(act):
            return {"200": _json("已办理。", outcome)}
        preview = self.resolve_serializer(PreviewOut, "response").ref
        if act.signatures > 1:
            proposal = self.resolve_serializer(ProposalOut, "response").ref
            return {"200": _json("预览的后果。", preview), "202": _json("已形成待复核事项。", proposal)}
        return {"200": _json("已办理，或预览的后果。", {"anyOf": [outcome, preview]})}

    def _problems(self) -> list[str]:
        found = [*ALWAYS, *getattr(self.view, "problems", ())]
        if "{" in self.path or self.act or self.path.endswith("verification"):
            found.append("missing")
        if self.method == "POST":
            found += ["media-type", "too-large"]
        if self.act or (self.method == "POST" and "/proposals/" in self.path):
            found += ["forbidden", "stale", "conflict", "refused"]
        if hasattr(self.view, "binary"):
            found.append("unavailable")
        return found


def act_schema(act: Act) -> Schema:
    """The flat body of an act: its form's fields, and the version that the caller has seen."""
    fields = act.form.base_fields
    found: Schema = {"type": "object", "additionalProperties": False}
    properties = {name: schema_of(field) for name, field in fields.items()}
    if act.subject is not None and hasattr(act.subject, "version"):
        properties[VERSION] = {"type": ["integer", "null"], "minimum": 0, "description": "您看到的版本号；其间他人办理过的，返回409。"}
    required = [name for name, field in fields.items() if field.required]
    return {**found, "properties": properties, **({"required": required} if required else {})}


def without_files(schema: Schema) -> Schema:
    """The same for JSON, which holds no files."""
    kept = {name: each for name, each in schema["properties"].items() if each.get("format") != "binary"}
    return {**schema, "properties": kept}


def many_schema(act: Act) -> Schema:
    """The body of an act done to many."""
    schema = act_schema(act)
    schema["properties"].pop(VERSION, None)
    ids = {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 1, "maxItems": MOST_ROWS, "uniqueItems": True}
    properties = {
        "ids": {**ids, "description": "事项的编号。"},
        "data": {**schema, "description": "各项共同的内容。"},
        "dry_run": {"type": "boolean", "default": False, "description": "试办：给出逐项的结果，随即撤销。"},
    }
    required = ["ids", "data"] if schema.get("required") else ["ids"]
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def rows_schema(outcome: Schema) -> Schema:
    """The answer row by row."""
    row = {
        "type": "object",
        "required": ["id", "outcome", "problem"],
        "properties": {
            "id": {"type": "integer", "description": "事项的编号。"},
            "outcome": {"anyOf": [outcome, {"type": "null"}], "description": "办理的结果。"},
            "problem": {"anyOf": [PROBLEM, {"type": "null"}], "description": "没有办成的原因。"},
        },
    }
    rows = {"type": "array", "items": row}
    return {"type": "object", "required": ["dry_run", "rows"], "properties": {"dry_run": {"type": "boolean"}, "rows": rows}}


def _json(description: str, schema: Schema) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _asked(name: str, field: forms.Field) -> dict[str, Any]:
    """A parameter of the query, from the field that reads it."""
    schema = _plain(schema_of(field))
    said = " ".join(filter(None, [schema.pop("title", ""), schema.pop("description", "")]))
    return {"name": name, "in": "query", "required": field.required, "schema": schema, "description": said}


def _plain(schema: Schema) -> Schema:
    """The schema of a query parameter: it is absent rather than null."""
    if isinstance(schema.get("type"), list):
        schema = {**schema, "type": schema["type"][0]}
    if "enum" in schema:
        schema = {**schema, "enum": [each for each in schema["enum"] if each is not None]}
    return schema


@cache
def document() -> dict[str, Any]:
    """The whole description. Views and registry are fixed once the program has started, so it is made once per process."""
    generator: Any = SchemaGenerator()
    found: dict[str, Any] = generator.get_schema(request=None, public=True)
    found["components"]["schemas"]["Problem"] = PROBLEM_SCHEMA
    return found
