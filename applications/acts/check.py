"""The district agency checks the materials: supplement notice, acceptance (M8, R3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from applications import checklist, entry, materials, papers
from applications.deadlines import answer_days
from applications.models import Application
from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm, RowsField
from casework.refusals import Refusal
from law.clauses import numbered


def items_of(application: Application) -> list[materials.Item]:
    """What the materials of this application must hold: the list of the day it was filed."""
    return materials.items_on(application.institution.kind, application.filed_on or application.started_on)


class CheckForm(ActForm):
    item = forms.ChoiceField(label="材料", error_messages={"invalid_choice": "没有这一项材料。"})
    fit = forms.BooleanField(label="符合要求", required=False)
    note = forms.CharField(label="问题", required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        item = self.fields["item"]
        assert isinstance(item, forms.ChoiceField)
        item.choices = [(each.id, each.title) for each in items_of(self.subject)]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if not cleaned.get("fit") and not cleaned.get("note"):
            self.add_error("note", "不符合要求的,请写明问题。")
        return cleaned


@register
class CheckMaterial(Act):
    """Record for one item whether it is fit: what only a person can judge is a recorded checklist."""

    word = "check_material"
    title = "核对材料"
    subject = Application
    clauses = ("M8.1",)
    roles = ("district_agency",)
    writes = ("checked",)
    sources = ("submitted",)
    form = CheckForm

    def effect(self, context: Context) -> None:
        context.fact("checked", item=context.data["item"], fit=context.data["fit"], note=context.data["note"])


class SupplementForm(ActForm):
    items = RowsField(
        {"item": ("材料编号", None), "wrong": ("问题", None), "required": ("要求", None)}, label="需补正的材料", required=False
    )
    remark = forms.CharField(label="说明", required=False, max_length=500)

    def clean_items(self) -> list[dict[str, str]]:
        known = {name for item in items_of(self.subject) for name in (item.id, item.slot)}
        for number, row in enumerate(self.cleaned_data["items"], 1):
            if row["item"] not in known:
                raise forms.ValidationError(f"第{number}行:没有“{row['item']}”这一项材料。")
        return self.cleaned_data["items"]


@register
class RequestSupplement(Act):
    """ONE notice naming everything missing (M8.2). After day 5 it is possible and marked late; a second one is refused."""

    word = "request_supplement"
    title = "一次性告知补正"
    subject = Application
    clauses = ("M8.1", "M8.2")
    roles = ("district_agency",)
    writes = ("supplement_requested",)
    sources = ("submitted",)
    transition = "ask_supplement"
    form = SupplementForm
    papers = (3,)

    def guard(self, context: Context) -> Iterable[Refusal]:
        road = context.subject.road()
        if road.supplement_on is not None:
            yield context.refuse("M8.2", f"已于{road.supplement_on}一次性告知补正,不得再次告知。")
        elif not road.missing and not materials.unfit_items(context.subject):
            yield context.refuse("M8.1", "材料已齐全,应即时受理。")

    def effect(self, context: Context) -> None:
        application, road = context.subject, context.subject.road()
        known = materials.items_on(context.institution.kind, road.filed_on)
        titles = {item.id: item.title for item in known}
        unfit = materials.unfit_items(application)
        named = {row["item"]: row for row in context.data["items"]}
        wanted = materials.expand([*road.missing, *unfit, *named], known)
        due = road.first_answer_due(context.clause("M8.2"), answer_days(road))
        late = due is not None and context.on > due.day
        context.fact("supplement_requested", items=wanted, late=late)
        rows = []
        for item in wanted:
            row = named.get(item, {})
            wrong = row.get("wrong") or unfit.get(item) or "未提交"
            required = row.get("required") or "请按材料清单提交"
            basis = context.clause("M7")
            rows.append({"what": titles.get(item, item), "wrong": wrong, "required": required, "basis": basis})
        context.issue(3, papers.base(context, items=rows, reason=context.data["remark"], late=late, dates=papers.when("告知期限", due)))


class AcceptForm(ActForm):
    judged = checklist.JudgementField(label="须由人判断的事项", required=False, help_text="对照材料和机构的申明逐项判断;不符合的不能受理。")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        judged = self.fields["judged"]
        assert isinstance(judged, checklist.JudgementField)
        judged.for_application(self.subject)


@register
class Accept(Act):
    """Accept; dated the day the complete materials arrived, even if the button is pressed later (M8.1, R3).

    What only a person can judge is answered item by item and stays with the acceptance.
    """

    word = "accept"
    title = "受理"
    subject = Application
    clauses = (
        "M8.1", "M12.1", "M12.2", "M12.3", "M12.4", "M12.5", "M12.6", "M12.7", "M12.8", "M12.9", "M6.4", "M6.5", "M6.6", "M9.8",
    )  # fmt: skip
    roles = ("district_agency",)
    writes = ("accepted",)
    sources = ("submitted",)
    transition = "accept"
    form = AcceptForm
    papers = (2,)

    def guard(self, context: Context) -> Iterable[Refusal]:
        road = context.subject.road()
        if context.subject.state in ("submitted", "supplementing"):
            if road.missing:
                known = {item.id: item.title for item in materials.items_on(context.institution.kind, road.filed_on)}
                yield context.refuse("M8.1", f"材料不齐:{'、'.join(known.get(item, item) for item in road.missing)}。")
            filed = context.subject.facts.filter(kind="filed", voided_at__isnull=True).latest("id")
            sentences = filed.data.get("unmet_sentences", {})
            for clause in road.unmet:
                yield Refusal(clause, f"申请之日不符合条件:{sentences.get(clause, clause)}")
            yield from entry.bars(context.institution, context.on)
            yield from self._unfit(context)
            yield from checklist.against(context)

    @staticmethod
    def _unfit(context: Context) -> Iterable[Refusal]:
        """Found unfit and not yet told: that is for the one notice; what is still unfit after it the agency may accept (R3)."""
        if context.subject.road().supplement_on is None:
            known = {item.id: item.title for item in items_of(context.subject)}
            for item, note in materials.unfit_items(context.subject).items():
                yield context.refuse("M8.1", f"材料“{known.get(item, item)}”已核对为不符合({note}),应先一次性告知补正。")

    def effect(self, context: Context) -> None:
        road = context.subject.road()
        context.fact("accepted", on=road.complete_on, judged=context.data["judged"])
        road = context.subject.road()
        clock = road.clock(context.clause("M9.2"))
        assert clock is not None
        accepted = road.accepted_on.isoformat() if road.accepted_on else ""
        due = road.supplement_due(numbered("M8.1", context.institution.kind), answer_days(road))
        late = due is not None and context.on > due.day
        context.log["late"] = late
        context.issue(2, papers.base(context, accepted_on=accepted, dates=papers.when("评估期限", clock.due), late=late))
