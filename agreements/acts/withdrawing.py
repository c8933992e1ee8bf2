"""The institution takes back what it asked for and what is not decided yet (M40.1, M41.1, M44.1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from agreements.acts.common import IN_FORCE, AgreementAct, owner_of, term_of
from agreements.changes import fields_of
from agreements.term import Term
from casework.acts import register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal

KINDS = {"suspension": "中止申请", "termination": "解除申请", "renewal": "续签申请", "non_renewal": "不再续签申请"}


def waiting(term: Term) -> dict[str, Any]:
    """Requests that wait for their decision, changes by their field: kind → the latest one."""
    rows: list[tuple[str, Any]] = [("suspension", each) for each in term.all_suspensions]
    rows += [("termination", each) for each in term.all_requests]
    rows += [("renewal" if each.wanted else "non_renewal", each) for each in term.renewals]
    rows += [(f"change.{each.field}", each) for each in term.changes]
    return {kind: each for kind, each in rows if each.waits}


class WithdrawForm(ActForm):
    request = forms.ChoiceField(label="撤回哪一项(只有一项待决定时可空)", required=False)
    reason = forms.CharField(label="理由", required=False, widget=forms.Textarea, max_length=1000)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["request"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", ""), *titles(self.subject.institution.kind).items()]


def titles(kind: str) -> dict[str, str]:
    """What can be taken back, as people call it."""
    return KINDS | {f"change.{name}": f"变更{title}的申报" for name, title in fields_of(kind).items()}


@register
class WithdrawRequest(AgreementAct):
    """A request is the institution's own: until it is decided it can be taken back, and is then as if never made."""

    word = "withdraw_request"
    title = "撤回申请事项"
    clauses = ("M44.1", "M41.1", "M40.1")
    roles = ("institution",)
    sources = IN_FORCE
    writes = ("request_withdrawn",)
    form = WithdrawForm

    def available(self, subject: Any) -> bool:
        return subject.state in self.sources and bool(waiting(subject.term()))

    @staticmethod
    def chosen(context: Context) -> str:
        """The kind named, or the only one that waits; empty where there is none or the choice is open."""
        open_ones, named = waiting(term_of(context)), context.data["request"]
        if named:
            return named if named in open_ones else ""
        return next(iter(open_ones)) if len(open_ones) == 1 else ""

    def guard(self, context: Context) -> Iterable[Refusal]:
        if context.subject.state not in self.sources or self.chosen(context):
            return
        open_ones, named = waiting(term_of(context)), context.data["request"]
        title = titles(context.institution.kind)
        if named or not open_ones:
            yield Refusal("state", f"没有待决定的{title[named]}。" if named else "没有待决定的申请。")
        else:
            yield Refusal("state", f"有几项申请待决定({'、'.join(title[each] for each in open_ones)}),请写明撤回哪一项。")

    def effect(self, context: Context) -> None:
        kind = self.chosen(context)
        request = waiting(term_of(context))[kind]
        owner = owner_of(context.subject, request)
        context.fact("request_withdrawn", case=owner, of=request.id, request=kind, reason=context.data["reason"])
        context.log["request"] = kind
