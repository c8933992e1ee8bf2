"""Parts of answers that several resources share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from django.db.models import F, Q, QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agreements.models import Agreement
from api.outputs import ANYTHING, address
from api.subjects import visible
from applications.models import Application
from casework.models import ActRecord
from deadlines.models import Deadline
from deadlines.registry import title as title_of_deadline
from institutions.models import Institution
from offices.actors import Actor
from offices.models import Role

STATEMENTS = {"type": "object", "additionalProperties": {"type": "boolean"}}


class Answered(serializers.Field[Any, Any, Any, Any]):
    """A value that the view or the row computes: ``Answered("full_name", str)``; its type goes into the description."""

    def __init__(self, source: str | Callable[[Any], Any] = "", **options: Any) -> None:
        self.compute = source if callable(source) else None
        super().__init__(read_only=True, source=source if isinstance(source, str) and source else "*", **options)

    def to_representation(self, value: Any) -> Any:
        return self.compute(value) if self.compute else value


@extend_schema_field(OpenApiTypes.STR)
class Text(Answered):
    """A computed text."""


@extend_schema_field({"type": ["string", "null"], "format": "date"})
class Day(Answered):
    """A computed day."""

    def to_representation(self, value: Any) -> Any:
        found = super().to_representation(value)
        return found.isoformat() if isinstance(found, date) else found


class InstitutionBrief(serializers.ModelSerializer[Institution]):
    """The institution that a case is about."""

    url = Text(lambda row: f"/api/v1/institutions/{row.pk}")

    class Meta:
        model = Institution
        fields = ["id", "name", "kind", "district", "uscc", "url"]
        read_only_fields = fields


class DeadlineOut(serializers.ModelSerializer[Deadline]):
    """One announced date of a case, with its computation."""

    title = Text(lambda row: title_of_deadline(row.kind), help_text="种类的名称。")
    case = Text(lambda row: address(row.case_label, row.case_id) or "", help_text="事项的地址。")
    explanation = Text(lambda row: row.computed.explanation if row.computed else "", help_text="怎样算出来的。")

    class Meta:
        model = Deadline
        fields = [
            "id",
            "kind",
            "title",
            "case_label",
            "case_id",
            "case",
            "institution_id",
            "district",
            "nature",
            "state",
            "starts_on",
            "due_on",
            "last_due_on",
            "clause",
            "steps",
            "explanation",
            "provisional",
            "responsible",
        ]
        read_only_fields = fields


class RecordOut(serializers.ModelSerializer[ActRecord]):
    """One entry of the log: who did what and when, before and after (M26)."""

    who = Text(lambda row: row.who, help_text="谁办理的。")
    case = Text(lambda row: address(row.case_label, row.case_id) or "", help_text="事项的地址。")
    data = serializers.SerializerMethodField(help_text="记录的内容。")  # type: ignore[assignment]

    class Meta:
        model = ActRecord
        fields = [
            "id",
            "word",
            "title",
            "case_label",
            "case_id",
            "case",
            "institution_id",
            "on",
            "at",
            "who",
            "reviewer_name",
            "by_system",
            "before",
            "after",
            "data",
            "version",
        ]
        read_only_fields = fields

    @extend_schema_field(ANYTHING)
    def get_data(self, record: ActRecord) -> Any:
        actor = self.context["view"].actor
        outsider = actor.role == Role.INSTITUTION and record.office_id != actor.office_id
        return {} if outsider else record.data


def of_visible_cases(rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    """Rows with ``case_label`` and ``case_id`` whose case the actor may see."""
    if actor.whole_city:
        return rows
    found = Q(pk__in=[])
    for model in (Application, Agreement, Institution):
        found |= Q(case_label=model._meta.model_name, case_id__in=visible(model, actor).values("pk"))
    return rows.filter(found)


def visible_deadlines(actor: Actor) -> QuerySet[Deadline]:
    return of_visible_cases(Deadline.announced.all(), actor)


def visible_records(actor: Actor) -> QuerySet[ActRecord]:
    """The log of visible cases. An institution sees its own entries and those that moved its case, not the agencies' working
    steps; an evaluator its own entries."""
    rows: QuerySet[ActRecord] = ActRecord.objects.all()
    if actor.whole_city:
        return rows
    own = Q(office_id=actor.office_id) if actor.office_id else Q(pk__in=[])
    if actor.role in (Role.THIRD_PARTY, Role.ADMINISTRATOR):
        return rows.filter(own)
    moved = of_visible_cases(rows, actor)
    if actor.role == Role.INSTITUTION:
        moved = moved.exclude(before=F("after"))
    return rows.filter(own | Q(pk__in=moved.values("pk")))


def file_response(content: Any, name: str, content_type: str) -> HttpResponse:
    """A file as a download; browsers must not guess its kind."""
    plain = PurePath(name).name.replace("\r", "").replace("\n", "")
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(plain)}", "X-Content-Type-Options": "nosniff"},
    )
