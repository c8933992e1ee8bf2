"""Facts taken over from the paper file, and fraud in applying found today (R4, R16); two signatures."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal
from institutions.models import Institution
from standing.recording import before_measures, record, record_second_failure


class OnForm(ActForm):
    on = forms.DateField(label="日期(空为当日)", required=False)
    remark = forms.CharField(label="依据", required=False, max_length=500)


class FromPaper(Act):
    """Of an institution, whatever its state; dated by the paper."""

    subject = Institution
    roles = ("city_agency",)
    signatures = 2
    form = OnForm
    grave = True

    def available(self, subject: Institution) -> bool:
        return True

    def guard(self, context: Context) -> Iterable[Refusal]:
        day = context.data["on"]
        if day and day > context.on:
            yield Refusal("state", "日期不能晚于今天。")
        yield from before_measures(context, day or context.on)


@register
class RecordSecondFail(FromPaper):
    """The second failed evaluation's result was served: no application for a year (M9.8)."""

    word = "record_second_fail"
    title = "登记再次评估不合格"
    clauses = ("M9.8", "M53")

    def effect(self, context: Context) -> None:
        record_second_failure(context, context.subject, context.data["on"] or context.on, paper=True)


@register
class DiscoverFraud(FromPaper):
    """Fraud in applying is found: 3 years from the discovery (M12.4)."""

    word = "discover_fraud"
    title = "登记以不正当手段申请"
    clauses = ("M12.4", "M53")

    def effect(self, context: Context) -> None:
        latest = context.subject.applications.order_by("-id").values_list("pk", flat=True).first()
        record(context, "application_fraud", context.data["on"] or context.on, institution=context.subject, application=latest)
