"""The public lists: designated institutions, those to be signed, those whose agreement was terminated, agreement texts."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from agreements import public
from agreements.models import AgreementTemplate
from api.base import OpenListing
from api.public.filters import NoticeFilter, PublicFilter, TerminationFilter
from api.public.shared import TAG, PublicAgreementOut, PublicInstitutionOut
from deadlines import clock
from deadlines.loading import working_calendar
from evaluations.models import NoticeEntry
from institutions.models import Institution
from standing.models import StandingFact


class DesignatedOut(PublicInstitutionOut):
    """A designated institution with its agreement."""

    agreement = PublicAgreementOut(read_only=True, source="current")

    class Meta(PublicInstitutionOut.Meta):
        fields = [*PublicInstitutionOut.Meta.fields, "agreement"]
        read_only_fields = fields


class Designated(OpenListing[Institution]):
    tag, title = TAG, "定点医药机构名单"
    clauses = ("M11", "M34")
    description = "以当日有效(含中止)的协议为准。"
    serializer_class = DesignatedOut
    filterset_class = PublicFilter

    def get_queryset(self) -> QuerySet[Institution]:
        return public.designated(clock.today())

    def paginate_queryset(self, queryset: Any) -> Any:
        rows = super().paginate_queryset(queryset) or []
        agreements = public.agreements_of(rows, clock.today())
        for row in rows:
            row.current = agreements.get(row.pk)
        return [row for row in rows if row.current is not None]


class NoticeOut(serializers.Serializer[public.Shown]):
    """An institution to be signed, with the period for objections."""

    application = serializers.IntegerField(source="application.pk", help_text="申请编号；提出异议时用。")
    institution = PublicInstitutionOut()
    opened_on = serializers.DateField(help_text="公示开始之日。")
    last_day = serializers.DateField(help_text="公示最后一日。")
    open = serializers.BooleanField(help_text="今日可否提出异议。")


class Notices(OpenListing[NoticeEntry]):
    tag, title = TAG, "拟签订医保协议医药机构名单"
    clauses = ("M9.5", "M34")
    serializer_class = NoticeOut  # type: ignore[assignment]
    filterset_class = NoticeFilter

    def get_queryset(self) -> QuerySet[NoticeEntry]:
        return public.notice_entries().filter(notice__opened_on__lte=clock.today())

    def paginate_queryset(self, queryset: Any) -> Any:
        today, calendar = clock.today(), working_calendar()
        return [public.shown(row, today, calendar) for row in super().paginate_queryset(queryset) or []]


class TerminationOut(serializers.ModelSerializer[StandingFact]):
    """An institution whose agreement was terminated by decision."""

    institution = PublicInstitutionOut()
    effective_on = serializers.DateField(help_text="解除生效之日。")

    class Meta:
        model = StandingFact
        fields = ["id", "institution", "effective_on"]
        read_only_fields = fields


class Terminations(OpenListing[StandingFact]):
    tag, title = TAG, "解除医保协议医药机构名单"
    clauses = ("M43", "M34")
    serializer_class = TerminationOut
    filterset_class = TerminationFilter

    def get_queryset(self) -> QuerySet[StandingFact]:
        return public.terminations(clock.today())


class TemplateOut(serializers.ModelSerializer[AgreementTemplate]):
    """A version of the agreement, put to the institutions for comment or in force (M52)."""

    articles = serializers.ListField(child=serializers.DictField(), help_text="协议文本：标题和段落。")

    class Meta:
        model = AgreementTemplate
        fields = ["id", "kind", "version", "title", "articles", "comments_from", "comments_to", "in_force_from"]
        read_only_fields = fields


class Templates(OpenListing[AgreementTemplate]):
    tag, title = TAG, "协议范本"
    clauses = ("M52", "P49")
    serializer_class = TemplateOut

    def get_queryset(self) -> QuerySet[AgreementTemplate]:
        return AgreementTemplate.objects.all()
