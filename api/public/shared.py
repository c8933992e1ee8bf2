"""What the public addresses share: their place in the description, questions read by a form, an institution as everybody may know it."""

from __future__ import annotations

from typing import Any

from django import forms
from rest_framework import serializers
from rest_framework.request import Request

from agreements.models import Agreement
from api.problems import Unusable
from api.reading.shared import Text
from institutions.models import Institution

TAG = "公开"


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


def asked_in(form: type[forms.Form], request: Request) -> dict[str, Any]:
    """The query, read by a form. Raises Unusable."""
    bound = form(request.query_params)
    if not bound.is_valid():
        raise Unusable({name: [str(each) for each in found] for name, found in bound.errors.items()})
    return bound.cleaned_data
