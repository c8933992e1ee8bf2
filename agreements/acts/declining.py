"""Either party may decline to sign, with the reason kept (M10.1)."""
from __future__ import annotations

from applications.models import Application
from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm
from django import forms


class DeclineForm(ActForm):
    reason = forms.CharField(label="理由", widget=forms.Textarea, max_length=1000)


@register
class Decline(Act):
    """No agreement is reached; the application ends."""

    word = "decline"
    title = "不签约"
    subject = Application
    clauses = ("M10.1",)
    roles = ("institution", "city_agency")
    writes = ("declined",)
    sources = ("negotiating",)
    transition = "decline"
    form = DeclineForm
    grave = True

    def effect(self, context: Context) -> None:
        context.fact("declined", reason=context.data["reason"], by="institution" if context.actor.role == "institution" else "agency")
