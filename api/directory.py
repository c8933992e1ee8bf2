"""Whom an act can name: offices, and the people of one's own office."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from api.base import Listing
from api.filters import DistrictFilter
from deadlines import clock
from offices.models import Membership, Office, Role

LISTED = [Role.CITY_BUREAU, Role.CITY_AGENCY, Role.DISTRICT_BUREAU, Role.DISTRICT_AGENCY, Role.THIRD_PARTY]


class OfficeOut(serializers.ModelSerializer[Office]):
    """A bureau, an agency or an evaluator; institutions have their own resource."""

    class Meta:
        model = Office
        fields = ["id", "role", "district", "name", "address", "phone"]
        read_only_fields = fields


class OfficeFilter(django_filters.FilterSet):
    role = django_filters.ChoiceFilter(choices=[(str(role), role.label) for role in LISTED], label="类别。")
    district = DistrictFilter()

    class Meta:
        model = Office
        fields: list[str] = []


class Offices(Listing[Office]):
    tag, title = "单位和人员", "列出医保部门、经办机构和评估机构"
    clauses = ("M3",)
    serializer_class = OfficeOut
    filterset_class = OfficeFilter

    def get_queryset(self) -> QuerySet[Office]:
        return Office.objects.filter(role__in=LISTED, active=True)


class ColleagueOut(serializers.ModelSerializer[Membership]):
    """Somebody of one's own office; ``user`` is what an assignment names."""

    name = serializers.CharField(source="user.full_name", help_text="姓名。")

    class Meta:
        model = Membership
        fields = ["id", "user", "name", "may_review", "supervisor"]
        read_only_fields = fields


class Colleagues(Listing[Membership]):
    tag, title = "单位和人员", "列出本单位的人员"
    clauses = ("M26", "M29")
    serializer_class = ColleagueOut

    def get_queryset(self) -> QuerySet[Membership]:
        places = Membership.objects.on(clock.today()).filter(office_id=self.actor.office_id or 0, user__is_active=True)
        return places.select_related("user")
