"""Filters of lists; nonsense in the address is told, not ignored."""

from __future__ import annotations

from typing import Any, cast

import django_filters
from django import forms
from django.db.models import QuerySet

from agreements.models import Agreement
from agreements.term import STATES as TERMS
from api.paging import LARGEST
from applications.models import Application
from applications.road import STATES as ROAD
from casework.models import ActRecord
from deadlines import clock
from deadlines.models import Deadline
from documents.models import Document
from evaluations.states import in_state
from institutions import searching
from institutions.models import Institution, InstitutionQuerySet, Kind
from offices.models import District
from settlement.states import in_state as in_agreement_state

WORDS = 5


class Whole(django_filters.Filter):
    """A number of a row: a whole number and no other, unlike NumberFilter's decimals."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"min_value": 1, "max_value": LARGEST, **kwargs})


class DistrictFilter(django_filters.ModelChoiceFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"queryset": District.objects.all(), "label": "所在区的区划代码。", **kwargs})


def searched(rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
    """Rows whose institution has every word in its name or initials, or beginning a code."""
    words = " ".join(text.split()[:WORDS])
    if rows.model is Institution:
        return searching.search(cast("InstitutionQuerySet", rows), words)
    return rows.filter(institution__in=Institution.objects.search(words))


class ApplicationFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=list(ROAD.items()), method="by_state", label="状态(以当日为准)。")
    institution = Whole(field_name="institution_id", label="机构编号。")
    kind = django_filters.ChoiceFilter(field_name="institution__kind", choices=Kind.choices, label="机构类别。")
    district = DistrictFilter(field_name="institution__district")
    number = django_filters.CharFilter(max_length=40, label="申请编号。")
    waits_for = django_filters.CharFilter(max_length=20, label="由谁办理。")
    due_by = django_filters.DateFilter(field_name="due_on", lookup_expr="lte", label="期限在此日或之前。")
    q = django_filters.CharFilter(method=searched, max_length=60, label="机构名称、拼音首字母或编码。")

    class Meta:
        model = Application
        fields: list[str] = []

    def by_state(self, rows: QuerySet[Any], name: str, state: str) -> QuerySet[Any]:
        return rows.filter(in_state(state))


class AgreementFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=list(TERMS.items()), method="by_state", label="状态(以当日为准)。")
    institution = Whole(field_name="institution_id", label="机构编号。")
    kind = django_filters.ChoiceFilter(field_name="institution__kind", choices=Kind.choices, label="机构类别。")
    district = DistrictFilter(field_name="institution__district")
    number = django_filters.CharFilter(max_length=40, label="协议编号。")
    ends_by = django_filters.DateFilter(field_name="ended_on", lookup_expr="lte", label="最后一日在此日或之前。")
    q = django_filters.CharFilter(method=searched, max_length=60, label="机构名称、拼音首字母或编码。")

    class Meta:
        model = Agreement
        fields: list[str] = []

    def by_state(self, rows: QuerySet[Any], name: str, state: str) -> QuerySet[Any]:
        """By the facts' days, whatever is stored (R7)."""
        return rows.filter(in_agreement_state(state, clock.today()))


class InstitutionFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=Kind.choices, label="机构类别。")
    district = DistrictFilter()
    complete = django_filters.ChoiceFilter(choices=[("true", "齐全"), ("false", "不齐全")], method="by_complete", label="资料是否齐全。")
    uscc = django_filters.CharFilter(max_length=18, label="统一社会信用代码。")
    q = django_filters.CharFilter(method=searched, max_length=60, label="名称、拼音首字母或编码。")

    class Meta:
        model = Institution
        fields: list[str] = []

    def by_complete(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(complete=value == "true")


class DocumentFilter(django_filters.FilterSet):
    catalogue = Whole(max_value=1000, label="文书种类。")
    number = django_filters.CharFilter(max_length=60, label="文号。")
    institution = Whole(field_name="subjects__institution_id", label="所涉机构编号。")
    issued_from = django_filters.DateFilter(field_name="issued_on", lookup_expr="gte", label="成文日期自。")
    issued_to = django_filters.DateFilter(field_name="issued_on", lookup_expr="lte", label="成文日期至。")

    class Meta:
        model = Document
        fields: list[str] = []


class DeadlineFilter(django_filters.FilterSet):
    kind = django_filters.CharFilter(max_length=40, label="种类。")
    state = django_filters.ChoiceFilter(choices=Deadline.State.choices, label="状态。")
    institution = Whole(field_name="institution_id", label="机构编号。")
    due_from = django_filters.DateFilter(field_name="due_on", lookup_expr="gte", label="截止日自。")
    due_to = django_filters.DateFilter(field_name="due_on", lookup_expr="lte", label="截止日至。")

    class Meta:
        model = Deadline
        fields: list[str] = []


class RecordFilter(django_filters.FilterSet):
    word = django_filters.CharFilter(max_length=60, label="办理的词。")
    institution = Whole(field_name="institution_id", label="机构编号。")
    on_from = django_filters.DateFilter(field_name="on", lookup_expr="gte", label="办理日期自。")
    on_to = django_filters.DateFilter(field_name="on", lookup_expr="lte", label="办理日期至。")

    class Meta:
        model = ActRecord
        fields: list[str] = []
