"""The interface description is open, complete, and says in Chinese what each act asks for (M34)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django import forms
from django.urls import get_resolver
from jsonschema import Draft202012Validator

from api.description import document
from api.fields import KINDS, kind_of, schema_of
from api.subjects import BY_MODEL
from casework.acts import registry
from tests.api.conftest import Program

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M34")]


def operations() -> dict[str, Any]:
    return {f"{method} {path}": found for path, item in document()["paths"].items() for method, found in item.items()}


def test_it_is_open_to_everybody() -> None:
    program = Program()
    assert program.get("openapi.json") == json.loads(json.dumps(document()))


def test_every_act_is_in_it_with_every_field_title_and_clause() -> None:
    found = operations()
    for word, act in registry.items():
        collection = BY_MODEL[act.subject].name if act.subject else ""
        path = f"/api/v1/{collection}/{{id}}/acts/{word}" if act.subject else f"/api/v1/acts/{word}"
        operation = found[f"post {path}"]
        assert operation["summary"] == act.title
        for clause in act.clauses:
            assert clause in operation["description"], (word, clause)
        content = operation["requestBody"]["content"]
        schema = next(iter(content.values()))["schema"]
        assert set(act.form.base_fields) <= set(schema["properties"]), word
        assert set(schema.get("required", ())) == {name for name, field in act.form.base_fields.items() if field.required}
        assert ("202" in operation["responses"]) == (act.signatures > 1)
        if act.in_batches:
            assert f"post /api/v1/acts/{word}" in found


def test_every_operation_has_a_chinese_name_a_tag_and_its_problems() -> None:
    for name, operation in operations().items():
        assert any("一" <= letter <= "龥" for letter in operation["summary"]), name
        assert operation["tags"][0], name
        assert operation["operationId"], name
        assert {"400", "401", "429", "500"} <= set(operation["responses"]), name
    ids = [operation["operationId"] for operation in operations().values()]
    assert len(ids) == len(set(ids))


def test_every_address_of_the_api_is_described() -> None:
    api = next(entry for entry in get_resolver().url_patterns if getattr(entry, "namespace", None) == "api")
    paths = set(document()["paths"])
    for entry in api.url_patterns:
        if entry.name in ("docs", "openapi", "nowhere"):
            continue
        path = "/api/" + str(entry.pattern).replace("<int:pk>", "{id}").replace("<int:material>", "{material}").replace(
            "<str:code>", "{code}"
        )
        assert path in paths


def test_every_schema_in_it_is_a_schema() -> None:
    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("schema"), dict):
                Draft202012Validator.check_schema(value["schema"])
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(document())
    for schema in document()["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_kind_of_field_is_known_by_one_table() -> None:
    for act in registry.values():
        for field in act.form.base_fields.values():
            assert schema_of(field)["title"] or field.label is None
    with pytest.raises(LookupError):
        kind_of(forms.DurationField())
    kinds = [kind.field for kind in KINDS]
    for number, kind in enumerate(kinds):
        assert not any(issubclass(kind, earlier) for earlier in kinds[:number]), f"{kind} is never reached"


def test_the_page_needs_no_script_of_its_own(client) -> None:
    answer = client.get("/api/docs/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "<script>" not in text
    assert "<style" not in text
    assert " style=" not in text
    assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
