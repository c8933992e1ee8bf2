"""Disputes: what was raised, against what, how it ended (M46)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import Listing, View
from api.reading.attachments import AttachmentOut
from api.reading.shared import Day, InstitutionBrief, Text
from api.subjects import acts_open, find, visible
from casework.attaching import given_with
from disputes.models import Dispute, DisputeFact


class DisputeOut(serializers.ModelSerializer[Dispute]):
    """One matter of the dispute register."""

    institution = InstitutionBrief(read_only=True)
    kind_title = Text(lambda row: row.get_kind_display(), help_text="种类的名称。")
    state_title = Text(lambda row: row.get_state_display(), help_text="状态的名称。")
    url = Text(lambda row: f"/api/v1/disputes/{row.pk}")

    class Meta:
        model = Dispute
        fields = [
            "id",
            "number",
            "institution",
            "agreement_id",
            "against_id",
            "kind",
            "kind_title",
            "agency_breach",
            "text",
            "opened_on",
            "due_on",
            "state",
            "state_title",
            "outcome",
            "version",
            "url",
        ]
        read_only_fields = fields


def closing(row: Dispute) -> DisputeFact | None:
    """The fact that closed it."""
    return next((fact for fact in row.standing() if fact.kind == "closed"), None)


def said(row: Dispute, name: str) -> Any:
    """What was said when it was closed; empty while it is open."""
    fact = closing(row)
    return fact.data.get(name, "") if fact else ""


class DisputeDetailOut(DisputeOut):
    """One matter with how it ended and what can be done to it."""

    closed_on = Day(lambda row: getattr(closing(row), "on", None), help_text="办结之日。")
    conclusion = Text(lambda row: said(row, "conclusion") or said(row, "text"), help_text="答复，或者复议、裁判的内容。")
    measures = serializers.SerializerMethodField(help_text="对经办机构的处理，逐项。")
    acts = serializers.SerializerMethodField(help_text="您所在机构目前可以办理的；条件由办理时核对。")
    attachments = serializers.SerializerMethodField(help_text="提出和办结时提交的文件。")

    class Meta(DisputeOut.Meta):
        fields = [*DisputeOut.Meta.fields, "closed_on", "conclusion", "measures", "acts", "attachments"]
        read_only_fields = fields

    @extend_schema_field(AttachmentOut(many=True))
    def get_attachments(self, row: Dispute) -> Any:
        files = given_with([fact.act_id for fact in row.facts.all()], self.context["view"].actor)
        return AttachmentOut([each for rows in files.values() for each in rows], many=True).data

    def get_measures(self, row: Dispute) -> list[str]:
        return said(row, "measures") or []

    def get_acts(self, row: Dispute) -> list[str]:
        return acts_open(row, self.context["view"].actor)


class DisputeList(Listing[Dispute]):
    tag, title = "争议", "列出争议"
    clauses = ("M46", "I7")
    serializer_class = DisputeOut

    def get_queryset(self) -> QuerySet[Dispute]:
        rows: QuerySet[Any] = visible(Dispute, self.actor)
        return rows.select_related("institution")


class DisputeDetail(View):
    tag, title = "争议", "查看一件争议"
    clauses = ("M46", "I7")
    answer = DisputeDetailOut

    def get(self, request: Request, pk: int) -> Response:
        row = find(Dispute, pk, self.actor)
        prefetch_related_objects([row], "facts")
        return Response(DisputeDetailOut(row, context={"view": self}).data)
