"""Evidence requests: each stops the evaluation clock from its service until everything asked for is in (M9.2, R2)."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from applications import materials, papers
from applications.models import Application
from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm, LinesField
from casework.refusals import Invalid, Refusal
from deadlines.periods import working_days_after
from documents.uploads import Unfit
from evaluations.supplied import PLACE

DAYS_TO_SUPPLY = 10  # working days asked for when the clerk names no day; the Measures set none


class RequestForm(ActForm):
    items = LinesField(label="需补充的材料(每行一项)")
    by = forms.DateField(label="请于何日前提交", required=False)


@register
class RequestEvidence(Act):
    """Ask for more; one open request at a time. After the due day it is possible and does not heal the miss (R2)."""

    word = "request_evidence"
    title = "要求补充材料"
    subject = Application
    clauses = ("M9.2",)
    roles = ("city_agency",)
    writes = ("evidence_requested",)
    sources = ("evaluating",)
    form = RequestForm
    papers = (8,)

    def guard(self, context: Context) -> Iterable[Refusal]:
        each = context.subject.road().round
        if context.subject.state == "evaluating" and each and each.open_items:
            yield context.refuse("M9.2", f"已有未补齐的要求({'、'.join(each.open_items)}),补齐后方可再次要求。")
            yield Refusal("state", "一次只能有一份未补齐的要求。")

    def effect(self, context: Context) -> None:
        self._move(context, "pause")
        context.fact("evidence_requested", items=context.data["items"])
        by = context.data["by"]
        asked = working_days_after(context.on, DAYS_TO_SUPPLY, context.calendar, context.clause("M9.2"), "通知送达")
        dates = [{"label": "请于此日前提交", "day": by.isoformat()}] if by else papers.when("请于此日前提交", asked)
        items = [{"what": item, "reason": ""} for item in context.data["items"]]
        note = "自本通知送达之日起至材料补齐之日止,不计入评估期限。"
        context.issue(8, papers.base(context, items=items, dates=dates, conclusion=note))

    @staticmethod
    def _move(context: Context, name: str) -> None:
        evaluation = context.subject.evaluations.latest("round")
        getattr(evaluation, name)()
        evaluation.save()


class SuppliedForm(ActForm):
    items = LinesField(label="本次提交的材料", required=False)
    # Nothing is in without a file: the clock would run again for nothing (R2).
    file = forms.FileField(label="文件")


@register
class SupplyEvidence(Act):
    """Hand in what was asked for during the evaluation; a partial supply leaves the clock stopped."""

    word = "supply_evidence"
    title = "提交补充材料"
    subject = Application
    clauses = ("M9.2",)
    roles = ("institution",)
    writes = ("evidence_supplied",)
    sources = ("evaluating",)
    form = SuppliedForm

    def guard(self, context: Context) -> Iterable[Refusal]:
        each = context.subject.road().round
        if context.subject.state == "evaluating" and not (each and each.open_items):
            yield Refusal("state", "目前没有待补充的材料。")

    def effect(self, context: Context) -> None:
        application = context.subject
        each = application.road().round
        open_items = list(each.open_items)
        arrived = [item for item in (context.data["items"] or open_items) if item in open_items]
        if not arrived:
            raise Invalid({"items": [f"请从待补充的材料中选择:{'、'.join(open_items)}。"]})
        context.fact("evidence_supplied", items=arrived)
        try:
            # A place of its own for each supply: a later one adds to an earlier one and replaces nothing.
            place = f"{PLACE}{context.record_id}"
            materials.store(application, place, context.data["file"], context.actor.user_id, context.at)
        except Unfit as error:
            raise Invalid({"file": [str(error)]}) from error
        if not application.road().round.open_items:
            RequestEvidence._move(context, "resume")
