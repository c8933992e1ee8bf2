"""People who hold or held a post, for the city's offices: who they are, where, and whether on the dishonest list (M12.7, M12.8)."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet, prefetch_related_objects
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import Listing, View
from api.reading.institutions import BanOut
from api.subjects import acts_open, find, visible
from deadlines import clock
from institutions.models import Kind, Person, Post
from standing.bans import bans_on
from standing.reading import listed_on, people_with_facts


class HeldOut(serializers.ModelSerializer[Post]):
    """A post that the person holds or held."""

    institution_name = serializers.CharField(source="institution.name", help_text="机构名称。")

    class Meta:
        model = Post
        fields = ["institution", "institution_name", "post", "from_on", "to_on"]
        read_only_fields = fields


class PersonOut(serializers.ModelSerializer[Person]):
    """A person; the identity number only masked (M35)."""

    id_number = serializers.CharField(source="masked_id_number", help_text="证件号码，只显示首尾。")
    posts = HeldOut(many=True, read_only=True, help_text="任职。")

    class Meta:
        model = Person
        fields = ["id", "name", "id_number", "posts"]
        read_only_fields = fields


class PersonBanOut(BanOut):
    """One ban that the person brings to institutions of a kind (M12.7, M12.8)."""

    kind = serializers.ChoiceField(choices=Kind.choices, help_text="条款按哪一类机构编号，禁止及于哪一类机构。")


class PersonDetailOut(PersonOut):
    """A person with what bars whoever employs them today, the dishonest list, and what can be done."""

    bans = serializers.SerializerMethodField(help_text="当日因此人而不得申请的情形，分机构类别。")
    dishonest_since = serializers.SerializerMethodField(help_text="列入失信人名单之日；当日不在名单内的为 null。")
    acts = serializers.SerializerMethodField(help_text="您所在机构目前可以办理的；条件由办理时核对。")

    class Meta(PersonOut.Meta):
        fields = [*PersonOut.Meta.fields, "bans", "dishonest_since", "acts"]
        read_only_fields = fields

    @extend_schema_field(PersonBanOut(many=True))
    def get_bans(self, row: Person) -> Any:
        found = [{**vars(ban), "opens_on": ban.opens_on, "kind": kind} for kind, bans in self.context["bans"].items() for ban in bans]
        return PersonBanOut(found, many=True).data

    @extend_schema_field({"type": ["string", "null"], "format": "date"})
    def get_dishonest_since(self, row: Person) -> Any:
        listed = listed_on(clock.today()).filter(pk=row.pk).first()
        return listed.since.isoformat() if listed is not None else None  # type: ignore[attr-defined]

    def get_acts(self, row: Person) -> list[str]:
        return acts_open(row, self.context["view"].actor)


class PersonFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(max_length=100, label="姓名。")

    class Meta:
        model = Person
        fields: list[str] = []


class PersonList(Listing[Person]):
    tag, title = "人员", "列出人员"
    clauses = ("M12.7", "M12.8", "M35")
    serializer_class = PersonOut
    filterset_class = PersonFilter

    def get_queryset(self) -> QuerySet[Any]:
        return visible(Person, self.actor).prefetch_related("posts__institution")


class PersonDetail(View):
    tag, title = "人员", "查看一名人员"
    clauses = ("M12.7", "M12.8", "M35")
    answer = PersonDetailOut

    def get(self, request: Request, pk: int) -> Response:
        person = find(Person, pk, self.actor)
        prefetch_related_objects([person], "posts__institution")
        people, day = people_with_facts([person]), clock.today()
        bans = {kind.value: bans_on(day, kind.value, (), people) for kind in Kind}
        return Response(PersonDetailOut(person, context={"view": self, "bans": bans}).data)
