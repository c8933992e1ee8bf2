"""Agreements: their term, their state today, what ended them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agreements.grounds import own_ground
from agreements.models import Agreement
from agreements.reading import with_chain
from agreements.term import STATES
from api.base import Listing, View
from api.filters import AgreementFilter
from api.reading.life import LifeOut, life_of
from api.reading.shared import Day, InstitutionBrief, Text
from api.subjects import acts_open, find, visible
from deadlines import clock


class AgreementOut(serializers.ModelSerializer[Agreement]):
    """One agreement; first and last day belong to its term. The state is that of the day of asking (R7)."""

    institution = InstitutionBrief(read_only=True)
    state = Text(lambda row: row.term().state(clock.today()), help_text="状态。")
    state_title = Text(lambda row: STATES[row.term().state(clock.today())], help_text="状态的名称。")
    ended_on = Day(lambda row: None if row.annulled else row.term().ended_on, help_text="实际或预计的最后一日。")
    filed_on = Day(lambda row: row.term().filed_on, help_text="备案之日。")
    ended_by = serializers.SerializerMethodField(help_text="终止的条款。")
    url = Text(lambda row: f"/api/v1/agreements/{row.pk}")

    class Meta:
        model = Agreement
        fields = [
            "id",
            "number",
            "institution",
            "application_id",
            "main_id",
            "kind",
            "first_day",
            "last_day",
            "ended_on",
            "state",
            "state_title",
            "filed_on",
            "ended_by",
            "version",
            "url",
        ]
        read_only_fields = fields

    def get_ended_by(self, row: Agreement) -> str | None:
        clause = row.term().ended_by(clock.today())
        return own_ground(clause, row.institution.kind) if clause else None


class AgreementDetailOut(AgreementOut):
    """One agreement with what is under way and what can be done to it."""

    renewed_by_id = serializers.SerializerMethodField(help_text="续签后的协议。")
    life = serializers.SerializerMethodField(help_text="中止、解除、续签、变更等,由事实按今天推算。")
    acts = serializers.SerializerMethodField(help_text="您所在机构目前可以办理的；条件由办理时核对。")

    class Meta(AgreementOut.Meta):
        fields = [*AgreementOut.Meta.fields, "previous_id", "renewed_by_id", "life", "acts"]
        read_only_fields = fields

    @extend_schema_field(LifeOut)
    def get_life(self, row: Agreement) -> Any:
        return LifeOut(life_of(row, clock.today())).data

    def get_renewed_by_id(self, row: Agreement) -> int | None:
        renewal = row.term().renewal
        return renewal.agreement if renewal is not None else None

    def get_acts(self, row: Agreement) -> list[str]:
        return acts_open(row, self.context["view"].actor)


class AgreementList(Listing[Agreement]):
    tag, title = "协议", "列出协议"
    clauses = ("M10.1", "M11")
    serializer_class = AgreementOut
    filterset_class = AgreementFilter

    def get_queryset(self) -> QuerySet[Agreement]:
        rows: QuerySet[Any] = visible(Agreement, self.actor)
        return rows.select_related("institution")

    def paginate_queryset(self, queryset: Any) -> Any:
        """The rows of the page with the agreements they go on from, loaded once for all (R6)."""
        return with_chain(super().paginate_queryset(queryset) or [])


class AgreementDetail(View):
    tag, title = "协议", "查看一份协议"
    clauses = ("M10.1", "M11")
    answer = AgreementDetailOut

    def get(self, request: Request, pk: int) -> Response:
        return Response(AgreementDetailOut(find(Agreement, pk, self.actor), context={"view": self}).data)
