"""An act done through the one door leaves its author in the history of every row it changes."""

import pytest
from django.apps import apps

from casework import door
from tests.factories import HospitalFactory, actor

pytestmark = pytest.mark.django_db


def test_history_says_who_did_what_in_which_act() -> None:
    hospital = HospitalFactory(phone="")
    clerk = actor("district_agency", "110105")
    door.perform("complete_institution", hospital, actor=clerk, data={"phone": "010-60000001"})
    event = apps.get_model("institutions", "InstitutionEvent").objects.filter(pgh_obj_id=hospital.pk).order_by("pgh_id").last()
    assert event.phone == "010-60000001"
    assert event.pgh_context.metadata == {"act": "complete_institution", "user": clerk.user_id, "office": clerk.office_id, "request": ""}
