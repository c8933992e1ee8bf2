"""How the public lists are narrowed."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet

from api.filters import DistrictFilter
from institutions.models import Institution, Kind

WORDS_ASKED = 5


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
