"""Institutions: the record, the open bans, the answer to "may I apply?"."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet, prefetch_related_objects
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import Listing, View
from api.filters import InstitutionFilter
from api.problems import Unusable
from api.reading.shared import Text
from api.subjects import acts_open, find, visible
from applications import entry
from deadlines import clock
from institutions.models import Institution, Licence, Manager, Post, Practitioner
from standing.reading import bans_of, warnings_of

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)


class InstitutionOut(serializers.ModelSerializer[Institution]):
    """One institution in a list."""

    url = Text(lambda row: f"/api/v1/institutions/{row.pk}")

    class Meta:
        model = Institution
        fields = [
            "id",
            "kind",
            "category",
            "ownership",
            "district",
            "name",
            "uscc",
            "national_code",
            "legacy_code",
            "address",
            "complete",
            "version",
            "url",
        ]
        read_only_fields = fields


class LicenceOut(serializers.ModelSerializer[Licence]):
    class Meta:
        model = Licence
        fields = ["id", "kind", "number", "valid_from", "valid_to"]
        read_only_fields = fields


class PostOut(serializers.ModelSerializer[Post]):
    """Who holds one of the three posts; the identity number only masked (M35)."""

    person = serializers.IntegerField(source="person_id", help_text="人员编号。")
    name = serializers.CharField(source="person.name", help_text="姓名。")
    id_number = serializers.CharField(source="person.masked_id_number", help_text="证件号码，只显示首尾。")

    class Meta:
        model = Post
        fields = ["post", "person", "name", "id_number", "from_on", "to_on"]
        read_only_fields = fields


class PractitionerOut(serializers.ModelSerializer[Practitioner]):
    class Meta:
        model = Practitioner
        fields = [
            "id",
            "name",
            "kind",
            "certificate_number",
            "national_code",
            "registered_here",
            "first_registered_on",
            "contract_from",
            "contract_to",
            "ended_on",
        ]
        read_only_fields = fields


class ManagerOut(serializers.ModelSerializer[Manager]):
    class Meta:
        model = Manager
        fields = ["id", "name", "full_time", "contract_from", "contract_to", "ended_on"]
        read_only_fields = fields


class InstitutionDetailOut(InstitutionOut):
    """One institution with its licences and people."""

    licences = LicenceOut(many=True, read_only=True)
    posts = PostOut(many=True, read_only=True)
    practitioners = PractitionerOut(many=True, read_only=True)
    managers = ManagerOut(many=True, read_only=True)
    departments = serializers.ListField(child=serializers.CharField(), read_only=True, help_text="诊疗科目。")
    acts = serializers.SerializerMethodField(help_text="您所在机构目前可以办理的；条件由办理时核对。")

    class Meta(InstitutionOut.Meta):
        fields = [
            *InstitutionOut.Meta.fields,
            "phone",
            "opened_on",
            "beds",
            "insurance_department",
            "departments",
            "grade",
            "scale",
            "drug_scope",
            "bank_account",
            "parent",
            "chain",
            "licences",
            "posts",
            "practitioners",
            "managers",
            "acts",
        ]
        read_only_fields = fields

    def get_acts(self, row: Institution) -> list[str]:
        return acts_open(row, self.context["view"].actor)


class InstitutionList(Listing[Institution]):
    tag, title = "机构", "列出机构"
    clauses = ("M5", "M7")
    serializer_class = InstitutionOut
    filterset_class = InstitutionFilter

    def get_queryset(self) -> QuerySet[Institution]:
        return visible(Institution, self.actor)


class InstitutionDetail(View):
    tag, title = "机构", "查看一家机构"
    clauses = ("M5", "M6.1", "M35")
    answer = InstitutionDetailOut

    def get(self, request: Request, pk: int) -> Response:
        found = find(Institution, pk, self.actor)
        prefetch_related_objects([found], "licences", "posts__person", "practitioners", "managers")
        return Response(InstitutionDetailOut(found, context={"view": self}).data)


class OnDay(forms.Form):
    """The day asked about; today if left out."""

    on = forms.DateField(label="询问哪一天；不填为当日。", required=False)

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"] or clock.today()
        if not FIRST <= on <= LAST:
            raise forms.ValidationError(f"只能询问{FIRST.year}年至{LAST.year}年之间的日期。")
        return on


def day_asked(request: Request) -> date:
    """The day in the address. Raises Unusable."""
    form = OnDay(request.query_params)
    if not form.is_valid():
        raise Unusable({name: [str(each) for each in found] for name, found in form.errors.items()})
    day: date = form.cleaned_data["on"]
    return day


class BanOut(serializers.Serializer[Any]):
    """One reason why no application is possible (R4)."""

    clause = serializers.CharField(help_text="条款，按机构类别编号。")
    starts_on = serializers.DateField(help_text="起始日。")
    until = serializers.DateField(allow_null=True, help_text="最后一日；取决于某项办理的为 null。")
    opens_on = serializers.DateField(allow_null=True, help_text="最早可以申请的一日。")
    sentence = serializers.CharField(help_text="说明。")
    remains = serializers.CharField(help_text="尚待履行的事项。")


class BansOut(serializers.Serializer[Any]):
    """Every open ban, and what is no bar but should be seen."""

    on = serializers.DateField(help_text="询问的一日。")
    bans = BanOut(many=True)
    warnings = serializers.ListField(child=serializers.CharField(), help_text="提示。")


class InstitutionBans(View):
    tag, title = "机构", "列出不得再次申请的情形"
    clauses = ("M9.8", "M12.3", "M12.4", "M12.5", "M12.6", "M12.7", "M12.8")
    query = OnDay
    answer = BansOut

    def get(self, request: Request, pk: int) -> Response:
        institution = find(Institution, pk, self.actor)
        day = day_asked(request)
        body = {"on": day, "bans": bans_of(institution, day), "warnings": warnings_of(institution, day)}
        return Response(BansOut(body).data)


class ReasonOut(serializers.Serializer[Any]):
    """One reason against applying."""

    clause = serializers.CharField(help_text="条款;permission 和 state 不是条款。")
    message = serializers.CharField(help_text="说明。")
    earliest_on = serializers.DateField(allow_null=True, help_text="此项最早消失的一日。")


class MayApplyOut(serializers.Serializer[Any]):
    """The answer for a day, with every reason."""

    on = serializers.DateField(help_text="询问的一日。")
    yes = serializers.BooleanField(help_text="可否申请。")
    clauses = serializers.ListField(child=serializers.CharField(), help_text="不能申请的条款。")
    refusals = ReasonOut(many=True, help_text="不能申请的全部理由。")
    earliest_on = serializers.DateField(allow_null=True, help_text="最早可以申请的一日；取决于某项办理的为 null。")


class MayApply(View):
    tag, title = "机构", "可否申请定点"
    clauses = ("M5", "M6.1", "M6.2", "M6.3", "M9.7", "M9.8", "M12.3", "M53")
    description = "仍可坚持提交，由受理机构作出决定(R15)。"
    query = OnDay
    answer = MayApplyOut

    def get(self, request: Request, pk: int) -> Response:
        institution = find(Institution, pk, self.actor)
        day = day_asked(request)
        answer = entry.may_apply(institution, day)
        body = {"on": day, "yes": answer.yes, "clauses": answer.clauses, "refusals": answer.refusals, "earliest_on": answer.earliest_on}
        return Response(MayApplyOut(body).data)
