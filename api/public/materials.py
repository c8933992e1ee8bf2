"""What an application must bring today (M7)."""

from __future__ import annotations

from typing import Any

from django import forms
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import Open
from api.public.shared import TAG, asked_in
from applications.materials import items_on
from deadlines import clock
from institutions.models import Kind


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
        return Response(SlotsOut({"items": items_on(asked_in(SlotsIn, request)["kind"], clock.today())}).data)
