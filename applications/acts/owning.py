"""Who looks after a matter in an office (M26): assigned singly or for many at once."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from applications.models import Application
from applications.road import OPEN
from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal
from deadlines import clock
from offices.models import Membership, User


class AssignForm(ActForm):
    owner = forms.ModelChoiceField(User.objects.filter(is_active=True), label="承办人", required=False)


@register
class Assign(Act):
    """Give a matter to somebody of one's own office, or to nobody."""

    word = "assign"
    title = "分派承办人"
    subject = Application
    clauses = ("M26",)
    roles = ("city_agency", "district_agency")
    sources = tuple(state for state in OPEN if state != "draft")
    form = AssignForm
    in_batches = True

    def guard(self, context: Context) -> Iterable[Refusal]:
        owner = context.data["owner"]
        if (
            owner is not None
            and not Membership.objects.on(clock.today()).filter(user=owner, office_id=context.actor.office_id or 0).exists()
        ):
            yield Refusal("permission", "只能分派给本机构的人员。")

    def effect(self, context: Context) -> None:
        context.subject.owner = context.data["owner"]
