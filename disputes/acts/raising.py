"""The institution demands a correction, asks the bureau to mediate, or attacks a decision (M46, I7, R11)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from agreements.models import Agreement, AgreementFact
from agreements.reading import agreement_of
from casework.acts import Act, register, registry
from casework.attaching import FilesField
from casework.context import Context
from casework.inputs import ActForm
from casework.models import ActRecord
from casework.numbers import case_number
from casework.refusals import Refusal
from casework.void import facts_of
from disputes.models import Dispute
from institutions.models import Institution

# Decisions against an institution, by the word of the act.
ATTACKABLE = (
    "refuse", "close_application", "record_result", "serve_result", "suspend", "terminate", "suspend_part", "hold_settlement",
    "decide_suspension", "decide_termination", "decide_renewal", "decide_non_renewal", "approve_change", "record_second_fail",
    "discover_fraud",
)  # fmt: skip


def decisions_about(institution: Institution) -> QuerySet[ActRecord]:
    """Decisions that concern the institution: its own, and those on another branch that reached it (R10)."""
    reached = AgreementFact.objects.filter(agreement__institution=institution).values("act_id")
    own = Q(institution_id=institution.pk) | Q(pk__in=reached)
    return ActRecord.objects.filter(own, word__in=ATTACKABLE).order_by("-id")


class RaiseForm(ActForm):
    text = forms.CharField(label="事实和理由", widget=forms.Textarea, max_length=4000)
    against = forms.ModelChoiceField(ActRecord.objects.none(), label="所针对的决定", required=False)
    attachments = FilesField(label="证据和材料", shared=True)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["against"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = decisions_about(self.subject)


class _Raising(Act):
    subject = Institution
    writes = ("opened",)

    def available(self, subject: Institution) -> bool:
        return True

    def open(self, context: Context, kind: str, **more: Any) -> Dispute:
        """A new row of the register."""
        institution, data = context.subject, context.data
        dispute = Dispute.objects.create(
            institution=institution, agreement=agreement_of(institution, context.on), against=data.get("against"), kind=kind,
            number=case_number("dispute", context.on, institution.district_id), text=data.get("text", ""), opened_on=context.on, **more,
        )  # fmt: skip
        context.fact("opened", case=dispute)
        context.log["dispute"] = dispute.pk
        return dispute


@register
class DemandCorrection(_Raising):
    """The institution demands that the agency keep the agreement (I7)."""

    word = "demand_correction"
    title = "要求经办机构纠正"
    clauses = ("I7", "M46")
    roles = ("institution",)
    form = RaiseForm

    def effect(self, context: Context) -> None:
        self.open(context, "correction", agency_breach=True)


class MediationForm(RaiseForm):
    agency_breach = forms.BooleanField(label="主张经办机构违约(须在协议有效期内提出)", required=False)
    clause = forms.CharField(label="所涉协议条款", required=False, max_length=300)


@register
class RequestMediation(_Raising):
    """The bureau is asked to mediate; where the agency's own breach is claimed, in writing and within the term (I7, M46)."""

    word = "request_mediation"
    title = "请求协调处理"
    clauses = ("M46", "I7")
    roles = ("institution",)
    form = MediationForm

    def guard(self, context: Context) -> Iterable[Refusal]:
        if context.data["agency_breach"] and not in_term(context):
            yield Refusal("I7", "主张经办机构违约的,须在协议有效期内提出。")

    def effect(self, context: Context) -> None:
        self.open(context, "mediation", agency_breach=context.data["agency_breach"])


def in_term(context: Context) -> bool:
    """Whether an agreement is within its term today."""
    rows = Agreement.objects.filter(institution=context.subject, annulled=False, first_day__lte=context.on, ended_on__gte=context.on)
    return bool(rows.exists())


class RemedyForm(RaiseForm):
    what = forms.ChoiceField(label="途径", choices=[("reconsideration", "行政复议"), ("lawsuit", "行政诉讼")])
    text = forms.CharField(label="受理机关和案号等", required=False, widget=forms.Textarea, max_length=4000)
    against = forms.ModelChoiceField(ActRecord.objects.none(), label="所针对的决定")
    attachments = FilesField(label="申请书、起诉状或受理通知", shared=True)


@register
class FileRemedy(_Raising):
    """Reconsideration or lawsuit against one decision is recorded (M46, R11)."""

    word = "file_remedy"
    title = "登记复议或诉讼"
    clauses = ("M46", "R11")
    roles = ("institution", "city_agency")
    form = RemedyForm

    def guard(self, context: Context) -> Iterable[Refusal]:
        record = context.data["against"]
        if not facts_of(record):
            yield Refusal("state", f"“{registry[record.word].title}”已更正或撤销。")
        if Dispute.objects.filter(institution=context.subject, against=record, kind=context.data["what"], state="open").exists():
            yield Refusal("state", "对该决定的同一途径已登记,尚未办结。")

    def effect(self, context: Context) -> None:
        self.open(context, context.data["what"])
