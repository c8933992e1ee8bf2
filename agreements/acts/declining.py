"""Either party may decline to sign, with the reason kept (M10.1)."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from applications.acts.ending import over
from applications.models import Application
from applications.road import sources_of
from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal


class DeclineForm(ActForm):
    reason = forms.CharField(label="理由", widget=forms.Textarea, max_length=1000)


@register
class Decline(Act):
    """No agreement is reached; the application ends. Either party can say so at any time while it is open."""

    word = "decline"
    title = "不签约"
    subject = Application
    clauses = ("M10.1",)
    roles = ("institution", "city_agency")
    writes = ("declined",)
    sources = tuple(sources_of("declined"))
    transition = "decline"
    form = DeclineForm
    grave = True

    def available(self, subject: Application) -> bool:
        """Pages offer it where there is something to negotiate about."""
        return bool(subject.state == "negotiating")

    def guard(self, context: Context) -> Iterable[Refusal]:
        return over(context)

    def effect(self, context: Context) -> None:
        context.fact("declined", reason=context.data["reason"], by="institution" if context.actor.role == "institution" else "agency")
