"""What everybody may read without a token: the public lists, one institution's state, checking a document, dates (M11, M34)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from agreements import public
from agreements.models import Agreement, AgreementTemplate
from api.base import Open, OpenListing
from api.filters import DistrictFilter
from api.problems import Unusable
from api.reading.shared import Text, file_response
from applications.materials import items_on
from deadlines import clock
from deadlines.loading import working_calendar
from documents import verification
from documents.access import visible_to as readable_documents
from documents.codes import normalised
from documents.rendering import pdf
from evaluations.models import NoticeEntry
from institutions.models import Institution, Kind
from offices.actors import PUBLIC
from pages.public.calculator import QUESTIONS, CalculatorForm
from standing.models import StandingFact

TAG = "公开"
WORDS_ASKED = 5
WORDS = {"designated": "定点", "pending": "协议待生效", "notice": "公示中", "terminated": "已解除", "ended": "已终止", "": "无定点信息"}
MOST_DAYS = 400


def words_filter(path: str) -> Any:
    """The search of the public lists; ``path`` leads from a row to its institution."""

    def by_words(rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        return rows.filter(**{f"{path}__in": Institution.objects.search(" ".join(text.split()[:WORDS_ASKED]))})

    return django_filters.CharFilter(method=by_words, max_length=60, label="名称、拼音首字母或编码。")


def kind_filter(path: str) -> Any:
    return django_filters.ChoiceFilter(field_name=path, choices=Kind.choices, label="机构类别。")


class PublicFilter(django_filters.FilterSet):
    q, district, kind = words_filter("pk"), DistrictFilter(), kind_filter("kind")


class NoticeFilter(django_filters.FilterSet):
    q, district = words_filter("application__institution"), DistrictFilter(field_name="application__institution__district")
    kind = kind_filter("application__institution__kind")


class TerminationFilter(django_filters.FilterSet):
    q, district = words_filter("institution"), DistrictFilter(field_name="institution__district")
    kind = kind_filter("institution__kind")


class PublicInstitutionOut(serializers.ModelSerializer[Institution]):
    """What the public may know of an institution."""

    url = Text(lambda row: f"/api/v1/public/institutions/{row.pk}")

    class Meta:
        model = Institution
        fields = ["id", "name", "kind", "category", "district", "address", "national_code", "url"]
        read_only_fields = fields


class PublicAgreementOut(serializers.ModelSerializer[Agreement]):
    """What the public may know of an agreement."""

    class Meta:
        model = Agreement
        fields = ["number", "kind", "first_day", "ended_on"]
        read_only_fields = fields


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
    effective_on = serializers.DateField(source="on", help_text="解除生效之日。")

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


class PublicStateOut(serializers.Serializer[Any]):
    """Today's public state of an institution."""

    institution = PublicInstitutionOut()
    on = serializers.DateField(help_text="当日。")
    state = serializers.ChoiceField(choices=list(WORDS.items()), help_text="状态。")
    state_title = serializers.CharField(help_text="状态的名称。")
    since = serializers.DateField(allow_null=True, help_text="自何日起。")
    agreement = PublicAgreementOut(allow_null=True)
    notice = NoticeOut(allow_null=True)


class PublicInstitution(Open):
    tag, title = TAG, "一家机构今日的状态"
    clauses = ("M11", "M20", "M34")
    answer = PublicStateOut

    def get(self, request: Request, pk: int) -> Response:
        institution = Institution.objects.filter(pk=pk).first()
        today = clock.today()
        found = public.standing(institution, today) if institution is not None else None
        if found is None or not found.word:
            raise NotFound
        body = {"institution": institution, "on": today, "state": found.word, "state_title": WORDS[found.word], "since": found.since}
        return Response(PublicStateOut({**body, "agreement": found.agreement, "notice": found.notice}).data)


class VerifyIn(forms.Form):
    q = forms.CharField(label="文号，或文书上的核验码。", max_length=60)


class VerifiedOut(serializers.Serializer[verification.Answer]):
    """Whether a paper is genuine; by its number alone the name is masked."""

    standing = serializers.ChoiceField(
        choices=[("valid", "有效"), ("void", "已作废"), ("replaced", "已被替代"), ("broken", "内容与摘要不符")], help_text="效力。"
    )
    number = serializers.CharField(help_text="文号。")
    title = serializers.CharField(help_text="标题。")
    issuer = serializers.CharField(help_text="发文机关。")
    issued_on = serializers.DateField(help_text="成文日期。")
    digest = serializers.CharField(help_text="内容摘要。")
    institution = serializers.CharField(help_text="所涉机构；只凭文号查询的隐去部分。")
    replaced_by = serializers.CharField(help_text="代替它的文号。")
    reason = serializers.CharField(help_text="作废的理由。")
    file = serializers.SerializerMethodField(help_text="公开文书的 PDF 地址。")

    def get_file(self, answer: verification.Answer) -> str | None:
        return f"/api/v1/public/documents/{normalised(answer.code)}/file" if answer.public_pdf else None


class Verification(Open):
    tag, title = TAG, "核验文书"
    clauses = ("M34",)
    query, answer = VerifyIn, VerifiedOut

    def get(self, request: Request) -> Response:
        found = verification.find(_clean(VerifyIn, request)["q"])
        if found is None:
            raise NotFound
        return Response(VerifiedOut(found).data)


class PublicDocumentFile(Open):
    tag, title = TAG, "下载公示、公告的 PDF"
    clauses = ("M9.5", "M11")
    binary = "application/pdf"

    def get(self, request: Request, code: str) -> HttpResponse:
        document = readable_documents(PUBLIC).filter(code=normalised(code)[:60]).first()
        if document is None:
            raise NotFound
        return file_response(pdf(document), f"{document.number} {document.title}.pdf", "application/pdf")


class CalendarIn(forms.Form):
    first = forms.DateField(label="第一日。")
    last = forms.DateField(label="最后一日；不填为第一日。", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last") or data.get("first")
        if first and not 2000 <= first.year <= 2099:
            self.add_error("first", "只能查询2000年至2099年之间的日期。")
        elif first and last and not first <= last <= first + timedelta(days=MOST_DAYS):
            self.add_error("last", f"不能早于第一日，一次最多查询{MOST_DAYS}天。")
        return {**data, "last": last}


class CalendarDayOut(serializers.Serializer[Any]):
    day = serializers.DateField()
    working = serializers.BooleanField(help_text="是否工作日。")
    provisional = serializers.BooleanField(help_text="该年度放假安排尚未公布，暂定。")


class CalendarOut(serializers.Serializer[Any]):
    """Working days as the product counts them (R1)."""

    days = CalendarDayOut(many=True)


class Calendar(Open):
    tag, title = TAG, "工作日"
    clauses = ("R1",)
    query, answer = CalendarIn, CalendarOut

    def get(self, request: Request) -> Response:
        asked = _clean(CalendarIn, request)
        calendar, first = working_calendar(), asked["first"]
        days = [first + timedelta(days=n) for n in range((asked["last"] - first).days + 1)]
        rows = [{"day": day, "working": calendar.is_working(day), "provisional": calendar.is_provisional(day)} for day in days]
        return Response(CalendarOut({"days": rows}).data)


class CalculatedOut(serializers.Serializer[Any]):
    """A date that explains itself."""

    what = serializers.CharField(help_text="算的是什么。")
    said = serializers.CharField(help_text="得出的是什么日子。")
    day = serializers.DateField(help_text="得出的日子。")
    clause = serializers.CharField(help_text="依据。")
    steps = serializers.ListField(child=serializers.CharField(), help_text="计算过程。")
    provisional = serializers.BooleanField(help_text="该年度放假安排尚未公布，暂定。")
    explanation = serializers.CharField(help_text="计算过程的一句话。")


class Calculator(Open):
    tag, title = TAG, "日期计算"
    clauses = ("R1", "R2", "R4", "R13")
    query, answer = CalculatorForm, CalculatedOut

    def get(self, request: Request) -> Response:
        asked = _clean(CalculatorForm, request)
        question = QUESTIONS[asked["what"]]
        found = question.answer(asked["start"], asked["n"] or question.usual, working_calendar())
        body = {"what": question.title, "said": question.said, "day": found.day, "clause": found.clause, "steps": found.steps}
        return Response(CalculatedOut({**body, "provisional": found.provisional, "explanation": found.explanation}).data)


class SlotsIn(forms.Form):
    kind = forms.ChoiceField(label="机构类别。", choices=Kind.choices)


class SlotOut(serializers.Serializer[Any]):
    """A material that an application needs today."""

    id = serializers.CharField(help_text="材料编号。")
    slot = serializers.CharField(help_text="条款中的一项。")
    title = serializers.CharField()
    hint = serializers.CharField()


class SlotsOut(serializers.Serializer[Any]):
    items = SlotOut(many=True)


class MaterialsList(Open):
    tag, title = TAG, "申请材料清单"
    clauses = ("M7", "P6")
    query, answer = SlotsIn, SlotsOut

    def get(self, request: Request) -> Response:
        return Response(SlotsOut({"items": items_on(_clean(SlotsIn, request)["kind"], clock.today())}).data)


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


def _clean(form: type[forms.Form], request: Request) -> dict[str, Any]:
    """The query, read by a form. Raises Unusable."""
    bound = form(request.query_params)
    if not bound.is_valid():
        raise Unusable({name: [str(each) for each in found] for name, found in bound.errors.items()})
    return bound.cleaned_data
