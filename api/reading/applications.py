"""Applications: where each stands, by when and why; materials, evaluations, papers, deadlines, log."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import Listing, View
from api.filters import ApplicationFilter
from api.reading.shared import STATEMENTS, Day, InstitutionBrief, Text, file_response
from api.subjects import acts_open, find, visible
from applications import materials
from applications.failures import roads_of
from applications.models import Application, Material
from applications.road import STATES
from deadlines import clock
from evaluations.models import Evaluation, Finding
from evaluations.supplied import files_for
from offices.models import Role


class ApplicationOut(serializers.ModelSerializer[Application]):
    """One application. The state is that of the day of asking, by the facts alone (R7)."""

    institution = InstitutionBrief(read_only=True)
    state_title = Text(lambda row: STATES[row.state], help_text="状态的名称。")
    owner = Text(lambda row: row.owner.full_name if row.owner else "", help_text="承办人。")
    url = Text(lambda row: f"/api/v1/applications/{row.pk}")

    class Meta:
        model = Application
        fields = [
            "id",
            "number",
            "institution",
            "state",
            "state_title",
            "started_on",
            "filed_on",
            "accepted_on",
            "due_on",
            "paused_since",
            "waits_for",
            "owner",
            "version",
            "url",
        ]
        read_only_fields = fields


class ApplicationDetailOut(ApplicationOut):
    """One application with what can be done to it."""

    attest = serializers.SerializerMethodField(help_text="申请人的申明。")
    missing = serializers.SerializerMethodField(help_text="尚缺的材料。")
    notice_last_day = Day(lambda row: row.road().notice_last_day, help_text="公示最后一日。")
    acts = serializers.SerializerMethodField(help_text="您所在机构目前可以办理的；条件由办理时核对。")

    class Meta(ApplicationOut.Meta):
        fields = [*ApplicationOut.Meta.fields, "attest", "missing", "notice_last_day", "acts"]
        read_only_fields = fields

    @extend_schema_field(STATEMENTS)
    def get_attest(self, row: Application) -> Any:
        return row.attest

    def get_missing(self, row: Application) -> list[str]:
        if row.state == "draft":
            return [item.id for item in materials.missing_items(row, clock.today())]
        return list(row.road().missing)

    def get_acts(self, row: Application) -> list[str]:
        return acts_open(row, self.context["view"].actor)


class ApplicationList(Listing[Application]):
    tag, title = "申请", "列出申请"
    clauses = ("M7", "M26")
    serializer_class = ApplicationOut
    filterset_class = ApplicationFilter

    def get_queryset(self) -> QuerySet[Application]:
        return visible(Application, self.actor).select_related("institution", "owner")

    def paginate_queryset(self, queryset: Any) -> Any:
        """Four further queries bring every row's state to today, however many rows."""
        rows = super().paginate_queryset(queryset)
        roads = roads_of({row.institution_id for row in rows or ()})
        for row in rows or ():
            if row.pk in roads:
                row.state = roads[row.pk].state(clock.today())
        return rows


class ApplicationDetail(View):
    tag, title = "申请", "查看一份申请"
    clauses = ("M7", "M26")
    answer = ApplicationDetailOut

    def get(self, request: Request, pk: int) -> Response:
        row = find(Application, pk, self.actor)
        return Response(ApplicationDetailOut(row, context={"view": self}).data)


class MaterialOut(serializers.ModelSerializer[Material]):
    """A file handed in; a replaced one stays."""

    url = Text(lambda row: f"/api/v1/applications/{row.application_id}/materials/{row.pk}/file", help_text="下载地址。")

    class Meta:
        model = Material
        fields = ["id", "item", "name", "content_type", "size", "digest", "uploaded_at", "replaced_at", "url"]
        read_only_fields = fields


class ItemOut(serializers.Serializer[materials.Item]):
    """An item of the list of materials."""

    id = serializers.CharField(help_text="材料编号。")
    slot = serializers.CharField(help_text="条款中的一项。")
    title = serializers.CharField()
    hint = serializers.CharField()


class MaterialsOut(serializers.Serializer[Any]):
    """What is required and what is there."""

    items = ItemOut(many=True, help_text="应当提交的材料。")
    files = MaterialOut(many=True, help_text="已提交的文件，含已被替换的。")


class ApplicationMaterials(View):
    tag, title = "申请", "列出申请的材料"
    clauses = ("M7", "P6")
    answer = MaterialsOut

    def get(self, request: Request, pk: int) -> Response:
        application = find(Application, pk, self.actor)
        day = application.filed_on or application.started_on
        items = materials.items_on(application.institution.kind, day)
        return Response(MaterialsOut({"items": items, "files": files_for(application, self.actor).order_by("item", "id")}).data)


class MaterialFile(View):
    tag, title = "申请", "下载一份材料"
    clauses = ("M7",)
    binary = "*/*"

    def get(self, request: Request, pk: int, material: int) -> HttpResponse:
        application = find(Application, pk, self.actor)
        row = files_for(application, self.actor).filter(pk=material).first()
        if row is None:
            raise NotFound
        try:
            content = row.file.open("rb")
        except OSError:
            raise NotFound from None
        with content:
            return file_response(content.read(), row.name, row.content_type)


class FindingOut(serializers.ModelSerializer[Finding]):
    class Meta:
        model = Finding
        fields = ["item", "met", "mode", "evidence", "recorded_at"]
        read_only_fields = fields


class EvaluationOut(serializers.ModelSerializer[Evaluation]):
    """One round of evaluation. Its findings are for the offices that evaluate and supervise."""

    state_title = Text(lambda row: row.get_state_display(), help_text="状态的名称。")
    commissioned_to = Text(lambda row: row.commissioned_to.name if row.commissioned_to else "", help_text="受托机构。")
    team = serializers.SerializerMethodField(help_text="评估小组成员。")
    items = serializers.SerializerMethodField(help_text="评估细则的项目。")
    findings = serializers.SerializerMethodField(help_text="评估意见；不向申请机构提供。")

    class Meta:
        model = Evaluation
        fields = ["id", "round", "state", "state_title", "mode", "started_on", "commissioned_to", "team", "items", "findings"]
        read_only_fields = fields

    def get_team(self, row: Evaluation) -> list[str]:
        return [str(member) for member in row.members.all()]

    @extend_schema_field({"type": "array", "items": {"type": "object", "additionalProperties": True}})
    def get_items(self, row: Evaluation) -> Any:
        return row.rubric.items

    @extend_schema_field(FindingOut(many=True))
    def get_findings(self, row: Evaluation) -> Any:
        return [] if self.context["view"].actor.role == Role.INSTITUTION else FindingOut(row.findings.all(), many=True).data


class ApplicationEvaluations(View):
    tag, title = "申请", "列出申请的评估"
    clauses = ("M9.1", "M9.3")
    answer = EvaluationOut(many=True)

    def get(self, request: Request, pk: int) -> Response:
        application = find(Application, pk, self.actor)
        standing = Prefetch("findings", Finding.objects.filter(replaced_at__isnull=True))
        rows = Evaluation.objects.visible_to(self.actor).filter(application=application).select_related("rubric", "commissioned_to")
        found = rows.prefetch_related("members", standing).order_by("round")
        return Response(EvaluationOut(found, many=True, context={"view": self}).data)
